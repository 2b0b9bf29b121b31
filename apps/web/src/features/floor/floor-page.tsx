import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import { Button, SegmentedControl } from '@mantine/core';
import { IconDeviceTv } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { floorQuery, usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { useMachines } from '../../live/use-live.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { StateMark } from '../../ui/state.tsx';
import { statesByUrgency } from '../../ui/urgency.ts';
import './floor.css';
import { type AreaGroup, groupByArea, totalsOf } from './floor-order.ts';
import { FloorSummary } from './floor-summary.tsx';
import { FloorTable } from './floor-table.tsx';
import { MachineTile } from './machine-tile.tsx';

export function FloorPage() {
  const t = useText();
  const plant = usePlantIndex();
  const search = useSearch({ from: '/session/shell/' });
  const navigate = useNavigate();
  const first = useQuery(floorQuery);
  const live = useMachines();
  const cards = live.length > 0 ? live : (first.data?.machines ?? []);
  const order = useMemo(() => new Map(plant.nodes.map((node, index) => [node.path, index])), [plant.nodes]);
  const states = search.state?.split(',') ?? [];
  const shown = states.length > 0 ? cards.filter((card) => card.hasState && states.includes(card.state)) : cards;
  const toggle = (state: string) => {
    const next = states.includes(state) ? states.filter((s) => s !== state) : [...states, state];
    void navigate({ to: '/', search: (s) => ({ ...s, state: next.join(',') || undefined }), replace: true });
  };
  return (
    <>
      <PageHead title={t('nav.floor')}>
        <SegmentedControl
          aria-label={t('floor.view')}
          value={search.view ?? 'cards'}
          onChange={(value) =>
            void navigate({
              to: '/',
              search: (s) => ({ ...s, view: value === 'table' ? 'table' : undefined }),
              replace: true,
            })
          }
          data={[
            { value: 'cards', label: t('floor.cards') },
            { value: 'table', label: t('floor.table') },
          ]}
        />
        <Button variant="default" component={Link} to="/wall" leftSection={<IconDeviceTv size={16} />}>
          {t('floor.wall')}
        </Button>
      </PageHead>
      {first.error && cards.length === 0 ? <ErrorBox error={first.error} retry={() => void first.refetch()} /> : null}
      {first.isLoading ? <LoadingRows rows={8} /> : null}
      {first.data && cards.length === 0 ? <NoMachines /> : null}
      {cards.length > 0 ? (
        <>
          <FloorSummary totals={totalsOf(cards)} picked={states} toggle={toggle} />
          {search.view === 'table' ? <FloorTable cards={shown} order={order} /> : <Areas cards={shown} order={order} />}
        </>
      ) : null}
    </>
  );
}

/** The areas; while the pointer is among them nothing changes place under it, only the figures go on. */
function Areas({ cards, order }: { cards: readonly MachineCard[]; order: ReadonlyMap<string, number> }) {
  const [held, setHeld] = useState(false);
  const groups = groupByArea(cards, order);
  const last = useRef<AreaGroup[]>(groups);
  const same = last.current.reduce((n, g) => n + g.problems.length + g.others.length, 0) === cards.length;
  if (!held || !same) last.current = groups;
  return (
    <div
      className="areas"
      onPointerEnter={(event) => setHeld(event.pointerType === 'mouse')}
      onPointerLeave={() => setHeld(false)}
    >
      {last.current.map((group) => (
        <AreaSection key={group.area} group={group} />
      ))}
    </div>
  );
}

function AreaSection({ group }: { group: AreaGroup }) {
  const t = useText();
  const plant = usePlantIndex();
  const all = [...group.problems, ...group.others];
  return (
    <section className="area" aria-label={plant.name(group.area)}>
      <header className="area-head">
        <h2>
          <Link to="/oee" search={{ path: group.area }} className="link">
            {plant.name(group.area)}
          </Link>
        </h2>
        {statesByUrgency.map((state) => {
          const count = all.filter((card) => card.hasState && card.state === state).length;
          return count === 0 ? null : (
            <span key={state} className="area-count" title={t(`state.${state}`)}>
              <StateMark state={state} size={11} />
              {count}
              <span className="hidden-text">{t(`state.${state}`)}</span>
            </span>
          );
        })}
      </header>
      <div className="tiles">
        {all.map((card) => (
          <MachineTile key={card.equipment} card={card} size={sizeOf(card)} />
        ))}
      </div>
    </section>
  );
}

/** What stands is the largest, what is silent wider than the rest; a machine that runs with an alarm only comes first. */
function sizeOf(card: MachineCard): 'large' | 'wide' | undefined {
  if (card.state === 'unplannedStop') return 'large';
  return card.hasState && card.state === 'noData' ? 'wide' : undefined;
}

function NoMachines() {
  const t = useText();
  const can = useAbilities();
  return (
    <div className="panel">
      <EmptyState
        title={t('floor.emptyTitle')}
        action={
          can.engineer ? (
            <>
              <Button component={Link} to="/connections/discover">
                {t('connections.discover')}
              </Button>
              <Button component={Link} to="/plant" variant="default">
                {t('nav.plant')}
              </Button>
            </>
          ) : null
        }
      >
        {t('floor.emptyText')}
      </EmptyState>
    </div>
  );
}
