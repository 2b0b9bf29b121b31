import { type Calendar, durationMs, type Plant, type Signal } from '@deungdae/contracts/plant.ts';
import { nearest } from './nearest.ts';
import type { ExpandedEquipment, ExpandedPlant } from './plant-expand.ts';
import { type Finding, listed } from './plant-issues.ts';
import type { FilePath } from './plant-position.ts';
import { expandState } from './plant-presets.ts';
import { isUnit, nearestUnit } from './plant-unit.ts';

type Report = (finding: Finding) => void;
/** `first` of a duplicate is a path; the caller writes its line. */
export const firstPaths = new WeakMap<Finding, FilePath>();

/** What the schema cannot see: ids used twice, names that point nowhere, zones, units, shifts that overlap. */
export function checkPlant(plant: Plant, expanded: ExpandedPlant): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  const lists: [{ id: string }[], FilePath][] = [
    [plant.connections, ['connections']],
    [plant.calendars, ['calendars']],
    [plant.types, ['types']],
    [plant.downtimeReasons, ['downtimeReasons']],
  ];
  for (const [list, at] of lists) checkIds(list, at, report);
  for (const [i, group] of plant.downtimeReasons.entries())
    checkIds(group.reasons, ['downtimeReasons', i, 'reasons'], report);
  checkPaths(expanded, report);
  for (const [i, calendar] of plant.calendars.entries()) checkCalendar(calendar, ['calendars', i], report);
  checkSites(plant, report);
  checkTypes(plant, report);
  const connections = plant.connections.map((c) => c.id);
  for (const equipment of expanded.equipment) checkEquipment(equipment, plant, connections, report);
  return findings;
}

function checkIds(list: readonly { id: string }[], at: FilePath, report: Report): void {
  const seen = new Map<string, number>();
  list.forEach(({ id }, i) => {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, i);
    else duplicate(id, [...at, i, 'id'], [...at, first, 'id'], report);
  });
}

function duplicate(name: string, path: FilePath, first: FilePath, report: Report): void {
  const finding: Finding = { code: 'plant.duplicateId', params: { name, first: 0 }, path };
  firstPaths.set(finding, first);
  report(finding);
}

/** Areas, lines, cells and equipment of one parent share one space of names, because paths do. */
function checkPaths(expanded: ExpandedPlant, report: Report): void {
  const seen = new Map<string, FilePath>();
  for (const { path, filePath } of expanded.nodes) {
    const first = seen.get(path);
    if (first) duplicate(path.split('/').at(-1)!, [...filePath, 'id'], [...first, 'id'], report);
    else seen.set(path, filePath);
  }
}

function reference(what: string, name: string, known: readonly string[], path: FilePath, report: Report): boolean {
  if (known.includes(name)) return true;
  const params = { what, name, allowed: listed(known) || '–' };
  report({ code: 'plant.reference', params, path, suggestion: nearest(name, known) });
  return false;
}

let zones: string[] | undefined;

function checkSites(plant: Plant, report: Report): void {
  const calendars = plant.calendars.map((c) => c.id);
  const calendarOf = (item: { calendar?: string | undefined }, at: FilePath) => {
    if (item.calendar !== undefined) reference('calendar', item.calendar, calendars, [...at, 'calendar'], report);
  };
  plant.sites.forEach((site, s) => {
    const at = ['sites', s];
    if (!isTimeZone(site.timeZone)) {
      zones ??= Intl.supportedValuesOf('timeZone');
      const suggestion = nearest(site.timeZone, zones) ?? nearestCity(site.timeZone, zones);
      report({ code: 'plant.timeZone', params: { name: site.timeZone }, path: [...at, 'timeZone'], suggestion });
    }
    calendarOf(site, at);
    site.areas.forEach((area, a) => {
      calendarOf(area, [...at, 'areas', a]);
      for (const [l, line] of area.lines.entries()) calendarOf(line, [...at, 'areas', a, 'lines', l]);
    });
  });
}

