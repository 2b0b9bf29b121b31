import { useText } from '../../i18n/i18n.ts';

export const levels = [1, 2, 3, 4] as const;
export type Level = (typeof levels)[number];

/** Quarters of a circle, as skill matrices on the wall show them, with the figure beside it. */
export function SkillLevel({ level }: { level: number }) {
  const t = useText();
  const turn = level * 90;
  const [x, y] = [8 + 7 * Math.sin((turn * Math.PI) / 180), 8 - 7 * Math.cos((turn * Math.PI) / 180)];
  return (
    <span className="skill-level" title={t(`people.level.${level as Level}`)}>
      <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden>
        <circle
          cx={8}
          cy={8}
          r={7}
          fill={level >= 4 ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth={1.2}
        />
        {level < 4 ? <path d={`M8 8 L8 1 A7 7 0 ${turn > 180 ? 1 : 0} 1 ${x} ${y} Z`} fill="currentColor" /> : null}
      </svg>
      {level}
    </span>
  );
}
