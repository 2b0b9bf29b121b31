import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities, useMe } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import auditTexts from '../../i18n/audit.ko.json' with { type: 'json' };
import { useFormats } from '../../i18n/format.ts';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { ListPanel } from '../../ui/list-panel.tsx';
import { ErrorBox } from '../../ui/messages.tsx';
import type { Column } from '../../ui/rows-table.tsx';
import { EventDetail } from './event-detail.tsx';
import { factsOf, subjectOf } from './event-words.ts';
import { type AuditEvent, shortened, useEventWords } from './use-event-words.ts';
import './audit.css';

const pageSize = 100;
/** Facts that a row says before it is opened. */
const inShort = 4;

const eventTypes = Object.keys(auditTexts).flatMap((key) => (key.startsWith('event.') ? [key.slice(6)] : []));

/** Who did what to what, chained by hashes; the chain can be checked from here. */
export function AuditPage() {
  const t = useText();
  const f = useFormats();
  const me = useMe();
  const can = useAbilities();
  const plant = usePlantIndex();
  const [subject, setSubject] = useState('');
  const [type, setType] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const [filter] = useDebouncedValue({ subject: subject.trim(), type: type.trim() }, 300);
  const audit = useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.audit(
        {
          limit: pageSize,
          ...(pageParam ? { before: pageParam } : {}),
          ...(filter.subject ? { subject: filter.subject } : {}),
          ...(filter.type ? { type: filter.type } : {}),
        },
        { signal },
      ),
    getNextPageParam: (last) => (last.length < pageSize ? undefined : last.at(-1)?.id),
  });
  const verify = useMutation({ mutationFn: () => api.verifyAudit() });
  const rows = audit.data?.pages.flat();
  const words = useEventWords(rows ?? []);
  const about = (row: AuditEvent) => {
    if (plant.node(row.subject)) return { kind: t('audit.kind.machine'), name: plant.name(row.subject) };
    const { kind, name } = subjectOf(row.subject, row.data);
    const said = row.subjectName ?? (plant.node(name) ? plant.name(name) : shortened(name));
    return {
      kind: words.known(`audit.kind.${kind}`) ?? words.known(`masterdata.kind.${kind}`) ?? kind ?? '',
      name: said,
    };
  };
  const says = (row: AuditEvent) => {
    const { name } = about(row);
    const facts = factsOf(row.data).filter(
      (fact) => fact.value !== name && !(fact.key === 'by' && fact.value === row.actorName),
    );
    return facts.slice(0, inShort).map(words.sentence).join(' · ') + (facts.length > inShort ? ' …' : '');
  };
  const columns: Column<AuditEvent>[] = [
    { name: t('field.time'), nowrap: true, cell: (row) => f.dateTimeSeconds(row.time / 1000) },
    {
      name: t('audit.actor'),
      cell: (row) => <strong title={row.actor}>{words.actor(row)}</strong>,
    },
    {
      name: t('audit.type'),
      cell: (row) => (
        <button
          type="button"
          className="plain-button link audit-event"
          title={row.type}
          aria-expanded={open === row.id}
          onClick={() => setOpen(open === row.id ? null : row.id)}
        >
          {open === row.id ? '▾' : '▸'} {words.event(row.type)}
        </button>
      ),
    },
    {
      name: t('audit.subject'),
      nowrap: true,
      cell: (row) => {
        const { kind, name } = about(row);
        return (
          <span title={row.subject}>
            <span className="muted small">{kind}</span> {name}
          </span>
        );
      },
    },
    { name: t('audit.data'), wide: true, cell: (row) => <span className="small">{says(row)}</span> },
  ];
  return (
    <>
      <PageHead title={t('nav.audit')}>
        {can.lead || me.role === 'auditor' ? (
          <Button
            leftSection={<IconShieldCheck size={16} />}
            onClick={() => verify.mutate()}
            loading={verify.isPending}
          >
            {t('audit.verify')}
          </Button>
        ) : null}
      </PageHead>
      <div className="stack">
        {verify.error ? <ErrorBox error={verify.error} /> : null}
        {verify.data ? (
          <p className={verify.data.ok ? 'audit-good' : 'audit-bad'} role="status">
            {verify.data.ok
              ? t('audit.good', { n: f.number(verify.data.events, 0) })
              : t('audit.broken', { id: verify.data.firstBroken ?? '' })}
          </p>
        ) : null}
        <ListPanel
          title={t('nav.audit')}
          list={{ ...audit, data: rows }}
          columns={columns}
          keyOf={(row) => row.id}
          uncounted
          size={Number.MAX_SAFE_INTEGER}
          below={(row) => (open === row.id ? <EventDetail event={row} words={words} /> : null)}
          empty={{ title: t('audit.none'), text: t('audit.noneText') }}
          csv={{
            file: 'audit.csv',
            head: [
              ...[t('field.time'), t('audit.actor'), t('audit.type'), t('audit.subject')],
              ...[t('audit.data'), t('audit.original'), t('audit.hash')],
            ],
            line: (row) => [
              ...[new Date(row.time / 1000).toISOString(), words.actor(row), words.event(row.type)],
              ...[row.subject, factsOf(row.data).map(words.sentence).join(' · ')],
              ...[JSON.stringify(row.data), row.hash],
            ],
          }}
          narrow={
            <>
              <Select
                aria-label={t('audit.type')}
                placeholder={t('audit.type')}
                searchable
                clearable
                value={type || null}
                onChange={(next) => setType(next ?? '')}
                data={eventTypes
                  .map((value) => ({ value, label: t(`event.${value}` as TextKey) }))
                  .sort((a, b) => a.label.localeCompare(b.label))}
                w={220}
              />
              <TextInput
                aria-label={t('audit.subject')}
                placeholder={t('audit.subjectFind')}
                value={subject}
                onChange={(e) => setSubject(e.currentTarget.value)}
                w={300}
              />
            </>
          }
        />
        {audit.hasNextPage ? (
          <Button
            variant="default"
            className="audit-more"
            loading={audit.isFetchingNextPage}
            onClick={() => void audit.fetchNextPage()}
          >
            {t('action.older')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
