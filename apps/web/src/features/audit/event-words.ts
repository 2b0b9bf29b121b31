/** One line of what an event says: a value, or what it was and what it became. */
export interface Fact {
  key: string;
  value: unknown;
  /** Given where something changed; null where there was nothing before. */
  before?: unknown;
}

type Data = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of use to programs alone: they stay in what is folded away. */
const inside = new Set([
  ...[
    'entryId',
    'clientTime',
    'reference',
    'hold',
    'version',
    'updatedAt',
    'createdAt',
    'run',
    'id',
    'hash',
    'user_id',
  ],
  ...['kept', 'corrects', 'closing', 'movement', 'denominator', 'numerator', 'createdBy'],
]);
/** An id of ours, whatever field it stands in. */
const idLike = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|lot-[0-9a-z]{8,}|[0-9a-f]{40,})$/;
/** What a reader looks for first; all else follows in the order of its names. */
const first = [
  ...['number', 'name', 'order', 'workOrder', 'item', 'lot', 'lots', 'reason', 'good', 'scrap', 'defects', 'rework'],
  ...['quantity', 'counted', 'total', 'machine', 'operation', 'customer', 'supplier', 'partner', 'due'],
];
const rank = ({ key }: Fact) => (first.includes(key) ? first.indexOf(key) : first.length);
const isEmpty = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'string' && idLike.test(value)) ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** How changes are written by the modules: the whole before and after. */
const pairs = [
  ['before', 'after'],
  ['former', 'now'],
] as const;

/** What an event says, one line a field: of what changed only what differs; ids and what is empty are left out. Pure. */
export function factsOf(data: unknown): Fact[] {
  if (!isObject(data)) return isEmpty(data) ? [] : [{ key: 'value', value: data }];
  const pair = pairs.find(([was, is]) => was in data && is in data && (isObject(data[was]) || isObject(data[is])));
  const facts = pair ? differences(record(data[pair[0]]), record(data[pair[1]])) : [];
  for (const [key, value] of Object.entries(data))
    if (!pair?.includes(key as never) && !inside.has(key) && !isEmpty(value))
      facts.push({ key: meant(key, value), value });
  return facts.sort((a, b) => rank(a) - rank(b));
}

/** `from` and `to` are moments, places or the lots that went in. */
function meant(key: string, value: unknown): string {
  if (key === 'from' && Array.isArray(value)) return 'fromLots';
  return (key === 'from' || key === 'to') && typeof value === 'string' ? `${key}Place` : key;
}

/** A record of the master data carries its fields one level down. */
function record(value: unknown): Data {
  if (!isObject(value)) return {};
  return isObject(value.data) ? { ...value, ...value.data, data: null } : value;
}

function differences(before: Data, after: Data): Fact[] {
  const isNew = Object.keys(before).length === 0;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [was, is] = [before[key] ?? null, after[key] ?? null];
    if (inside.has(key) || (isEmpty(was) && isEmpty(is)) || JSON.stringify(was) === JSON.stringify(is)) return [];
    // A record that says only what was given leaves the others as they were.
    if (!isNew && Object.keys(after).length > 0 && !(key in after)) return [];
    return [isNew ? { key, value: is } : { key, value: is, before: was }];
  });
}

/** Kind and name of what an event is about; the number in it says more to a person than an id does. Pure. */
export function subjectOf(subject: string, data: unknown): { kind: string | null; name: string } {
  const at = subject.indexOf('/');
  const kind = at < 0 ? subject : subject.slice(0, at);
  const id = at < 0 ? '' : subject.slice(at + 1);
  const fields = isObject(data) ? data : {};
  const first = Array.isArray(fields.lots) && fields.lots.length === 1 ? (fields.lots[0] as Data).lot : null;
  const spoken =
    { run: fields.order ?? fields.workOrder, lot: fields.number ?? first }[kind] ?? fields.number ?? fields.name;
  return { kind, name: idLike.test(id) ? String(spoken ?? '') : id };
}

/** Codes of the master data that an event speaks of, so that their names are asked for at once. Pure. */
export function codesOf(data: unknown, found: Map<string, string> = new Map()): Map<string, string> {
  if (Array.isArray(data)) for (const each of data) codesOf(each, found);
  else if (isObject(data))
    for (const [key, value] of Object.entries(data)) {
      const kind = kindOfField[meant(key, value)];
      if (kind && typeof value === 'string' && value !== '' && value.length <= 60) found.set(value, kind);
      else if (typeof value === 'object') codesOf(value, found);
    }
  return found;
}

/** Which kind of master data a field holds a code of. */
export const kindOfField: Readonly<Record<string, 'item' | 'reason' | 'partner' | 'location' | 'tool' | 'skill'>> = {
  ...{ item: 'item', reason: 'reason', partner: 'partner', customer: 'partner', supplier: 'partner' },
  ...{ location: 'location', fromPlace: 'location', toPlace: 'location', tool: 'tool', skill: 'skill' },
};
/** Fields of moments, µs UTC. */
export const isMoment = (key: string, value: unknown): value is number =>
  typeof value === 'number' && value > 1e14 && /(^(due|from|to|time|at|end|since)$|At$|^valid|Time$)/.test(key);
