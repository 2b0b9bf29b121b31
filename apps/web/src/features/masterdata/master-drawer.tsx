import type { MasterRecordOut } from '@deungdae/contracts/api-masterdata.ts';
import type { MasterKind } from '@deungdae/contracts/master.ts';
import { Button, Checkbox, Drawer, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { dayStart, dayText } from '../../time/day-us.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { isComplete, type JsonSchema, masterFields } from './master-fields.ts';
import { MasterForm } from './master-form.tsx';
import { useFieldNames, useKinds } from './master-queries.ts';

/** One record with its revisions: look, change, begin a new revision from a day on, see where it is used. */
export function MasterDrawer({ kind, code, close }: { kind: MasterKind; code: string | null; close: () => void }) {
  const t = useText();
  const record = useQuery({
    queryKey: ['master', kind, 'one', code],
    queryFn: ({ signal }) => api.masterRecord({ kind, code: code! }, { signal }),
    enabled: code !== null,
  });
  const [revision, setRevision] = useState<string | null>(null);
  const revisions = record.data?.revisions ?? [];
  const shown = revisions.find((r) => r.revision === revision) ?? revisions[0] ?? null;
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={720}
      title={<strong>{code ?? t('masterdata.new', { kind: t(`masterdata.kind.${kind}` as TextKey) })}</strong>}
    >
      <div className="stack">
        {record.error ? <ErrorBox error={record.error} retry={() => void record.refetch()} /> : null}
        {code !== null && record.isLoading ? <LoadingRows /> : null}
        {revisions.length > 1 ? (
          <SegmentedControl
            aria-label={t('masterdata.revision')}
            value={shown?.revision ?? ''}
            onChange={setRevision}
            data={revisions.map((r) => ({ value: r.revision, label: r.revision || t('masterdata.firstRevision') }))}
          />
        ) : null}
        {code === null || shown ? (
          <RecordForm
            key={`${shown?.kind}/${shown?.revision}/${shown?.version}`}
            kind={kind}
            record={shown}
            close={close}
          />
        ) : null}
        {record.data && record.data.usedBy.length > 0 ? <UsedBy uses={record.data.usedBy} /> : null}
      </div>
    </Drawer>
  );
}

function RecordForm({ kind, record, close }: { kind: MasterKind; record: MasterRecordOut | null; close: () => void }) {
  const t = useText();
  const zone = usePlantZone();
  const can = useAbilities();
  const client = useQueryClient();
  const names = useFieldNames(kind);
  const kinds = useKinds();
  const fields = masterFields((kinds.data?.find((k) => k.kind === kind)?.schema ?? {}) as JsonSchema);
  const [code, setCode] = useState(record?.code ?? '');
  const [data, setData] = useState<Record<string, unknown>>(record?.data ?? {});
  const [from, setFrom] = useState(dayText(record?.validFrom ?? null, zone));
  const [to, setTo] = useState(dayText(record?.validTo ?? null, zone));
  const [active, setActive] = useState(record?.active ?? true);
  const [change, setChange] = useState<{ revision: string; from: string; reason: string } | null>(null);
  const save = useMutation({
    mutationFn: () =>
      change
        ? api.reviseMasterRecord(
            { kind, code },
            {
              ...{ revision: change.revision.trim(), validFrom: dayStart(change.from, zone)!, data },
              reason: change.reason,
            },
          )
        : api.saveMasterRecord(
            { kind, code: code.trim() },
            {
              ...{ revision: record?.revision ?? '', data, active, version: record?.version ?? null },
              ...{ validFrom: dayStart(from, zone), validTo: dayStart(to, zone) },
            },
          ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['master'] });
      showDone(t('masterdata.saved', { code }));
      close();
    },
  });
  const ready = code.trim() !== '' && isComplete(fields, data) && (!change || (change.revision.trim() && change.from));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {record ? null : (
        <TextInput
          data-autofocus
          required
          label={names.field('code') === 'code' ? t('masterdata.code') : names.field('code')}
          maxLength={60}
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
        />
      )}
      <MasterForm kind={kind} fields={fields} names={names} value={data} onChange={setData} readOnly={!can.lead} />
      {change ? (
        <section className="panel panel-body stack">
          <h3>{t('masterdata.change')}</h3>
          <p className="small muted">{t('masterdata.changeHelp')}</p>
          <div className="master-fields">
            <TextInput
              required
              label={t('masterdata.revision')}
              value={change.revision}
              onChange={(e) => setChange({ ...change, revision: e.currentTarget.value })}
            />
            <TextInput
              required
              type="date"
              label={t('masterdata.from')}
              value={change.from}
              onChange={(e) => setChange({ ...change, from: e.currentTarget.value })}
            />
          </div>
          <TextInput
            label={t('masterdata.reason')}
            maxLength={500}
            value={change.reason}
            onChange={(e) => setChange({ ...change, reason: e.currentTarget.value })}
          />
        </section>
      ) : (
        <div className="master-fields">
          <TextInput
            type="date"
            label={t('masterdata.from')}
            value={from}
            disabled={!can.lead}
            onChange={(e) => setFrom(e.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('masterdata.to')}
            value={to}
            disabled={!can.lead}
            onChange={(e) => setTo(e.currentTarget.value)}
          />
          <Checkbox
            label={t('masterdata.active')}
            checked={active}
            disabled={!can.lead}
            onChange={(e) => setActive(e.currentTarget.checked)}
          />
        </div>
      )}
      {save.error ? <ErrorBox error={save.error} /> : null}
      {can.lead ? (
        <div className="row wrap">
          <Button type="submit" loading={save.isPending} disabled={!ready}>
            {t('masterdata.save')}
          </Button>
          {record && !change ? (
            <Button variant="default" onClick={() => setChange({ revision: '', from: '', reason: '' })}>
              {t('masterdata.change')}
            </Button>
          ) : null}
          {change ? (
            <Button variant="default" onClick={() => setChange(null)}>
              {t('masterdata.cancel')}
            </Button>
          ) : null}
        </div>
      ) : null}
      {record ? <Changed record={record} /> : null}
    </form>
  );
}

function Changed({ record }: { record: MasterRecordOut }) {
  const t = useText();
  const f = useFormats();
  return (
    <p className="small muted">
      {t('masterdata.changed', { at: f.dateTime(record.updatedAt / 1000), version: record.version })}
    </p>
  );
}

function UsedBy({ uses }: { uses: readonly { kind: MasterKind; code: string; revision: string; role: string }[] }) {
  const t = useText();
  return (
    <section className="panel">
      <div className="panel-head">
        <h3>{t('masterdata.usedBy', { n: uses.length })}</h3>
      </div>
      <ul className="master-uses">
        {uses.slice(0, 100).map((use) => (
          <li key={`${use.kind} ${use.code} ${use.revision} ${use.role}`}>
            <a href={`/master?kind=${use.kind}&code=${encodeURIComponent(use.code)}`}>{use.code}</a>{' '}
            <span className="muted">
              {t(`masterdata.kind.${use.kind}` as TextKey)}
              {use.revision ? ` · ${use.revision}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
