import type { OwnerFigure } from '@deungdae/contracts/owner.ts';
import type { Formats } from '../../i18n/format.ts';
import type { TextKey, Translate } from '../../i18n/i18n.ts';

type Unit = OwnerFigure['unit'];

/** A value as an owner reads it: 63.5만, 3.2억, 81.2, 6.1. */
export function valueText(value: number | null, unit: Unit, f: Formats, t: Translate): string {
  if (value === null) return t('owner.unknown');
  switch (unit) {
    case 'won':
      return f.short(Math.round(value));
    case 'share':
      return f.percent(value);
    case 'turns':
      return f.number(value, 1);
    default:
      return Math.abs(value) >= 10_000 ? f.short(value) : f.number(value, 0);
  }
}

export function unitOf(unit: Unit, t: Translate): string {
  return unit === 'share' ? '%' : t(`owner.${unit}` as TextKey);
}

/** The change against another day in the figure's own unit; shares in percentage points. */
export function changeText(value: number, other: number, unit: Unit, f: Formats, t: Translate): string {
  const difference = value - other;
  const size = valueText(Math.abs(difference), unit, f, t) + (unit === 'share' ? ' %p' : '');
  if (Math.abs(difference) < 1e-9) return t('owner.same');
  return t(difference > 0 ? 'owner.more' : 'owner.less', { value: size });
}

/** Whether a change is the wrong way. */
export function isWorse(value: number, other: number, better: OwnerFigure['better']): boolean {
  return better === 'more' ? value < other : value > other;
}