function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function nearestCity(name: string, known: readonly string[]): string | null {
  const city = nearest(
    name.split('/').at(-1)!,
    known.map((zone) => zone.split('/').at(-1)!),
  );
  return known.find((zone) => zone.endsWith(`/${city}`)) ?? null;
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const dayMinutes = 1440;

/** Minutes of the day; an end at or before the start lies on the next day. */
export function shiftMinutes(shift: { start: string; end: string }): { start: number; end: number } {
  const start = minuteOf(shift.start);
  const end = minuteOf(shift.end);
  return { start, end: end <= start ? end + dayMinutes : end };
}

export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function checkCalendar(calendar: Calendar, at: FilePath, report: Report): void {
  checkIds(calendar.shifts, [...at, 'shifts'], report);
  checkOverlaps(calendar, at, report);
  calendar.shifts.forEach((shift, i) => {
    const span = shiftMinutes(shift);
    let free = span.start;
    shift.breaks.forEach((pause, b) => {
      let { start, end } = shiftMinutes(pause);
      if (start < span.start) [start, end] = [start + dayMinutes, end + dayMinutes];
      if (start < free || end > span.end) {
        const params = { name: `${pause.start}–${pause.end}` };
        report({ code: 'plant.breakOutside', params, path: [...at, 'shifts', i, 'breaks', b, 'start'] });
      } else free = end;
    });
  });
  const shiftIds = calendar.shifts.map((s) => s.id);
  calendar.exceptions.forEach((item, i) => {
    for (const [k, id] of item.shifts.entries())
      reference('shift', id, shiftIds, [...at, 'exceptions', i, 'shifts', k], report);
  });
  for (const list of ['holidays', 'exceptions'] as const) {
    calendar[list].forEach(({ date }, i) => {
      if (!isDate(date)) report({ code: 'plant.date', params: { name: date }, path: [...at, list, i, 'date'] });
    });
  }
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function checkOverlaps(calendar: Calendar, at: FilePath, report: Report): void {
  const spans = calendar.shifts.flatMap((shift, index) =>
    shift.days.map((day) => {
      const { start, end } = shiftMinutes(shift);
      const base = weekdays.indexOf(day) * dayMinutes;
      return { shift, index, day, start: base + start, end: base + end };
    }),
  );
  spans.sort((a, b) => a.start - b.start);
  const week = 7 * dayMinutes;
  const reported = new Set<string>();
  for (let i = 0; i < spans.length; i++) {
    const now = spans[i]!;
    const next = spans[(i + 1) % spans.length]!;
    const nextStart = i + 1 < spans.length ? next.start : next.start + week;
    if (spans.length < 2 || now.end <= nextStart) continue;
    const pair = [now.shift.id, next.shift.id].sort().join('/');
    if (reported.has(pair)) continue;
    reported.add(pair);
    const params = { name: next.shift.id, other: now.shift.id, day: next.day };
    report({ code: 'plant.shiftOverlap', params, path: [...at, 'shifts', next.index, 'start'] });
  }
}

function checkTypes(plant: Plant, report: Report): void {
  plant.types.forEach((type, i) => {
    checkIds(type.signals, ['types', i, 'signals'], report);
    for (const [k, signal] of type.signals.entries()) checkSignal(signal, ['types', i, 'signals', k], report);
  });
}

function checkEquipment(item: ExpandedEquipment, plant: Plant, connections: readonly string[], report: Report): void {
  const at = item.filePath;
  const own = item.equipment;
  if (own.type !== undefined)
    reference(
      'equipment type',
      own.type,
      plant.types.map((t) => t.id),
      [...at, 'type'],
      report,
    );
  if (own.calendar !== undefined)
    reference(
      'calendar',
      own.calendar,
      plant.calendars.map((c) => c.id),
      [...at, 'calendar'],
      report,
    );
  checkIds(own.signals, [...at, 'signals'], report);
  for (const [i, signal] of own.signals.entries()) checkSignal(signal, [...at, 'signals', i], report);
  if (own.connection !== undefined) reference('connection', own.connection, connections, [...at, 'connection'], report);
  const withKeys = Object.keys(own.with);
  for (const { signal, sourceAt, connection, missing, address } of item.signals) {
    for (const name of missing) {
      const params = { name, equipment: own.id };
      report({ code: 'plant.parameter', params, path: [...at, 'with'], suggestion: nearest(name, withKeys) });
    }
    if (address && connection === null)
      report({ code: 'plant.noConnection', params: { name: signal.id }, path: sourceAt });
    else if (connection !== null && connection !== own.connection)
      reference('connection', connection, connections, connectionPath(item, sourceAt, signal), report);
  }
  checkUses(item, report);
}

function connectionPath(item: ExpandedEquipment, sourceAt: FilePath, signal: Signal): FilePath {
  const named = signal.source?.connection;
  return named === undefined || named === '$connection' ? item.connectionAt : [...sourceAt, 'connection'];
}

/** Signals that state rules, counters and the product need. */
function checkUses(item: ExpandedEquipment, report: Report): void {
  const names = item.signals.map((s) => s.signal.id);
  const used = (name: string, path: FilePath) => reference('signal', name, names, path, report);
  if (item.productSignal) used(item.productSignal.name, item.productSignal.filePath);
  for (const { counter, filePath } of item.counters) used(counter.signal, [...filePath, 'signal']);
  if (!item.state) return;
  const { source, filePath } = item.state;
  if ('preset' in source) {
    for (const [key, value] of Object.entries(source))
      if (['signal', 'execution', 'mode', 'availability', 'unitMode', 'faultSignal'].includes(key))
        used(String(value), [...filePath, key]);
    return;
  }
  expandState(source).rules.forEach((rule, r) => {
    rule.when.forEach((condition, c) => {
      const path = [...filePath, 'rules', r, 'when', c];
      used(condition.signal, [...path, 'signal']);
      const { is, above, below, unchangedFor } = condition;
      if (is === undefined && above === undefined && below === undefined && unchangedFor === undefined)
        report({ code: 'plant.conditionEmpty', params: {}, path });
    });
  });
}

function checkSignal(signal: Signal, at: FilePath, report: Report): void {
  if (signal.unit !== undefined && !isUnit(signal.unit))
    report({
      code: 'plant.unit',
      params: { name: signal.unit },
      path: [...at, 'unit'],
      suggestion: nearestUnit(signal.unit),
    });
  const { min, max } = signal.limits ?? {};
  if (min !== undefined && max !== undefined && min > max)
    report({ code: 'plant.limits', params: { min, max }, path: [...at, 'limits', 'min'] });
  checkIds(signal.alarms, [...at, 'alarms'], report);
  signal.alarms.forEach((alarm, i) => {
    const path = [...at, 'alarms', i];
    const needs = (key: string) =>
      report({ code: 'plant.alarm', params: { name: alarm.id, type: alarm.type, needs: key }, path });
    if (['high', 'low', 'rate'].includes(alarm.type) && alarm.limit === undefined) needs('limit');
    if (alarm.type === 'stale' && alarm.after === undefined && signal.staleAfter === undefined) needs('after');
    if (alarm.type === 'stale' && alarm.after !== undefined && durationMs(alarm.after) === 0) needs('after > 0');
    if (alarm.type === 'equals' && !alarm.values?.length) needs('values');
  });
}
