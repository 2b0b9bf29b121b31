import type { MasterKind } from '@deungdae/contracts/master.ts';
import type { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { useNames } from '../../ui/names.tsx';
import { codesOf, type Fact, factsOf, isMoment, kindOfField } from './event-words.ts';

export type AuditEvent = Awaited<ReturnType<typeof api.audit>>[number];

/** Where the words of a field's choices stand, tried in this order. */
const choices: Readonly<Record<string, readonly ((value: string) => string)[]>> = {
  role: [(v) => `role.${v}`],
  stage: [(v) => `quality.stage.${v}`],
  verdict: [(v) => `quality.verdict.${v}`],
  severity: [(v) => `quality.severity.${v}`],
  kind: [
    (v) => `production.fourM.${v}`,
    (v) => `production.call.${v}`,
    (v) => `production.kind.${v}`,
    (v) => `masterdata.kind.${v}`,
  ],
  status: [(v) => `production.status.${v}`, (v) => `production.change.${v}`, (v) => `inventory.status.${v}`],
  shortage: [(v) => `production.shortageRule.${v}`],
  why: [(v) => `production.shortage.${v}`],
  origin: [(v) => `audit.origin.${v}`],
  fromPlace: [(v) => `inventory.place.${v}`],
  toPlace: [(v) => `inventory.place.${v}`],
};
/** Entries of a list that are said; the rest is counted. */
const most = 20;

/** What events say, in words: names for codes, dates for moments, the reader's language. */
export function useEventWords(events: readonly AuditEvent[]) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const codes: Partial<Record<MasterKind, string[]>> = {};
  for (const event of events)
    for (const [code, kind] of codesOf(event.data)) {
      codes[kind as MasterKind] ??= [];
      codes[kind as MasterKind]!.push(code);
    }
  const nameOf = useNames(codes);
  const known = (key: string) => {
    const text = t(key as TextKey);
    return text === key ? null : text;
  };
  const field = (key: string) => known(`audit.field.${key}`) ?? key;
  const plain = (key: string, value: string): string => {
    if (plant.node(value)) return plant.name(value);
    for (const keyOf of choices[key] ?? []) {
      const text = known(keyOf(value));
      if (text) return text;
    }
    const kind = kindOfField[key];
    if (!kind) return value;
    const name = nameOf(kind, value, kind === 'reason' ? (plant.reasonName(value) ?? undefined) : undefined);
    return name === value || kind === 'reason' ? name : `${name} (${value})`;
  };
  const value = (key: string, given: unknown): string => {
    if (given === null || given === undefined || given === '') return '–';
    if (typeof given === 'boolean') return t(given ? 'audit.yes' : 'audit.no');
    if (isMoment(key, given)) return f.dateTime(given / 1000);
    if (typeof given === 'number') return f.number(given, Math.min(6, (String(given).split('.')[1] ?? '').length));
    if (typeof given === 'string') return plain(key, given);
    if (Array.isArray(given)) {
      const said = given.slice(0, most).map((each) => value(key, each));
      return said.join(', ') + (given.length > most ? ` … (${f.number(given.length)})` : '');
    }
    // Of a line of a list, what it is about and how many of it say themselves what they are.
    const bare = (fact: Fact, i: number) => fact.key === 'quantity' || (i === 0 && typeof fact.value === 'string');
    return factsOf(given)
      .map((fact, i) => (bare(fact, i) ? value(fact.key, fact.value) : sentence(fact)))
      .join(' ');
  };
  const sentence = (fact: Fact): string => {
    const now = value(fact.key, fact.value);
    return `${field(fact.key)} ${'before' in fact ? `${value(fact.key, fact.before)} → ${now}` : now}`;
  };
  return {
    known,
    field,
    value,
    sentence,
    event: (type: string) => known(`event.${type}`) ?? type,
    actor: ({ actor, actorName }: AuditEvent) => {
      const [kind = '', id = ''] = [actor.slice(0, actor.indexOf(':')), actor.slice(actor.indexOf(':') + 1)];
      return actorName ?? (kind === 'system' ? `${t('audit.system')} (${id})` : shortened(id));
    },
  };
}
export type EventWords = ReturnType<typeof useEventWords>;

/** Ids are long and tell a person nothing: their end is enough to tell them apart. */
export function shortened(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{16}([0-9a-f]{6})/g, '…$1');
}
