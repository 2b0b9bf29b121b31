import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities, useMe } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { type TextKey, type Translate, useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import './audit.css';
import { CardTable } from '../../ui/card-table.tsx';

const pageSize = 100;

/** What can be asked for; every kind there is comes in the list anyway. */
const eventTypes = [
  'session.opened',
  'session.closed',
  'user.created',
  'user.changed',
  'token.created',
  'token.revoked',
  'plant.fileSaved',
  'plant.bindingsAdded',
  'alarm.acknowledged',
  'alarm.shelved',
  'alarm.unshelved',
  'alarm.removedFromService',
  'alarm.returnedToService',
  'downtime.added',
  'downtime.split',
  'downtime.reasonGiven',
  'downtime.reasonCorrected',
  'kpi.recomputed',
  'backup.made',
];

/** Who did what to what, chained by hashes; the chain can be checked from here. */
export function AuditPage() {
  const t = useText();
  const f = useFormats();
  const me = useMe();
  const can = useAbilities();
  const [subject, setSubject] = useState('');
  const [type, setType] = useState('');
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
  const rows = audit.data?.pages.flat() ?? [];
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
        <section className="panel">
          <div className="panel-head">
            <TextInput
              aria-label={t('audit.subject')}
              placeholder={t('audit.subject')}
              value={subject}
              onChange={(e) => setSubject(e.currentTarget.value)}
              w={280}
            />
            <Select
              aria-label={t('audit.type')}
              placeholder={t('audit.type')}
              searchable
              clearable
              value={type || null}
              onChange={(next) => setType(next ?? '')}
              data={eventTypes.map((value) => ({ value, label: eventName(value, t) }))}
              w={200}
            />
          </div>
          {audit.error ? <ErrorBox error={audit.error} retry={() => void audit.refetch()} /> : null}
          {audit.isLoading ? <LoadingRows /> : null}
          {audit.data && rows.length === 0 ? (
            <EmptyState title={t('audit.none')}>{t('audit.noneText')}</EmptyState>
          ) : null}
          {rows.length > 0 ? (
            <div className="table-scroll">
              <CardTable>
                <thead>
                  <tr>
                    <th>{t('field.time')}</th>
                    <th>{t('audit.actor')}</th>
                    <th>{t('audit.type')}</th>
                    <th>{t('audit.subject')}</th>
                    <th>{t('audit.data')}</th>
                    <th>{t('audit.hash')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <td className="nowrap">{f.dateTimeSeconds(row.time / 1000)}</td>
                      <td className="nowrap">
                        <strong title={row.actor}>{row.actorName ?? shortened(row.actor)}</strong>
                      </td>
                      <td className="nowrap" title={row.type}>
                        {eventName(row.type, t)}
                      </td>
                      <td className="small" title={row.subject}>
                        {row.subjectName ?? shortened(row.subject)}
                      </td>
                      <td className="audit-data small">
                        <code>{JSON.stringify(row.data)}</code>
                      </td>
                      <td className="small muted" title={row.hash}>
                        <code>{row.hash.slice(0, 10)}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </CardTable>
            </div>
          ) : null}
          {audit.hasNextPage ? (
            <button type="button" className="plain-button audit-more" onClick={() => void audit.fetchNextPage()}>
              {t('action.older')}
            </button>
          ) : null}
        </section>
      </div>
    </>
  );
}

/** What happened in words; a kind without a text of ours stands under its own name. */
function eventName(type: string, t: Translate): string {
  const key = `event.${type}`;
  const text = t(key as TextKey);
  return text === key ? type : text;
}

/** Ids are long and tell a person nothing: their end is enough to tell them apart, the whole is in the title. */
function shortened(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{22}([0-9a-f]{6})/g, '…$1');
}
