import { useMemo } from 'react';
import { usePlantZone } from '../time/zone-context.ts';
import { type Language, type Translate, useLanguage, useText } from './i18n.ts';

/** Numbers, times and lengths of time as people of the language write them; times in the plant's zone, ms since the epoch. */
export interface Formats {
  number(value: number | null | undefined, digits?: number): string;
  /** 1.2만, 3.4억; 12K, 3.4M. */
  short(value: number | null | undefined): string;
  /** A ratio of one as a percentage: 0.8123 → 81.2 */
  percent(ratio: number | null | undefined, digits?: number): string;
  bytes(value: number): string;
  time(ms: number): string;
  timeSeconds(ms: number): string;
  day(ms: number): string;
  dateTime(ms: number): string;
  dateTimeSeconds(ms: number): string;
  /** 3일 4시간, 12분, 45초: the two largest parts. */
  duration(ms: number): string;
  /** 1:02:03 for figures that tick. */
  clock(ms: number): string;
  ago(ms: number, now: number): string;
  /** How long a state lasts; a dash when it has never been known (0). */
  since(ms: number, now: number): string;
}

export const unknownFigure = '–';

export function makeFormats(language: Language, zone: string, t: Translate): Formats {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
  const short = new Intl.NumberFormat(language === 'ko' ? 'ko-KR' : 'en-US', {
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  const numbers = new Map<number, Intl.NumberFormat>();
  const numberFormat = (digits: number) => {
    const found =
      numbers.get(digits) ??
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    numbers.set(digits, found);
    return found;
  };
  const clock = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
  const hm = clock({ hour: '2-digit', minute: '2-digit' });
  const hms = clock({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const day = clock({ month: 'short', day: 'numeric', weekday: 'short' });
  const iso = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const known = (v: number | null | undefined): v is number => typeof v === 'number' && Number.isFinite(v);
  const number = (v: number | null | undefined, digits?: number) =>
    known(v) ? numberFormat(digits ?? usefulDigits(v)).format(v) : unknownFigure;
  return {
    number,
    short: (v) => (known(v) ? short.format(v) : unknownFigure),
    percent: (v, digits = 1) => (known(v) ? numberFormat(digits).format(v * 100) : unknownFigure),
    bytes: (v) => bytes(v, number),
    time: (ms) => hm.format(ms),
    timeSeconds: (ms) => hms.format(ms),
    day: (ms) => day.format(ms),
    dateTime: (ms) => `${iso.format(ms)} ${hm.format(ms)}`,
    dateTimeSeconds: (ms) => `${iso.format(ms)} ${hms.format(ms)}`,
    duration: (ms) => duration(ms, t),
    clock: clockText,
    since: (ms, now) => (ms > 0 ? duration(Math.max(0, now - ms), t) : unknownFigure),
    ago: (ms, now) => t('time.ago', { duration: duration(Math.max(0, now - ms), t) }),
  };
}

/** Four figures are enough to read a process value. */
function usefulDigits(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return 0;
  return size >= 100 ? 1 : size >= 1 ? 2 : 3;
}

function bytes(value: number, number: Formats['number']): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let step = 0;
  let left = value;
  while (left >= 1000 && step < units.length - 1) {
    left /= 1000;
    step++;
  }
  return `${number(left, step === 0 || left >= 100 ? 0 : 1)} ${units[step]}`;
}

function duration(ms: number, t: Translate): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return t('time.days', { d: days, h: hours });
  if (hours > 0) return t('time.hours', { h: hours, m: minutes });
  return minutes > 0 ? t('time.minutes', { m: minutes }) : t('time.seconds', { s: seconds });
}

function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export function useFormats(): Formats {
  const language = useLanguage();
  const zone = usePlantZone();
  const t = useText();
  return useMemo(() => makeFormats(language, zone, t), [language, zone, t]);
}
