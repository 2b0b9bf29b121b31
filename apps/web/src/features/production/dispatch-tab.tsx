import type { DispatchEntry } from '@deungdae/contracts/work-order.ts';
import { ActionIcon, Menu } from '@mantine/core';
import { IconAlertTriangle, IconArrowsMove } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { type NameOf, useNames } from '../../ui/names.tsx';
import { useAct } from './use-act.ts';

interface Place {
  machine: string | null;
  /** Step that it comes before; null is the end. */
  before: string | null;
}

/** The lists of all machines: steps are moved by dragging, or with Alt and the arrow keys. */
export function DispatchTab() {
  const t = useText();
  const can = useAbilities();
  const plant = usePlantIndex();
  const { act } = useAct();
  const [dragged, setDragged] = useState<DispatchEntry | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const board = useQuery({
    queryKey: ['production', 'board'],
    queryFn: ({ signal }) => api.dispatchBoard({}, { signal }),
    refetchInterval: 15_000,
  });
  const move = (entry: DispatchEntry, place: Place) =>
    void act(() => api.planStep({ id: entry.order.id, step: entry.step.id }, place));
  const orders = [...(board.data?.lanes.flatMap((l) => l.entries) ?? []), ...(board.data?.unassigned ?? [])];
  const made = orders.map((e) => e.order.item);
  const material = orders.flatMap((e) => e.material.map((m) => m.item));
  const tool = orders.flatMap((e) => e.tools.map((x) => x.tool));
  const nameOf = useNames({ item: [...made, ...material], routing: made, tool });
  if (board.error) return <ErrorBox error={board.error} retry={() => void board.refetch()} />;
  if (!board.data) return <LoadingRows />;
  const { lanes, unassigned } = board.data;
  if (lanes.every((l) => l.entries.length === 0) && unassigned.length === 0)
    return <EmptyState title={t('production.noDispatch')}>{t('production.noDispatchText')}</EmptyState>;
  const all = [
    { machine: null, entries: unassigned },
    ...lanes.map((l) => ({ machine: l.machine, entries: l.entries })),
  ];
  const keys = (event: KeyboardEvent, lane: number, at: number) => {
    if (!event.altKey || !can.lead) return;
    const { entries, machine } = all[lane]!;
    const entry = entries[at]!;
    const beside = event.key === 'ArrowRight' ? all[lane + 1] : event.key === 'ArrowLeft' ? all[lane - 1] : undefined;
    if (beside) move(entry, { machine: beside.machine, before: null });
    else if (event.key === 'ArrowUp' && at > 0) move(entry, { machine, before: entries[at - 1]!.step.id });
    else if (event.key === 'ArrowDown' && at < entries.length - 1)
      move(entry, { machine, before: entries[at + 2]?.step.id ?? null });
    else return;
    event.preventDefault();
  };
  /** Where a card can go without being dragged: a step up or down, or to the end of another machine's list. */
  const placesFor = (lane: number, at: number): (Place & { name: string })[] => {
    const { entries, machine } = all[lane]!;
    const up = { name: t('production.moveUp'), machine, before: entries[at - 1]?.step.id ?? null };
    const down = { name: t('production.moveDown'), machine, before: entries[at + 2]?.step.id ?? null };
    const may = entries[at]!.step.machines;
    const others = all.filter(
      (other, l) => l !== lane && (!other.machine || may.length === 0 || may.includes(other.machine)),
    );
    return [
      ...(at > 0 ? [up] : []),
      ...(at < entries.length - 1 ? [down] : []),
      ...others.map((other) => ({
        name: other.machine ? plant.name(other.machine) : t('production.unassigned'),
        ...{ machine: other.machine, before: null },
      })),
    ];
  };
  return (
    <div className="stack">
      <p className="small muted">{can.lead ? t('production.dispatchHelp') : t('production.dispatchReadOnly')}</p>
      <div className="lanes">
        {all.map((lane, l) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: keys move a card too
          <section
            key={lane.machine ?? 'none'}
            className={`lane ${over === (lane.machine ?? 'none') ? 'over' : ''}`}
            onDragOver={(e) => {
              e.preventDefault();
              setOver(lane.machine ?? 'none');
            }}
            onDrop={() => {
              if (dragged) move(dragged, { machine: lane.machine, before: null });
              setOver(null);
            }}
          >
            <header>
              <strong>{lane.machine ? plant.name(lane.machine) : t('production.unassigned')}</strong>{' '}
              <span className="muted small">{lane.entries.length}</span>
            </header>
            <ol>
              {lane.entries.map((entry, at) => (
                <DispatchCard
                  key={entry.step.id}
                  entry={entry}
                  nameOf={nameOf}
                  movable={can.lead && entry.step.status !== 'running'}
                  drag={() => setDragged(entry)}
                  drop={() => {
                    if (dragged && dragged.step.id !== entry.step.id)
                      move(dragged, { machine: lane.machine, before: entry.step.id });
                    setOver(null);
                  }}
                  onKeyDown={(event) => keys(event, l, at)}
                  places={() => placesFor(l, at)}
                  move={(place) => move(entry, place)}
                />
              ))}
            </ol>
          </section>
        ))}
      </div>
    </div>
  );
}

