import type { RouteCall, RouteOutput } from '@deungdae/contracts/api.ts';
import type { NewPlace } from '@deungdae/contracts/plant-edit.ts';
import { romanized } from '../../i18n/hangul.ts';

type Proposal = RouteOutput<'discover'>['proposals'][number];
type Place = NonNullable<RouteCall<'addBindings'>['body']['places']>[number];
type State = NonNullable<NewPlace['state']>;

/** Answers about a machine that is not in the plant yet. A line or area is a path, or a name of one to be made. */
export interface MachineDraft {
  name: string;
  /** Empty: made of the name. */
  id: string;
  area: string | null;
  areaName: string;
  line: string | null;
  lineName: string;
}

export const newOne = '+';
export const emptyDraft: MachineDraft = { name: '', id: '', area: null, areaName: '', line: null, lineName: '' };

/** A valid id made of names, addresses or Hangul; `taken` ones get a number. `otherwise` when nothing is left of it. */
export function idFrom(wish: string, taken: ReadonlySet<string>, otherwise: string): string {
  const base =
    romanized(wish)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 56)
      .replace(/^-+|-+$/g, '') || otherwise;
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}-${n}`)) n++;
  return `${base}-${n}`;
}

/** What the plant file needs for this machine, from above to below; null while an answer is missing. */
export function placesOf(draft: MachineDraft, paths: ReadonlySet<string>, site: string): Place[] | null {
  const places: Place[] = [];
  const below = (parent: string, level: Place['level'], name: string, id = '') => {
    const taken = new Set([...paths].filter((p) => p.startsWith(`${parent}/`)).map((p) => p.slice(parent.length + 1)));
    const path = `${parent}/${idFrom(id || name, taken, level)}`;
    places.push({ path, level, name: name.trim() });
    return path;
  };
  if (!draft.name.trim() || draft.area === null) return null;
  if (draft.area === newOne && !draft.areaName.trim()) return null;
  if (draft.line === newOne && !draft.lineName.trim()) return null;
  const area = draft.area === newOne ? below(site, 'area', draft.areaName) : draft.area;
  const line = draft.line === newOne ? below(area, 'line', draft.lineName) : (draft.line ?? area);
  below(line, 'equipment', draft.name, draft.id);
  return places;
}

export interface StateChoice {
  key: string;
  /** Text key without its beginning. */
  means: 'mtconnect' | 'packml' | 'runningBit' | 'counter';
  signal: string;
  state: State;
}

/** What a PackML machine calls its states; a signal whose value is one of them speaks PackML. */
const packmlStates = new Set(
  'Idle Starting Execute Completing Complete Resetting Holding Held Unholding Suspending Suspended Unsuspending Stopping Stopped Aborting Aborted Clearing'.split(
    ' ',
  ),
);

const words = (p: Proposal) => `${p.id} ${p.name}`.toLowerCase().replace(/[^a-z가-힣]+/g, ' ');

/** An id that two of them wish for is numbered by the server: such a signal cannot be named by a rule. */
function unambiguous(picked: readonly Proposal[]): Proposal[] {
  const counts = new Map<string, number>();
  for (const p of picked) counts.set(p.id, (counts.get(p.id) ?? 0) + 1);
  return picked.filter((p) => counts.get(p.id) === 1 && p.id.length <= 60);
}

/** Ways in which the picked signals can tell the machine's state, the likeliest first. */
export function stateChoices(picked: readonly Proposal[]): StateChoice[] {
  const sure = unambiguous(picked);
  const choice = (means: StateChoice['means'], p: Proposal, state: State): StateChoice => ({
    ...{ key: `${means}:${p.id}`, means, signal: p.name },
    state,
  });
  const execution = sure.filter((p) => /\bexecution\b/.test(words(p)));
  const mode = sure.find((p) => /\b(controller ?mode|mode)\b/.test(words(p)) && p.kind !== 'number');
  const availability = sure.find((p) => /\bavail/.test(words(p)));
  const packml = sure.filter(
    (p) =>
      /\b(state ?current|pack ?ml ?state)\b/.test(words(p)) || (p.kind !== 'number' && packmlStates.has(p.value ?? '')),
  );
  const likely = (p: Proposal) => /\b(run|running|operating|active|busy|auto)\b|가동|운전/.test(words(p));
  const bits = sure.filter((p) => p.kind === 'boolean').sort((a, b) => Number(likely(b)) - Number(likely(a)));
  const counters = sure.filter(
    (p) => p.kind !== 'boolean' && /\b(count|counter|parts|total)\b|수량|카운트/.test(words(p)),
  );
  return [
    ...execution.map((p) =>
      choice('mtconnect', p, {
        ...{ preset: 'mtconnect' as const, execution: p.id },
        ...(mode ? { mode: mode.id } : {}),
        ...(availability ? { availability: availability.id } : {}),
      }),
    ),
    ...packml.map((p) => choice('packml', p, { preset: 'packml', signal: p.id })),
    ...bits.map((p) => choice('runningBit', p, { preset: 'runningBit', signal: p.id })),
    ...counters.map((p) => choice('counter', p, { preset: 'counter', signal: p.id, stoppedAfter: '2min' })),
  ];
}

/** What counts pieces, as a person answers: `total` is a signal's id, empty for none, null while nobody chose. */
export interface CountDraft {
  total: string | null;
  scrap: string;
  /** Pieces at each step of the counter: the cavities of a mould. */
  perIncrement: number;
  /** Planned seconds per piece; null when not known yet. */
  seconds: number | null;
}
export const emptyCount: CountDraft = { total: null, scrap: '', perIncrement: 1, seconds: null };

export interface CountChoices {
  counters: readonly { id: string; name: string }[];
  /** The one that is named like a counter of pieces; empty when none is. */
  likely: string;
}

/** Signals that may count pieces; one that counts scrap by its name is never taken for the total. */
export function countChoices(picked: readonly Proposal[]): CountChoices {
  const counters = unambiguous(picked).filter((p) => p.kind === 'number' || p.kind === 'integer');
  const total = counters.find(
    (p) => /\b(count|counter|parts|total|shots)\b|수량|카운트|생산|타수/.test(words(p)) && !isScrap(p),
  );
  return { counters: counters.map(({ id, name }) => ({ id, name })), likely: total?.id ?? '' };
}

const isScrap = (p: Proposal) => /\b(scrap|reject|rejects|rejected|bad|ng|defect|defects)\b|불량/.test(words(p));

/** Counters and cycle time for the plant file. */
export function countsOf(draft: CountDraft, { likely }: CountChoices): Pick<Place, 'counters' | 'cycleTimes'> {
  const { total = null, scrap, perIncrement, seconds } = draft;
  const signal = total ?? likely;
  if (!signal) return {};
  const counters = [{ counts: 'total' as const, signal, perIncrement }];
  return {
    counters:
      scrap && scrap !== signal
        ? [...counters, { counts: 'scrap' as const, signal: scrap, perIncrement: 1 }]
        : counters,
    ...(seconds ? { cycleTimes: [{ product: '*', seconds }] } : {}),
  };
}

/** Whether the first choice is so plain that it may stand chosen. */
export function obviousState(choices: readonly StateChoice[]): StateChoice | null {
  const first = choices[0];
  if (!first) return null;
  const runs = /run|operating|가동|운전/i.test(first.signal);
  return first.means === 'mtconnect' || first.means === 'packml' || (first.means === 'runningBit' && runs)
    ? first
    : null;
}
