import type { AlarmJournalEntry } from '@deungdae/contracts/api-entities.ts';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.generated.ts';
import { catalogueQuery, usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { PriorityMark } from '../../ui/priority.tsx';
import { plantText } from '../../ui/text.ts';
import { journalNote } from './alarm-list.ts';

const pageSize = 200;

/** What happened to alarms in the window, newest first, a page at a time. */
export function AlarmJournal({ equipment }: { equipment: string | undefined }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const plant = usePlantIndex();
  const nameOf = useSignalName();
  const { query, ready } = useWindow();
  const journal = useInfiniteQuery({
    queryKey: ['alarms', 'journal', equipment, query.from, query.to],
    enabled: ready,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.alarmJournal(
        { ...query, limit: pageSize, ...(equipment ? { equipment } : {}), ...(pageParam ? { before: pageParam } : {}) },
        { signal },
      ),
    getNextPageParam: (last: AlarmJournalEntry[]) => (last.length < pageSize ? undefined : last.at(-1)?.id),
  });
  const rows = journal.data?.pages.flat() ?? [];
  const exportCsv = () =>
    download(
      'alarm-journal.csv',
      csvText([
        [
          t('field.time'),
          t('field.machine'),
          t('field.signal'),
          t('alarms.priority'),
          t('alarms.event'),
          t('alarms.message'),
          t('field.by'),
          t('field.note'),
        ],
        ...rows.map((r) => [
          new Date(r.time / 1000).toISOString(),
          r.equipment,
          nameOf(r.rule),
          r.priority,
          r.event,
          r.message,
          r.by ?? '',
          journalNote(r, language),
        ]),
      ]),
    );
  if (journal.error) return <ErrorBox error={journal.error} retry={() => void journal.refetch()} />;
  if (journal.isLoading) return <LoadingRows />;
  return (
    <section className="panel" aria-label={t('alarms.tab.journal')}>
      <div className="panel-head">
        <h2>{t('alarms.tab.journal')}</h2>
        <span className="muted small">{rows.length}</span>
        <Button
          className="push"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={16} />}
          onClick={exportCsv}
          disabled={rows.length === 0}
        >
          CSV
        </Button>
      </div>
      {rows.length === 0 ? <EmptyState title={t('alarms.noJournal')}>{t('alarms.noJournalText')}</EmptyState> : null}
      <div className="table-scroll">
        <CardTable>
          {rows.length > 0 ? (
            <thead>
              <tr>
                <th>{t('field.time')}</th>
                <th>{t('alarms.priority')}</th>
                <th>{t('alarms.event')}</th>
                <th>{t('field.machine')}</th>
                <th>{t('alarms.message')}</th>
                <th>{t('field.by')}</th>
              </tr>
            </thead>
          ) : null}
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td className="nowrap">{f.dateTimeSeconds(row.time / 1000)}</td>
                <td>
                  <PriorityMark priority={row.priority} />{' '}
                  <span className="small">{t(`priority.${row.priority}`)}</span>
                </td>
                <td className="nowrap">{t(`alarmEvent.${row.event}`)}</td>
                <td className="nowrap">{plant.name(row.equipment)}</td>
                <td>
                  <strong>{nameOf(row.rule)}</strong> {row.message}
                  {row.note ? <span className="muted small"> · {journalNote(row, language)}</span> : null}
                </td>
                <td className="nowrap muted">{row.by ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
      {journal.hasNextPage ? (
        <button type="button" className="plain-button more-rows" onClick={() => void journal.fetchNextPage()}>
          {t('action.older')}
        </button>
      ) : null}
    </section>
  );
}

/** The signal that an alarm rule (`<signal path>#<id>`) watches, by name. */
function useSignalName(): (rule: string) => string {
  const language = useLanguage();
  const { data } = useQuery(catalogueQuery);
  const names = useMemo(
    () => new Map((data ?? []).map((s) => [s.path, plantText(s.name, language)])),
    [data, language],
  );
  return (rule) => {
    const path = rule.split('#')[0]!;
    return names.get(path) ?? path.split('/').at(-1) ?? '';
  };
}