function DispatchCard({
  entry,
  nameOf,
  movable,
  drag,
  drop,
  onKeyDown,
  places,
  move,
}: {
  entry: DispatchEntry;
  nameOf: NameOf;
  movable: boolean;
  drag: () => void;
  drop: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  places: () => readonly (Place & { name: string })[];
  move: (place: Place) => void;
}) {
  const t = useText();
  const f = useFormats();
  const { order, step } = entry;
  const short = entry.material.filter((m) => !m.enough).map((m) => nameOf('item', m.item, m.name));
  const tools = entry.tools.filter((x) => !x.ready).map((x) => `${nameOf('tool', x.tool, x.name)} ${x.why ?? ''}`);
  return (
    <li
      className={`dispatch-card ${step.status}`}
      draggable={movable}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: moved with Alt and the arrow keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDragStart={drag}
      onDrop={(e) => {
        e.stopPropagation();
        drop();
      }}
    >
      <span className="row">
        <strong>{order.number}</strong>
        <span className="push small">{t(`production.step.${step.status}`)}</span>
        {movable ? <MoveMenu name={order.number} places={places} move={move} /> : null}
      </span>
      <span>{nameOf('item', order.item, order.itemName)}</span>
      <span className="small muted">
        {step.number} {nameOf('routing', `${order.item}/${step.number}`, step.name)} · {f.number(step.good)} /{' '}
        {f.number(step.planned)}
        {entry.workMinutes === null ? '' : ` · ${f.duration(entry.workMinutes * 60_000)}`}
      </span>
      {order.due === null ? null : (
        <span className={`small ${entry.late ? 'late-text' : 'muted'}`}>
          {t('production.due')} {f.dateTime(order.due / 1000)}
          {entry.late ? ` (${t('production.late')})` : ''}
        </span>
      )}
      {short.length > 0 || tools.length > 0 ? (
        <span className="small not-ready">
          <IconAlertTriangle size={14} aria-hidden />{' '}
          {[
            short.length > 0 ? `${t('production.materialShort')} ${short.join(', ')}` : '',
            tools.length > 0 ? `${t('production.toolAway')} ${tools.join(', ')}` : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      ) : null}
    </li>
  );
}

/** Moving with a finger, where nothing can be dragged. */
function MoveMenu({
  name,
  places,
  move,
}: {
  name: string;
  places: () => readonly (Place & { name: string })[];
  move: (place: Place) => void;
}) {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <Menu opened={open} onChange={setOpen} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('production.moveOf', { order: name })}>
          <IconArrowsMove size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className="move-places">
        {open
          ? places().map((place) => (
              <Menu.Item key={place.name} onClick={() => move(place)}>
                {place.name}
              </Menu.Item>
            ))
          : null}
      </Menu.Dropdown>
    </Menu>
  );
}
