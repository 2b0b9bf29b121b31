import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import { Button, SegmentedControl } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useAbilities } from '../../app/me.ts';
import { useText } from '../../i18n/i18n.ts';
import { useAlarms, useLiveStatus } from '../../live/use-live.ts';
import { EmptyState, LoadingRows } from '../../ui/messages.tsx';
import { PriorityMark } from '../../ui/priority.tsx';
import { prioritiesByUrgency } from '../../ui/urgency.ts';
import { acknowledge, unshelve } from './alarm-actions.ts';
import { foldFloods, isWaiting, onShelf, type Shelf } from './alarm-list.ts';
import { AlarmRow } from './alarm-row.tsx';
import { PutAside, type PutAsideKind } from './put-aside.tsx';

/** The list an operator works off: ↑ ↓ choose, A acknowledges, S shelves, O takes out of service, Enter opens the machine. */
export function CurrentAlarms({ equipment }: { equipment: string | undefined }) {
  const t = useText();
  const can = useAbilities();
  const navigate = useNavigate();
  const all = useAlarms();
  const status = useLiveStatus();
  const [shelf, setShelf] = useState<Shelf>('open');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [aside, setAside] = useState<{ kind: PutAsideKind; alarm: Alarm } | null>(null);
  const mine = all.filter((a) => !equipment || a.equipment === equipment || a.equipment.startsWith(`${equipment}/`));
  const shown = mine.filter((a) => onShelf(a, shelf));
  const rows = foldFloods(shown, opened);
  const activeRow = rows.find((row) => row.alarm.id === active);
  const targets =
    picked.size > 0 ? shown.filter((a) => picked.has(a.id)) : activeRow ? [activeRow.alarm, ...activeRow.folded] : [];
  const acknowledgeTargets = (list: readonly Alarm[]) => {
    const ids = list.filter(isWaiting).map((a) => a.id);
    if (ids.length === 0 || !can.operate) return;
    setPicked(new Set());
    void acknowledge(ids);
  };
  const toggle = (ids: readonly string[]) =>
    setPicked((before) => {
      const next = new Set(before);
      const on = ids.every((id) => next.has(id));
      for (const id of ids) on ? next.delete(id) : next.add(id);
      return next;
    });
  const onKey = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || aside) return;
    const index = rows.findIndex((row) => row.alarm.id === active);
    const key = event.key.toLowerCase();
    const step = key === 'arrowdown' || key === 'j' ? 1 : key === 'arrowup' || key === 'k' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive(rows[Math.max(0, Math.min(rows.length - 1, index + step))]?.alarm.id ?? null);
    }
    if (key === 'a') acknowledgeTargets(targets);
    if (!activeRow) return;
    if (key === ' ') {
      event.preventDefault();
      toggle([activeRow.alarm, ...activeRow.folded].map((a) => a.id));
    }
    if (key === 's' && can.lead) setAside({ kind: 'shelve', alarm: activeRow.alarm });
    if (key === 'o' && can.lead) setAside({ kind: 'service', alarm: activeRow.alarm });
    if (key === 'enter') void navigate({ to: '/machine/$', params: { _splat: activeRow.alarm.equipment } });
  };
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) list.current?.querySelector('[data-active=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  // The keys that the head names work at once, unless the person is somewhere else already.
  const any = rows.length > 0;
  useEffect(() => {
    if (any && document.activeElement === document.body) list.current?.focus({ preventScroll: true });
  }, [any]);
  const waiting = shown.filter(isWaiting);
  return (
    <section className="panel" aria-label={t('alarms.tab.current')}>
      <div className="panel-head">
        <SegmentedControl
          size="xs"
          aria-label={t('alarms.shelf')}
          value={shelf}
          onChange={(value) => setShelf(value as Shelf)}
          data={[
            { value: 'open', label: `${t('alarms.open')} ${mine.filter((a) => onShelf(a, 'open')).length}` },
            { value: 'aside', label: `${t('alarms.aside')} ${mine.filter((a) => onShelf(a, 'aside')).length}` },
          ]}
        />
        {prioritiesByUrgency.map((priority) => {
          const count = shown.filter((a) => a.priority === priority).length;
          return count === 0 ? null : (
            <span key={priority} className="row small" style={{ gap: 4 }}>
              <PriorityMark priority={priority} size={16} />
              {t(`priority.${priority}`)} <strong>{count}</strong>
            </span>
          );
        })}
        <span className="push row">
          <span className="small muted no-phone">
            <kbd>↑↓</kbd> <kbd>A</kbd> {t('alarms.acknowledge')} {can.lead ? <kbd>S</kbd> : null}{' '}
            {can.lead ? t('alarms.shelve') : null}
          </span>
          {can.operate && waiting.length > 0 ? (
            <Button onClick={() => acknowledgeTargets(picked.size > 0 ? targets : waiting)}>
              {picked.size > 0
                ? t('alarms.acknowledgePicked', { n: targets.filter(isWaiting).length })
                : t('alarms.acknowledgeAll', { n: waiting.length })}
            </Button>
          ) : null}
        </span>
      </div>
      {status.lastFrameAt === 0 ? <LoadingRows /> : null}
      {status.lastFrameAt > 0 && rows.length === 0 ? (
        <EmptyState title={shelf === 'open' ? t('alarms.none') : t('alarms.noneAside')}>
          {shelf === 'open' ? t('alarms.noneText') : t('alarms.noneAsideText')}
        </EmptyState>
      ) : null}
      {rows.length > 0 ? (
        // biome-ignore lint/a11y/useSemanticElements: rows hold buttons and links, which an option of a select cannot
        <div
          className="alarm-list"
          role="grid"
          aria-label={t('alarms.tab.current')}
          tabIndex={0}
          onKeyDown={onKey}
          ref={list}
        >
          {rows.map((row) => (
            <AlarmRow
              key={row.alarm.id}
              row={row}
              active={row.alarm.id === active}
              picked={picked.has(row.alarm.id)}
              toggle={() => toggle([row.alarm, ...row.folded].map((a) => a.id))}
              activate={() => setActive(row.alarm.id)}
              openFlood={() => setOpened((o) => new Set([...o, row.alarm.flood ?? '']))}
              acknowledge={() => acknowledgeTargets([row.alarm, ...row.folded])}
              putAside={(kind) => setAside({ kind, alarm: row.alarm })}
              unshelve={() => void unshelve(row.alarm.id)}
            />
          ))}
        </div>
      ) : null}
      {aside ? (
        <PutAside key={aside.alarm.id} kind={aside.kind} alarm={aside.alarm} close={() => setAside(null)} />
      ) : null}
    </section>
  );
}
