import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useMachine } from '../../live/use-live.ts';
import { useCause } from '../../ui/cause.ts';
import { ShareBar } from '../../ui/figure.tsx';
import { MainValue, useMainSignals } from '../../ui/main-values.tsx';
import { PriorityMark } from '../../ui/priority.tsx';
import { MeterMark, StateMark } from '../../ui/state.tsx';
import { plantText } from '../../ui/text.ts';
import { prioritiesByUrgency } from '../../ui/urgency.ts';
import { useNow } from '../../ui/use-now.ts';
import { countsPieces } from './floor-order.ts';

/** One machine of the floor; redrawn only when its own card changes. */
export const MachineTile = memo(function MachineTile({
  card,
  size,
}: {
  card: MachineCard;
  size?: 'large' | 'wide' | undefined;
}) {
  const t = useText();
  const language = useLanguage();
  const live = useMachine(card.equipment) ?? card;
  const name = plantText(live.name, language);
  const cause = useCause()(live.cause, live.state);
  return (
    <Link
      to="/machine/$"
      params={{ _splat: live.equipment }}
      className={`tile tile-${live.hasState ? live.state : 'meter'}${size ? ` tile-${size}` : ''}`}
      data-equipment={live.equipment}
      data-state={live.hasState ? live.state : 'none'}
    >
      <span className="tile-head">
        {live.hasState ? <StateMark state={live.state} size={size === 'large' ? 28 : 15} /> : <MeterMark size={15} />}
        <span className="tile-name" title={name}>
          {name}
        </span>
        <AlarmMarks card={live} />
      </span>
      <span className="tile-state">
        {live.hasState ? (
          <>
            <strong>{t(`state.${live.state}`)}</strong> <Since since={live.since / 1000} />
          </>
        ) : (
          t('floor.meter')
        )}
        {live.product ? <span className="tile-product one-line">{live.product}</span> : null}
      </span>
      {size === 'large' && cause ? <span className="tile-cause one-line">{cause}</span> : null}
      {countsPieces(live) ? <PieceFigures card={live} /> : <TileValues equipment={live.equipment} />}
    </Link>
  );
});

function PieceFigures({ card: live }: { card: MachineCard }) {
  const t = useText();
  const f = useFormats();
  const share = live.target ? (live.good ?? live.produced ?? 0) / live.target : null;
  return (
    <>
      <ShareBar share={share} />
      <span className="tile-figures">
        <span>
          {f.number(live.good ?? live.produced, 0)}
          {live.target === null ? null : <span className="unit">/ {f.number(live.target, 0)}</span>}
        </span>
        {live.oee === null ? null : (
          <span>
            <span className="unit">OEE</span> {f.percent(live.oee)}
            <span className="unit">%</span>
            {live.flags.includes('performanceOver100') ? <span title={t('flag.performanceOver100')}> *</span> : null}
          </span>
        )}
      </span>
    </>
  );
}

/** What a machine without counters has to tell: its main values, live. */
function TileValues({ equipment }: { equipment: string }) {
  const main = useMainSignals(equipment);
  return (
    <span className="tile-values">
      {main.map((signal) => (
        <span key={signal.id}>
          <span className="tile-value-name one-line">{signal.name}</span>
          <MainValue signal={signal} />
        </span>
      ))}
    </span>
  );
}

function Since({ since }: { since: number }) {
  const f = useFormats();
  const now = useNow(10_000);
  return <span>{f.since(since, now)}</span>;
}

export function AlarmMarks({ card }: { card: MachineCard }) {
  const t = useText();
  const shown = prioritiesByUrgency.filter((priority) => card.alarms[priority] > 0).slice(0, 2);
  if (shown.length === 0) return null;
  return (
    <span className="tile-alarms">
      {shown.map((priority) => (
        <span key={priority} className="row" style={{ gap: 2 }} title={t(`priority.${priority}`)}>
          <PriorityMark priority={priority} size={16} />
          {card.alarms[priority]}
          <span className="hidden-text">{t('alarms.ofPriority', { priority: t(`priority.${priority}`) })}</span>
        </span>
      ))}
    </span>
  );
}
