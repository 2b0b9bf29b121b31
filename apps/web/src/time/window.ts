import { dayStart, weekStart } from './zoned.ts';

/**
 * The one time control of the app, kept in the address: a span, and for a moment of the past where it starts.
 * Without `from` the window is the present one and moves on by itself. Milliseconds since the epoch.
 */
export type Span = 'shift' | 'day' | 'week' | 'range';

export interface WindowSearch {
  span?: Span | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

export interface Shift {
  id: string;
  name: unknown;
  /** ms */
  from: number;
  to: number;
}

export interface TimeWindow {
  span: Span;
  from: number;
  to: number;
  /** Follows the present: `to` of what can be known is `now`. */
  live: boolean;
  shift: Shift | null;
}

const hour = 3_600_000;
const spans: readonly string[] = ['shift', 'day', 'week', 'range'];

export function parseWindow(search: Record<string, unknown>): WindowSearch {
  const result: WindowSearch = {};
  if (typeof search.span === 'string' && spans.includes(search.span)) result.span = search.span as Span;
  const from = finite(search.from);
  const to = finite(search.to);
  if (from !== undefined) result.from = from;
  if (to !== undefined && from !== undefined && to > from) result.to = to;
  return result;
}

function finite(value: unknown): number | undefined {
  const n = typeof value === 'string' ? Number(value) : value;
  return typeof n === 'number' && Number.isFinite(n) ? Math.round(n) : undefined;
}

/** The window that an address means, given the shifts around it. A plant without shifts gets the last eight hours. */
export function resolveWindow(search: WindowSearch, now: number, zone: string, shifts: readonly Shift[]): TimeWindow {
  const span = search.span ?? 'shift';
  const at = search.from ?? now;
  if (span === 'range' && search.from !== undefined && search.to !== undefined)
    return { span, from: search.from, to: search.to, live: false, shift: null };
  if (span === 'day') return whole('day', dayStart(at, zone), dayStart(at, zone, 1), now);
  if (span === 'week') return whole('week', weekStart(at, zone), weekStart(at, zone, 1), now);
  const shift = shiftAt(shifts, at);
  if (shift) return { ...whole('shift', shift.from, shift.to, now), shift };
  if (search.from !== undefined && search.to !== undefined)
    return { span, from: search.from, to: search.to, live: false, shift: null };
  return { span, from: now - 8 * hour, to: now, live: true, shift: null };
}

function whole(span: Span, from: number, to: number, now: number): TimeWindow {
  return { span, from, to, live: now >= from && now < to, shift: null };
}

/** The shift that runs at a moment, or else the last one that had begun. */
export function shiftAt(shifts: readonly Shift[], at: number): Shift | null {
  let found: Shift | null = null;
  for (const shift of shifts) if (shift.from <= at && (!found || shift.from > found.from)) found = shift;
  return found;
}

/** The address of the window before or after; null where there is none, as after the present. */
export function moveWindow(
  window: TimeWindow,
  step: -1 | 1,
  now: number,
  zone: string,
  shifts: readonly Shift[],
): WindowSearch | null {
  const { span } = window;
  if (span === 'shift' && window.shift) {
    const sorted = [...shifts].sort((a, b) => a.from - b.from);
    const index = sorted.findIndex((s) => s.from === window.shift?.from && s.id === window.shift.id);
    const target = sorted[index + step];
    if (!target || target.from > now) return null;
    return target.to > now ? { span } : { span, from: target.from, to: target.to };
  }
  if (span === 'day' || span === 'week') {
    const from = span === 'day' ? dayStart(window.from, zone, step) : weekStart(window.from, zone, step);
    if (from > now) return null;
    const to = span === 'day' ? dayStart(from, zone, 1) : weekStart(from, zone, 1);
    return to > now ? { span } : { span, from, to };
  }
  const width = window.to - window.from;
  const from = window.from + step * width;
  return from > now ? null : { span: 'range', from, to: from + width };
}
