import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { Inspection } from '@deungdae/contracts/inspection.ts';
import type { KioskPerson } from '@deungdae/contracts/kiosk.ts';
import type { KioskView } from './projection.ts';

/** The one thing that the screen asks now. */
export type Ask =
  | { step: 'machine' }
  | { step: 'loading' }
  | { step: 'badge' }
  | { step: 'handover'; id: string; text: string; by: string; at: number }
  | { step: 'inspection'; inspection: Inspection; blocking: boolean }
  | { step: 'stop'; stop: Downtime }
  | { step: 'order' }
  | { step: 'work' };

export interface Asking {
  machine: string | null;
  view: KioskView | null;
  person: KioskPerson | null;
  /** The server's time, ms. */
  now: number;
  /** What a person put off, by `askKey`, until when (the server's time, ms). */
  putOff: ReadonlyMap<string, number>;
}

/** Stops shorter than that are not asked about: they end by themselves. */
const askAfterMs = 60_000;
/** A stop that is over is asked about so long; later it is for the supervisor, or for who looks for it. */
const stopAskedMs = 30 * 60_000;
/** A note is for the next shift, not for the next month. */
const handoverMs = 24 * 3_600_000;
/** Inspections that are done at once, not at the end of the work. */
const atOnce = ['first', 'middle', 'self', 'patrol', 'inProcess'];

/** What is asked now, the most urgent first. Pure: the same facts give the same question. */
export function askNow(asking: Asking): Ask {
  const { machine, view, person } = asking;
  if (!machine) return { step: 'machine' };
  if (!view) return { step: 'loading' };
  if (!person) return { step: 'badge' };
  const asks = [handoverAsk(view, person, asking.now), ...inspectionAsks(view, asking.now), stopAsk(view, asking.now)];
  const urgent = asks.find((ask) => ask !== null && (asking.putOff.get(askKey(ask)) ?? 0) <= asking.now);
  return urgent ?? { step: view.run ? 'work' : 'order' };
}

/** Under which name a question is put off. */
export function askKey(ask: Ask): string {
  if (ask.step === 'handover') return `handover:${ask.id}`;
  if (ask.step === 'inspection') return `inspection:${ask.inspection.id}`;
  return ask.step === 'stop' ? `stop:${ask.stop.id}` : ask.step;
}

function handoverAsk({ handover }: KioskView, person: KioskPerson, now: number): Ask | null {
  if (!handover || handover.readAt !== null || handover.by === person.name) return null;
  if (now - handover.at / 1000 > handoverMs) return null;
  return { step: 'handover', id: handover.id, text: handover.text, by: handover.by, at: handover.at };
}

function inspectionAsks({ run, inspections, proposed }: KioskView, now: number): Ask[] {
  if (!run) return [];
  const due = inspections.filter(
    (i) => i.status !== 'done' && i.status !== 'skipped' && atOnce.includes(i.stage) && (i.dueAt ?? 0) / 1000 <= now,
  );
  due.sort((a, b) => Number(b.stage === 'first') - Number(a.stage === 'first') || a.askedAt - b.askedAt);
  // The first piece is asked when there is one: after set-up, or as soon as the machine has counted it.
  return due
    .filter((i) => i.stage !== 'first' || run.status !== 'setup' || (proposed?.total ?? 0) > 0)
    .map((inspection) => ({ step: 'inspection', inspection, blocking: inspection.stage === 'first' }));
}

function stopAsk({ openStop }: KioskView, now: number): Ask | null {
  if (!openStop || openStop.state === 'setup') return null;
  if (openStop.to !== null && now - openStop.to / 1000 > stopAskedMs) return null;
  const end = openStop.to === null ? now : openStop.to / 1000;
  return end - openStop.from / 1000 >= askAfterMs ? { step: 'stop', stop: openStop } : null;
}

/** Inspections that must be done before the work is finished: the last piece, and what is still due. */
export function beforeFinish(view: KioskView): readonly Inspection[] {
  return view.inspections
    .filter((i) => i.status === 'due' || i.status === 'open')
    .filter((i) => i.stage !== 'shipping');
}
