import { Button } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useMachine, useMachines } from '../../live/use-live.ts';
import { useWindow } from '../../time/use-window.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { StateRibbon } from '../../ui/ribbon.tsx';
import type { Interval } from '../../ui/ribbon-segments.ts';
import { plantText } from '../../ui/text.ts';
import { countsPieces } from '../floor/floor-order.ts';
import { DowntimePanel } from './downtime-panel.tsx';
import './machine.css';
import { MachineAlarms } from './machine-alarms.tsx';
import { MachineFigures, StateShares } from './machine-figures.tsx';
import { SignalTable } from './signal-table.tsx';

export function MachinePage() {
  const path = useParams({ from: '/session/shell/machine/$' })._splat ?? '';
  // A new machine starts with nothing of the one before: no drawer, no selection.
  return <Machine key={path} path={path} />;
}

function Machine({ path }: { path: string }) {
  const t = useText();
  const language = useLanguage();
  const plant = usePlantIndex();
  const can = useAbilities();
  const { window, query, now, ready } = useWindow();
  const detail = useQuery({
    queryKey: ['machine', path, query.from, query.to],
    queryFn: ({ signal }) => api.machine({ equipment: path, ...query }, { signal }),
    enabled: ready,
  });
  useMachines();
  const card = useMachine(path) ?? detail.data?.card;
  const [openStop, setOpenStop] = useState<string | null>(null);
  const until = query.to / 1000;
  const intervals = useMemo(
    () =>
      (detail.data?.intervals ?? []).map(
        (i): Interval => ({ from: i.from / 1000, to: (i.to ?? until * 1000) / 1000, state: i.state, cause: i.cause }),
      ),
    [detail.data, until],
  );
  // A machine that counts nothing (a compressor) idles by nature: only its real stops are asked about.
  const downtimes = (detail.data?.downtimes ?? []).filter((d) => d.state !== 'idle' || !card || countsPieces(card));
  const numeric = (detail.data?.signals ?? []).filter((s) => s.kind === 'number').slice(0, 4);
  const name = card ? plantText(card.name, language) : plant.name(path);
  if (detail.error && !detail.data) return <ErrorBox error={detail.error} retry={() => void detail.refetch()} />;
  return (
    <>
      <PageHead title={name} time lead={<Trail path={path} />}>
        {numeric.length > 0 ? (
          <Button
            variant="default"
            component={Link}
            to="/trends"
            search={{ signals: numeric.map((s) => s.path).join(','), states: path } as never}
            leftSection={<IconChartLine size={16} />}
          >
            {t('machine.toTrends')}
          </Button>
        ) : null}
      </PageHead>
      <div className="stack">
        {card ? <MachineFigures card={card} path={path} /> : <LoadingRows rows={2} />}
        {card?.hasState === false ? null : (
          <section className="panel" aria-label={t('machine.ribbon')}>
            <div className="panel-head">
              <h2>{t('machine.ribbon')}</h2>
              <StateShares intervals={intervals} />
            </div>
            <div className="panel-body">
              {detail.data && intervals.length === 0 ? (
                <EmptyState title={t('machine.noStates')}>{t('machine.noStatesText')}</EmptyState>
              ) : (
                <StateRibbon
                  intervals={intervals}
                  from={window.from}
                  to={window.to}
                  now={now}
                  label={t('machine.ribbonOf', { name })}
                  onPick={(interval) => {
                    const stop = downtimes.find(
                      (d) => d.from / 1000 < interval.to && (d.to ?? Number.POSITIVE_INFINITY) / 1000 > interval.from,
                    );
                    if (stop) setOpenStop(stop.id);
                  }}
                />
              )}
            </div>
          </section>
        )}
        <div className="machine-columns">
          <div className="stack">
            {detail.data ? (
              <SignalTable signals={detail.data.signals} values={detail.data.values} equipment={path} query={query} />
            ) : (
              <div className="panel">
                <LoadingRows />
              </div>
            )}
          </div>
          <MachineAlarms path={path} initial={detail.data?.alarms ?? []} />
        </div>
        {card?.hasState === false ? null : (
          <DowntimePanel
            equipment={path}
            downtimes={downtimes}
            canEdit={can.operate}
            openId={openStop}
            onOpen={setOpenStop}
            changed={() => void detail.refetch()}
          />
        )}
      </div>
    </>
  );
}

/** Where the machine stands, as links. */
function Trail({ path }: { path: string }) {
  const plant = usePlantIndex();
  const parents: string[] = [];
  for (
    let node = plant.node(plant.node(path)?.parent ?? '');
    node && node.level !== 'enterprise';
    node = plant.node(node.parent ?? '')
  )
    parents.unshift(node.path);
  return (
    <span className="muted small">
      {parents.map((parent, i) => (
        <span key={parent}>
          {i > 0 ? ' › ' : ''}
          <Link to="/oee" search={{ path: parent }} className="trail-link">
            {plant.name(parent)}
          </Link>
        </span>
      ))}
    </span>
  );
}
