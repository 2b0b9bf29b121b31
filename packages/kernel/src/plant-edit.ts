import type { DiscoveryProposal } from '@deungdae/contracts/api-entities.ts';
import { Plant } from '@deungdae/contracts/plant.ts';
import {
  isCollection,
  isMap,
  isPair,
  isSeq,
  type Node,
  parseDocument,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { z } from 'zod';
import { asBlocks, blockText, columnOf } from './plant-edit-block.ts';
import { plantError } from './plant-errors.ts';
import { type ExpandedPlant, expandPlant } from './plant-expand.ts';
import { type FilePath, pathText, valueAt } from './plant-position.ts';

/**
 * Edits of the plant file as text: only the lines concerned change, so comments, order and formatting stay. Each
 * function returns the new text; whether it is a good plant file is for `readPlantText` to say.
 * Throws plant.editTarget when the place does not exist.
 */

/** Adds signals (as they stand in the file) to an equipment, given by its plant path. */
export function addSignals(text: string, equipment: string, signals: readonly object[]): string {
  return append(text, [...equipmentAt(text, equipment), 'signals'], signals);
}

export function addConnection(text: string, connection: object): string {
  return append(text, ['connections'], [connection]);
}

/** Sets one field, such as `['sites', 0, 'timeZone']`; adds it where it is missing. */
export function setField(text: string, path: FilePath, value: unknown): string {
  const doc = parse(text);
  const node = doc.getIn(path as (string | number)[], true) as Node | undefined;
  if (node?.range) {
    const [start, end] = node.range;
    const broken = isCollection(node) && !node.flow;
    const tail = broken ? leafEnd(node) : end;
    return checked(text.slice(0, start) + inline(value) + text.slice(tail));
  }
  const parent = doc.getIn(path.slice(0, -1) as (string | number)[], true) as Node | undefined;
  if (!isMap(parent)) throw plantError('plant.editTarget', { name: pathText(path) }, { status: 400 });
  return checked(addPair(text, parent, String(path.at(-1)), value));
}

/** Adds discovered signals. One whose address on this connection is already bound is left out; a taken id gets a number. */
export function addBindings(
  text: string,
  options: { equipment: string; connection: string; proposals: readonly z.infer<typeof DiscoveryProposal>[] },
): { text: string; added: number } {
  const item = expanded(text).equipment.find((e) => e.path === options.equipment);
  if (!item) throw plantError('plant.editTarget', { name: options.equipment }, { status: 404 });
  const taken = new Set(item.signals.map((s) => s.signal.id));
  const bound = new Set(item.signals.map((s) => JSON.stringify([s.connection, s.address])));
  const signals = options.proposals.flatMap((proposal) => {
    const key = JSON.stringify([options.connection, proposal.address]);
    if (bound.has(key)) return [];
    bound.add(key);
    let id = proposal.id.slice(0, 60);
    for (let n = 2; taken.has(id); n++) id = `${proposal.id.slice(0, 58)}-${n}`;
    taken.add(id);
    const connection = item.connection === options.connection ? {} : { connection: options.connection };
    return [
      {
        id,
        ...(proposal.name && proposal.name !== id ? { name: proposal.name.slice(0, 200) } : {}),
        ...(proposal.kind === 'number' ? {} : { kind: proposal.kind }),
        ...(proposal.unit ? { unit: proposal.unit } : {}),
        source: { ...connection, ...proposal.address },
      },
    ];
  });
  if (signals.length === 0) return { text, added: 0 };
  return { text: append(text, [...item.filePath, 'signals'], signals), added: signals.length };
}

function parse(text: string) {
  const doc = parseDocument(text, { merge: true });
  if (doc.errors.length > 0) throw plantError('plant.syntax', { detail: doc.errors[0]!.message }, { status: 400 });
  return doc;
}

/** The hierarchy of a text that is a plant file; throws plant.editTarget when it is none. */
export function expanded(text: string): ExpandedPlant {
  const raw: unknown = parse(text).toJS({ maxAliasCount: 200 });
  const plant = Plant.safeParse(raw);
  if (!plant.success) throw plantError('plant.editTarget', { name: 'plant.yaml' }, { status: 400 });
  return expandPlant(plant.data, raw);
}

function equipmentAt(text: string, equipment: string): FilePath {
  const found = expanded(text).equipment.find((e) => e.path === equipment);
  if (!found) throw plantError('plant.editTarget', { name: equipment }, { status: 404 });
  return found.filePath;
}

/** Appends items, each on lines of its own, to the sequence at `path`, which is made when it is missing. */
export function append(before: string, path: FilePath, items: readonly object[]): string {
  const text = asBlocks(before, path);
  const doc = parse(text);
  const list = doc.getIn(path as (string | number)[], true) as Node | undefined;
  if (isSeq(list) && list.range && list.items.length > 0) {
    if (list.flow) return checked(appendFlow(text, list, items));
    return checked(insertAfter(text, leafEnd(list), blockText(items, columnOf(text, list.range[0]))));
  }
  const parent = doc.getIn(path.slice(0, -1) as (string | number)[], true) as Node | undefined;
  if (!isMap(parent)) throw plantError('plant.editTarget', { name: pathText(path) }, { status: 400 });
  const key = String(path.at(-1));
  if (!list) return checked(addPair(text, parent, key, items));
  // An empty list, or a key without a value: the items come below the key.
  if (!(isSeq(list) || valueAt(doc.toJS(), path) === null))
    throw plantError('plant.editTarget', { name: pathText(path) }, { status: 400 });
  const pair = parent.items.find((item) => String((item.key as { value?: unknown }).value) === key)!;
  const column = columnOf(text, (pair.key as Node).range![0]);
  if (parent.flow) return setField(text, path, items);
  const [start, end] = isSeq(list) ? list.range! : [list.range![0], list.range![0]];
  const cut = `${text.slice(0, start).trimEnd()}${text.slice(end)}`;
  return checked(insertAfter(cut, (pair.key as Node).range![1], blockText(items, column + 2)));
}

function addPair(text: string, map: YAMLMap, key: string, value: unknown): string {
  const [start, end] = map.range!;
  if (map.flow) {
    const close = text.lastIndexOf('}', end - 1);
    const head = text.slice(0, close).trimEnd();
    return `${head}${map.items.length > 0 && !head.endsWith(',') ? ', ' : ' '}${key}: ${inline(value)} ${text.slice(close)}`;
  }
  return insertAfter(text, leafEnd(map), blockText({ [key]: value }, columnOf(text, start)));
}

function appendFlow(text: string, list: YAMLSeq, items: readonly object[]): string {
  const close = text.lastIndexOf(']', list.range![1] - 1);
  const head = text.slice(0, close).trimEnd();
  const comma = list.items.length > 0 && !head.endsWith(',') ? ', ' : '';
  return head + comma + items.map(inline).join(', ') + text.slice(close);
}

/** JSON is YAML in flow style; a plain text stays unquoted where YAML allows. */
function inline(value: unknown): string {
  if (typeof value === 'string') return stringify(value, { lineWidth: 0, blockQuote: false }).trimEnd();
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** End of the last thing in a block collection, before the comments and blank lines that follow it. */
function leafEnd(node: Node): number {
  if (!isCollection(node) || node.flow || node.items.length === 0) return node.range![1];
  const last = node.items.at(-1) as unknown;
  if (isPair(last)) return leafEnd((last.value as Node | null) ?? (last.key as Node));
  return leafEnd(last as Node);
}

/** Inserts a block on the lines after the one in which `offset` lies. */
function insertAfter(text: string, offset: number, block: string): string {
  if (offset > 0 && text[offset - 1] === '\n') return `${text.slice(0, offset)}${block}\n${text.slice(offset)}`;
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return `${text}\n${block}\n`;
  return `${text.slice(0, newline + 1)}${block}\n${text.slice(newline + 1)}`;
}

/** An edit that would break the file is an error, never a broken file. */
function checked(text: string): string {
  parse(text);
  return text;
}
