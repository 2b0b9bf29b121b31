import type { ToolCard, ToolEvent } from '@deungdae/contracts/maintenance.ts';
import { Button, Drawer, Select, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { csvText, download } from '../../ui/csv.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Cavities } from './cavities.tsx';
import { maintenanceKey, OrderStatus, ShareBar, usePersonName } from './common.tsx';
import { Calibration } from './today-tab.tsx';

/** A tool card with its life: what was done when, at which shot, by whom. */
export function ToolDrawer({ code, close }: { code: string; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const { data, error, isLoading } = useQuery({
    queryKey: [maintenanceKey, 'tool', code],
    queryFn: ({ signal }) => api.toolHistory({ code }, { signal }),
    placeholderData: undefined,
  });
  const now = useNow(60_000);
  const card = data?.card;
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={560}
      title={<strong>{card ? `${card.name} (${code})` : code}</strong>}
    >
      {error ? <ErrorBox error={error} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data && card ? (
        <div className="stack">
          {card.serviceShots === null ? null : (
            <ShareBar share={card.share}>
              {t('maintenance.shotsOf', { n: f.number(card.shotsSinceService), of: f.number(card.serviceShots) })}
            </ShareBar>
          )}
          <Calibration card={card} now={now} />
          {can.operate ? <EventForm card={card} /> : card.cavities > 1 ? <Cavities card={card} /> : null}
          <History code={code} events={data.events} />
          {data.orders.length > 0 ? (
            <section className="panel">
              <div className="panel-head">
                <h3>{t('maintenance.tab.orders')}</h3>
              </div>
              <ul className="mt-list">
                {data.orders.map((order) => (
                  <li key={order.id}>
                    <Link className="link grow" to="/maintenance" search={{ tab: 'orders', id: order.number }}>
                      {order.text}
                    </Link>
                    <OrderStatus order={order} />
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
        </div>
      ) : null}
    </Drawer>
  );
}

const doings = ['mounted', 'dismounted', 'serviced', 'cleaned', 'repaired'] as const;

/** What is done on a tool; a cavity is blocked or opened by a touch on it, a gauge is calibrated. */
function EventForm({ card }: { card: ToolCard }) {
  const t = useText();
  const client = useQueryClient();
  const plant = usePlantIndex();
  const gauge = card.kind === 'gauge';
  const [kind, setKind] = useState<(typeof doings)[number]>(card.machine === null ? 'mounted' : 'serviced');
  const [machine, setMachine] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [document, setDocument] = useState<string | null>(null);
  const record = useMutation({
    mutationFn: (event: Pick<ToolEvent, 'kind'> & Partial<ToolEvent>) =>
      api.recordToolEvent(
        { code: card.tool },
        {
          ...{ entryId: newEntryId(), kind: event.kind, text, document },
          ...{ machine: event.machine ?? null, cavity: event.cavity ?? null, passed: event.passed ?? null },
        },
      ),
    onSuccess: async () => {
      setText('');
      setDocument(null);
      showDone(t('maintenance.recorded'));
      await client.invalidateQueries({ queryKey: [maintenanceKey] });
    },
  });
  return (
    <div className="stack">
      {record.error ? <ErrorBox error={record.error} /> : null}
      {card.cavities > 1 ? (
        <div>
          <p className="muted small">{t('maintenance.cavityHelp')}</p>
          <Cavities
            card={card}
            toggle={(cavity, blocked) => record.mutate({ kind: blocked ? 'cavityOpened' : 'cavityBlocked', cavity })}
          />
        </div>
      ) : null}
      <TextInput
        label={t('maintenance.note')}
        placeholder={t(gauge ? 'maintenance.calibrationHint' : 'maintenance.toolNoteHint')}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <div className="row wrap">
        <PhotoButton count={document === null ? 0 : 1} onTaken={setDocument} />
        {gauge ? (
          <>
            <Button onClick={() => record.mutate({ kind: 'calibrated', passed: true })}>
              {t('maintenance.passed')}
            </Button>
            <Button variant="default" onClick={() => record.mutate({ kind: 'calibrated', passed: false })}>
              {t('maintenance.failed')}
            </Button>
          </>
        ) : (
          <>
            <Select
              w={120}
              aria-label={t('maintenance.doing')}
              allowDeselect={false}
              value={kind}
              data={doings.map((value) => ({ value, label: t(`maintenance.event.${value}`) }))}
              onChange={(value) => setKind(value as typeof kind)}
            />
            {kind === 'mounted' ? (
              <Select
                style={{ flex: 1, minWidth: 140 }}
                searchable
                aria-label={t('maintenance.mountedOn')}
                placeholder={t('maintenance.mountedOn')}
                value={machine}
                data={plant.nodes
                  .filter((node) => node.level === 'equipment')
                  .map((node) => ({ value: node.path, label: plant.name(node.path) }))}
                onChange={setMachine}
              />
            ) : null}
            <Button
              loading={record.isPending}
              disabled={kind === 'mounted' && machine === null}
              onClick={() => record.mutate({ kind, machine: kind === 'mounted' ? machine : null })}
            >
              {t('maintenance.record')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function History({ code, events }: { code: string; events: readonly ToolEvent[] }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const personName = usePersonName();
  const what = (event: ToolEvent) => {
    const detail = [
      event.machine === null ? '' : plant.name(event.machine),
      event.cavity === null ? '' : t('maintenance.cavity', { n: event.cavity }),
      event.passed === null ? '' : t(event.passed ? 'maintenance.passed' : 'maintenance.failed'),
      event.nonconformities.length === 0 ? '' : event.nonconformities.join(', '),
      event.text,
    ];
    return [t(`maintenance.event.${event.kind}`), ...detail.filter((each) => each !== '')].join(' · ');
  };
  const save = () =>
    download(
      `tool-${code}.csv`,
      csvText([
        (['time', 'shots', 'what', 'by'] as const).map((key) => t(`maintenance.column.${key}`)),
        ...events.map((e) => [f.dateTime(e.time / 1000), e.shots, what(e), personName(e.person)]),
      ]),
    );
  return (
    <section className="panel">
      <div className="panel-head">
        <h3>{t('maintenance.history')}</h3>
        <Button
          className="push"
          variant="subtle"
          size="compact-sm"
          leftSection={<IconDownload size={15} />}
          disabled={events.length === 0}
          onClick={save}
        >
          {t('action.export')}
        </Button>
      </div>
      {events.length === 0 ? <p className="panel-body muted">{t('maintenance.noHistory')}</p> : null}
      <ul className="mt-list">
        {events.map((event) => (
          <li key={event.id}>
            <div className="grow">
              {what(event)}
              {event.document === null ? null : (
                <>
                  {' '}
                  <a href={api.documentAddress({ id: event.document })} target="_blank" rel="noreferrer">
                    {t('maintenance.document')}
                  </a>
                </>
              )}
              <div className="muted small">
                {f.dateTime(event.time / 1000)} · {personName(event.person)}
              </div>
            </div>
            {event.shots > 0 ? (
              <span className="muted nowrap">{t('maintenance.atShots', { n: f.number(event.shots) })}</span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
