import { Button, Checkbox, PasswordInput, Select, TagsInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ListPanel } from '../../ui/list-panel.tsx';
import { ErrorBox } from '../../ui/messages.tsx';
import type { Column } from '../../ui/rows-table.tsx';

const eventTypes = ['ObjectEvent', 'AggregationEvent', 'TransformationEvent', 'TransactionEvent', 'AssociationEvent'];
const steps = ['receiving', 'shipping', 'commissioning', 'packing', 'unpacking', 'storing', 'destroying'];

const rhythms = {
  stream: null,
  hourly: { minute: '0' },
  daily: { hour: '1', minute: '5' },
  weekly: { dayOfWeek: '1', hour: '8' },
} as const;

/** The words of a usual schedule; another as it was given. */
function rhythmText(t: ReturnType<typeof useText>, schedule: Record<string, string | undefined> | undefined): string {
  if (!schedule) return t('exchange.epcis.stream');
  const parts = (of: Record<string, string | undefined>) =>
    ['month', 'dayOfMonth', 'dayOfWeek', 'hour', 'minute', 'second'].flatMap((k) => (of[k] ? [`${k} ${of[k]}`] : []));
  const given = parts(schedule).join(', ');
  const usual = (['hourly', 'daily', 'weekly'] as const).find((name) => parts(rhythms[name]).join(', ') === given);
  return usual ? t(`exchange.epcis.${usual}`) : given;
}

async function standing(signal: AbortSignal) {
  const queries = await api.epcisQueries({ signal });
  const lists = await Promise.all(queries.map((q) => api.epcisSubscriptions({ queryName: q.name }, { signal })));
  return queries.map((query, i) => ({ ...query, subscriptions: lists[i]! }));
}

type Standing = Awaited<ReturnType<typeof standing>>[number];

