import type { AlarmPriority } from '@deungdae/contracts/alarm.ts';
import { useText } from '../i18n/i18n.ts';

const shapes: Record<AlarmPriority, { path: string; letter: string; y: number }> = {
  critical: { path: 'M10 1 19 10 10 19 1 10Z', letter: 'C', y: 13.6 },
  high: { path: 'M10 1.5 19 18.5H1Z', letter: 'H', y: 16 },
  medium: { path: 'M2 2h16v16H2Z', letter: 'M', y: 13.8 },
  low: { path: 'M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', letter: 'L', y: 13.8 },
};

/** Shape and letter beside the colour. */
export function PriorityMark({ priority, size = 18 }: { priority: AlarmPriority; size?: number }) {
  const shape = shapes[priority];
  return (
    <svg className="priority-mark" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={shape.path} fill={`var(--${priority})`} />
      <text x="10" y={shape.y} textAnchor="middle" fontSize="10" fontWeight="800" fill="var(--on-state)">
        {shape.letter}
      </text>
    </svg>
  );
}

export function PriorityBadge({ priority }: { priority: AlarmPriority }) {
  const t = useText();
  return (
    <span className="priority-badge">
      <PriorityMark priority={priority} />
      {t(`priority.${priority}`)}
    </span>
  );
}
