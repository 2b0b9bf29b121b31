import type { NodeBindings } from './bindings.ts';
import { type MetricColumns, ValueKind } from './columns.ts';
import { DataType } from './datatypes.ts';
import { readTemplate } from './decode.ts';
import { MetricTable, type Slot } from './metric-table.ts';
import { type Sampling, sampleMetric } from './sampling.ts';

/** Templates within templates deeper than this are not followed. */
const maxDepth = 8;

export interface Collision {
  alias: number | bigint;
  first: string;
  second: string;
}

/** The metrics of an edge node and its devices: built by births, looked up by data. */
export class NodeMetrics {
  readonly #bindings: NodeBindings;
  readonly #tables = new Map<string | null, MetricTable>();
  /** Datatypes of the members of each template definition. */
  readonly #definitions = new Map<string, Map<string, number>>();
  /** Which device (or the node: '') each alias belongs to: it must be unique across the node. */
  readonly #owners = new Map<number | bigint, string>();

  constructor(bindings: NodeBindings) {
    this.#bindings = bindings;
  }

  forget(): void {
    this.#tables.clear();
    this.#definitions.clear();
    this.#owners.clear();
  }

  dropDevice(device: string): void {
    this.#tables.delete(device);
  }

  /** Signals bound to a node or device, whether born or not. */
  *signalsOf(device: string | null): Generator<number> {
    for (const targets of this.#bindings.of(device).values()) for (const t of targets) yield t.signal;
  }

  /**
   * Takes a birth: builds the table, adds the values. Returns what is wrong with it: aliases used twice, bound metrics
   * that it does not have, and bound metrics that the birth before had.
   */
  birth(device: string | null, columns: MetricColumns, sampling: Sampling) {
    const before = this.#tables.get(device);
    const table = new MetricTable();
    this.#tables.set(device, table);
    if (device === null) {
      this.#owners.clear();
      this.#definitions.clear();
      this.#define(columns);
    }
    const collisions: Collision[] = [];
    const bound = this.#bindings.of(device);
    for (let i = 0; i < columns.length; i++) {
      const name = columns.name(i);
      if (name === null) continue;
      const slot = this.#slotOf(table, device, columns, i, name, collisions);
      if (slot.targets) sampleMetric(sampling, columns, i, slot);
      if (columns.kind[i] === ValueKind.template)
        this.#members(device, table, columns, i, name, sampling, collisions, 0);
    }
    const missing = [...bound.keys()].filter((name) => !table.byName(name));
    const vanished = missing.filter((name) => before?.byName(name));
    return { collisions, missing, vanished: vanished.flatMap((name) => bound.get(name)!.map((t) => t.signal)) };
  }

  #slotOf(
    table: MetricTable,
    device: string | null,
    columns: MetricColumns,
    i: number,
    name: string,
    collisions: Collision[],
  ): Slot {
    const targets = this.#bindings.of(device).get(name) ?? null;
    const slot: Slot = { name, datatype: columns.datatype[i]!, targets };
    const alias = columns.aliasOf(i);
    const first = table.add(slot, alias);
    if (alias === undefined) return slot;
    const here = device ?? '';
    const owner = this.#owners.get(alias);
    if (first) collisions.push({ alias, first: first.name, second: name });
    else if (owner !== undefined && owner !== here)
      collisions.push({ alias, first: owner || 'node', second: here || 'node' });
    this.#owners.set(alias, here);
    return slot;
  }

  /** Remembers the member types of the template definitions in an NBIRTH. */
  #define(columns: MetricColumns): void {
    for (let i = 0; i < columns.length; i++) {
      if (columns.kind[i] !== ValueKind.template) continue;
      const template = readTemplate(columns.reader.bytes, columns.lo[i]!, columns.hi[i]!);
      if (!template.isDefinition) continue;
      const members = new Map<string, number>();
      for (let m = 0; m < template.members.length; m++) {
        const name = template.members.name(m);
        if (name !== null) members.set(name, template.members.datatype[m]!);
      }
      this.#definitions.set(columns.name(i) ?? '', members);
    }
  }

  /** The members of a template instance as metrics of their own, named `instance/member`. */
  #members(
    device: string | null,
    table: MetricTable,
    columns: MetricColumns,
    i: number,
    name: string,
    sampling: Sampling,
    collisions: Collision[] | null,
    depth: number,
  ): void {
    if (depth >= maxDepth) return;
    const template = readTemplate(columns.reader.bytes, columns.lo[i]!, columns.hi[i]!);
    if (template.isDefinition) return;
    const types = this.#definitions.get(template.templateRef ?? '');
    const members = template.members;
    const ms = columns.time[i]!;
    for (let m = 0; m < members.length; m++) {
      const short = members.name(m);
      const alias = members.aliasOf(m);
      const known = short === null ? (alias === undefined ? undefined : table.byAlias(alias)) : undefined;
      const full = short === null ? known?.name : `${name}/${short}`;
      if (full === undefined) continue;
      if (Number.isNaN(members.time[m]!)) members.time[m] = ms;
      if (members.datatype[m] === 0) members.datatype[m] = types?.get(short ?? '') ?? table.byName(full)?.datatype ?? 0;
      const slot = collisions
        ? this.#slotOf(table, device, members, m, full, collisions)
        : (table.byName(full) ?? this.#slotOf(table, device, members, m, full, []));
      if (slot.targets) sampleMetric(sampling, members, m, slot);
      if (members.kind[m] === ValueKind.template)
        this.#members(device, table, members, m, full, sampling, collisions, depth + 1);
    }
  }

  /** Adds the values of a DATA message. Returns the first metric that the birth did not name, or null. */
  data(device: string | null, columns: MetricColumns, sampling: Sampling): string | null {
    const table = this.#tables.get(device);
    if (!table) return '*';
    let unknown: string | null = null;
    const n = columns.length;
    for (let i = 0; i < n; i++) {
      const alias = columns.alias[i]!;
      const slot = Number.isNaN(alias)
        ? table.byName(columns.name(i) ?? '')
        : table.byAlias(columns.wideAliases?.get(i) ?? alias);
      if (slot === undefined) {
        unknown ??= this.#unknownName(table, columns, i);
        continue;
      }
      if (slot.targets !== null) sampleMetric(sampling, columns, i, slot);
      if (slot.datatype === DataType.Template && columns.kind[i] === ValueKind.template)
        this.#members(device, table, columns, i, slot.name, sampling, null, 0);
    }
    return unknown;
  }

  /** An ambiguous alias was told of at the birth; asking again would not help. */
  #unknownName(table: MetricTable, columns: MetricColumns, i: number): string | null {
    const alias = columns.aliasOf(i);
    if (alias !== undefined && table.isAmbiguous(alias)) return null;
    return columns.name(i) ?? `alias ${alias}`;
  }
}
