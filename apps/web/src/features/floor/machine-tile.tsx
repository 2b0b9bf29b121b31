import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useMachine } from '../../live/use-live.ts';
import { ShareBar } from '../../ui/figure.tsx';
import { PriorityMark } from '../../ui/priority.tsx';
import { StateMark } from '../../ui/state.tsx';
import { plantText } from '../../ui/text.ts';
import { prioritiesByUrgency } from '../../ui/urgency.ts';
import { useNow } from '../../ui/use-now.ts';

/** One machine of the floor; redrawn only when its own card changes. */
export const MachineTile = memo(function MachineTile({
  card,
  size,
}: {
  card: MachineCard;
  size?: 'large' | 'wide' | undefined;
}) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const live = useMachine(card.equipment) ?? card;
  const name = plantText(live.name, language);
  const share = live.target ? (live.good ?? live.produced ?? 0) / live.target : null;
  return (
    <Link
      to="/machine/$"
      params={{ _splat: live.equipment }}
      className={`tile tile-${live.state}${size ? ` tile-${size}` : ''}`}
      data-equipment={live.equipment}
      data-state={live.state}
    >
      <span className="tile-head">
        <StateMark state={live.state} size={size === 'large' ? 28 : 15} />
        <span className="tile-name" title={name}>
          {name}
        </span>
        <AlarmMarks card={live} />
      </span>
      <span className="tile-state">
        <strong>{t(`state.${live.state}`)}</strong> <Since since={live.since / 1000} />
        {live.product ? <span className="tile-product one-line">{live.product}</span> : null}
      </span>
      {size === 'large' && live.cause ? <span className="tile-cause one-line">{live.cause}</span> : null}
      <ShareBar share={share} />
      <span className="tile-figures">
        <span>
          {f.number(live.good ?? live.produced, 0)}
          <span className="unit">/ {f.number(live.target, 0)}</span>
        </span>
        <span>
          <span className="unit">OEE</span> {f.percent(live.oee)}
          <span className="unit">%</span>
          {live.flags.includes('performanceOver100') ? <span title={t('flag.performanceOver100')}> *</span> : null}
        </span>
      </span>
    </Link>
  );
});

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
