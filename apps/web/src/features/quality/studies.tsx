import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { qualityKey } from './common.tsx';

/** Measurement studies with what came of them. */
export function Studies({ open }: { open: (id: string) => void }) {
  const t = useText();
  const f = useFormats();
  const { lead } = useAbilities();
  const list = useQuery({
    queryKey: [qualityKey, 'studies'],
    queryFn: ({ signal }) => api.studies({ limit: 300 }, { signal }),
  });
  const rows = list.data ?? [];
  const make = lead ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => open('new')}>
      {t('quality.newStudy')}
    </Button>
  ) : null;
  return (
    <section className="panel" aria-label={t('quality.tab.studies')}>
      <div className="panel-head">
        <h2>{t('quality.tab.studies')}</h2>
        <span className="push">{make}</span>
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data && rows.length === 0 ? (
        <EmptyState title={t('quality.noStudies')}>{t('quality.noStudiesText')}</EmptyState>
      ) : null}
      {rows.length > 0 ? (
        <div className="table-scroll">
          <table className="grid cards">
            <thead>
              <tr>
                <th>{t('quality.number')}</th>
                <th>{t('quality.studyName')}</th>
                <th>{t('quality.kind')}</th>
                <th>{t('quality.gauge')}</th>
                <th>{t('quality.when')}</th>
                <th className="num">%GRR</th>
                <th className="num">ndc</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((s) => {
                const grr = (s.result as { study?: { grr: number } } | null)?.study?.grr;
                const ndc = (s.result as { ndc?: number } | null)?.ndc;
                return (
                  <tr key={s.id} className="pick" onClick={() => open(s.number)}>
                    <td>
                      <button type="button" className="plain-button" onClick={() => open(s.number)}>
                        {s.number}
                      </button>
                    </td>
                    <td>{s.name}</td>
                    <td>{t(`quality.studyKind.${s.kind}`)}</td>
                    <td>{s.gauge}</td>
                    <td className="nowrap">{f.day(s.createdAt / 1000)}</td>
                    <td className={`num${grr !== undefined && grr > 0.3 ? ' bad' : ''}`}>
                      {grr === undefined ? (s.result ? '' : t('quality.running')) : f.percent(grr)}
                    </td>
                    <td className="num">{ndc ?? ''}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  );
}