/** EPCIS queries with a name, and who is told of what they find. */
export function Subscriptions() {
  const t = useText();
  const f = useFormats();
  const client = useQueryClient();
  const [dialog, setDialog] = useState<'query' | { query: string } | null>(null);
  const list = useQuery({ queryKey: ['epcis-standing'], queryFn: ({ signal }) => standing(signal) });
  const done = () => void client.invalidateQueries({ queryKey: ['epcis-standing'] });
  const remove = useMutation({
    mutationFn: (name: string) => api.removeEpcisQuery({ queryName: name }),
    onSettled: done,
  });
  const stop = useMutation({
    mutationFn: ({ queryName, subscriptionID }: { queryName: string; subscriptionID: string }) =>
      api.unsubscribeEpcis({ queryName, subscriptionID }),
    onSettled: done,
  });
  const close = () => {
    setDialog(null);
    done();
  };
  const error = remove.error ?? stop.error;
  const asks = (query: Standing) =>
    Object.entries(query.query)
      .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`)
      .join(' · ');
  const columns: Column<Standing>[] = [
    { name: t('exchange.epcis.query'), cell: (query) => query.name },
    {
      name: t('exchange.epcis.asks'),
      cell: (query) => <span className="muted">{asks(query) || t('exchange.all')}</span>,
    },
    {
      name: t('exchange.epcis.told'),
      cell: (query) =>
        query.subscriptions.map((s) => (
          <div key={s.subscriptionID}>
            {s.dest} · {rhythmText(t, s.schedule)}
            {s.lastNotifiedAt ? (
              <span className="muted">
                {' '}
                · {t('exchange.epcis.last')} {f.dateTime(Date.parse(s.lastNotifiedAt))}
              </span>
            ) : null}{' '}
            <button
              type="button"
              className="plain-button link"
              onClick={() => confirm(t('exchange.epcis.stopAsk', { dest: s.dest })) && stop.mutate(s)}
            >
              {t('exchange.epcis.stop')}
            </button>
          </div>
        )),
    },
    {
      name: t('field.actions'),
      bare: true,
      num: true,
      cell: ({ name }) => (
        <>
          <Button variant="default" size="compact-sm" onClick={() => setDialog({ query: name })}>
            {t('exchange.epcis.subscribe')}
          </Button>{' '}
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => confirm(t('exchange.epcis.removeAsk', { name })) && remove.mutate(name)}
          >
            {t('exchange.remove')}
          </Button>
        </>
      ),
    },
  ];
  return (
    <>
      <ListPanel
        title={t('exchange.subscriptions')}
        list={list}
        columns={columns}
        keyOf={(query) => query.name}
        empty={{ title: t('exchange.epcis.none'), text: t('exchange.epcis.noneText') }}
        aside={
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setDialog('query')}>
            {t('exchange.epcis.addQuery')}
          </Button>
        }
      >
        {error ? <ErrorBox error={error} /> : null}
      </ListPanel>
      {dialog === 'query' ? <QueryDialog close={close} /> : null}
      {dialog !== null && dialog !== 'query' ? <SubscribeDialog query={dialog.query} close={close} /> : null}
    </>
  );
}

function QueryDialog({ close }: { close: () => void }) {
  const t = useText();
  const [name, setName] = useState('');
  const [types, setTypes] = useState<string[]>([]);
  const [bizSteps, setBizSteps] = useState<string[]>([]);
  const save = useMutation({
    mutationFn: () =>
      api.createEpcisQuery({
        name,
        query: {
          ...(types.length > 0 ? { eventType: types } : {}),
          ...(bizSteps.length > 0 ? { EQ_bizStep: bizSteps } : {}),
        },
      }),
    onSuccess: close,
  });
  return (
    <FormDialog title={t('exchange.epcis.addQuery')} close={close} save={save} ready={name !== ''}>
      <TextInput
        data-autofocus
        required
        label={t('exchange.name')}
        description={t('exchange.epcis.nameHelp')}
        pattern="[A-Za-z0-9_\-]{1,60}"
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <TagsInput
        label={t('exchange.epcis.types')}
        description={t('exchange.epcis.emptyIsAll')}
        data={eventTypes}
        value={types}
        onChange={setTypes}
      />
      <TagsInput
        label={t('exchange.epcis.steps')}
        description={t('exchange.epcis.emptyIsAll')}
        data={steps}
        value={bizSteps}
        onChange={setBizSteps}
      />
    </FormDialog>
  );
}

function SubscribeDialog({ query, close }: { query: string; close: () => void }) {
  const t = useText();
  const [dest, setDest] = useState('');
  const [token, setToken] = useState('');
  const [rhythm, setRhythm] = useState<keyof typeof rhythms>('stream');
  const [local, setLocal] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const schedule = rhythms[rhythm];
      return api.subscribeEpcis(
        { queryName: query },
        {
          dest,
          ...(token ? { signatureToken: token } : {}),
          ...(schedule === null ? { stream: true as const } : { schedule }),
          'deungdae:allowLocal': local,
        },
      );
    },
    onSuccess: close,
  });
  return (
    <FormDialog title={`${query} · ${t('exchange.epcis.subscribe')}`} close={close} save={save} ready={dest !== ''}>
      <TextInput
        data-autofocus
        required
        label={t('exchange.url')}
        placeholder="https://"
        value={dest}
        onChange={(e) => setDest(e.currentTarget.value)}
      />
      <PasswordInput
        label={t('exchange.secret')}
        description={t('exchange.epcis.tokenHelp')}
        autoComplete="new-password"
        maxLength={500}
        value={token}
        onChange={(e) => setToken(e.currentTarget.value)}
      />
      <Select
        label={t('exchange.epcis.rhythm')}
        allowDeselect={false}
        value={rhythm}
        onChange={(value) => value && setRhythm(value as typeof rhythm)}
        data={(Object.keys(rhythms) as (keyof typeof rhythms)[]).map((value) => ({
          value,
          label: t(`exchange.epcis.${value}`),
        }))}
      />
      <Checkbox label={t('exchange.allowLocal')} checked={local} onChange={(e) => setLocal(e.currentTarget.checked)} />
    </FormDialog>
  );
}
