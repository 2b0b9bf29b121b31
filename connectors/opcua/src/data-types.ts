import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { BrowseDirection, type ClientSession, type NodeId } from 'node-opcua-client';

/** Kind of a signal by its data type, following subtypes up to a built-in type. One answer per type and session. */
export class DataTypes {
  readonly #session: ClientSession;
  readonly #kinds = new Map<string, SignalKind>();
  readonly #names = new Map<string, string>();

  constructor(session: ClientSession) {
    this.#session = session;
  }

  async kindOf(dataType: NodeId, isArray: boolean): Promise<SignalKind> {
    const kind = await this.#scalarKind(dataType);
    if (!isArray) return kind;
    return kind === 'number' || kind === 'integer' ? 'vector' : 'json';
  }

  /** Browse name of a type node, such as `PackMLMachineStateMachineType`. */
  async nameOf(type: NodeId): Promise<string> {
    const key = type.toString();
    let name = this.#names.get(key);
    if (name === undefined) {
      const value = await this.#session.read({ nodeId: type, attributeId: 3 });
      name = (value.value?.value as { name?: string } | null)?.name ?? '';
      this.#names.set(key, name);
    }
    return name;
  }

  /** Texts of an enumeration from its data type: EnumStrings, or EnumValues. */
  async enumerationOf(dataType: NodeId): Promise<Record<string, string> | undefined> {
    const result = await this.#session.browse({
      nodeId: dataType,
      referenceTypeId: 'i=46',
      includeSubtypes: true,
      browseDirection: BrowseDirection.Forward,
      nodeClassMask: 0,
      resultMask: 63,
    });
    for (const reference of result.references ?? []) {
      if (reference.browseName.name !== 'EnumStrings' && reference.browseName.name !== 'EnumValues') continue;
      const value = await this.#session.read({ nodeId: reference.nodeId, attributeId: 13 });
      return enumerationFrom(value.value?.value);
    }
    return undefined;
  }

  async #scalarKind(dataType: NodeId): Promise<SignalKind> {
    const key = dataType.toString();
    const known = this.#kinds.get(key) ?? builtInKind(dataType);
    if (known) return known;
    const result = await this.#session.browse({
      nodeId: dataType,
      referenceTypeId: 'i=45',
      includeSubtypes: false,
      browseDirection: BrowseDirection.Inverse,
      nodeClassMask: 0,
      resultMask: 63,
    });
    const parent = result.references?.[0]?.nodeId;
    const kind = parent ? await this.#scalarKind(parent) : 'json';
    this.#kinds.set(key, kind);
    return kind;
  }
}

/** Part 6 §5.1.2 numbers of the built-in types, and the abstract ones above them. */
function builtInKind(dataType: NodeId): SignalKind | null {
  if (dataType.namespace !== 0 || typeof dataType.value !== 'number') return null;
  const id = dataType.value;
  if (id === 29) return 'enum';
  if (id === 1) return 'boolean';
  if ((id >= 2 && id <= 9) || id === 27 || id === 28) return 'integer';
  if (id === 10 || id === 11 || id === 26) return 'number';
  if ((id >= 12 && id <= 21) || id === 294) return 'text';
  if (id >= 22 && id <= 25) return 'json';
  return null;
}

/** LocalizedText[] (EnumStrings) or EnumValueType[] (EnumValues) as raw value → text. */
export function enumerationFrom(value: unknown): Record<string, string> | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const texts: Record<string, string> = {};
  for (const [i, entry] of (value as Record<string, unknown>[]).entries()) {
    const number = Array.isArray(entry.value) ? (entry.value[1] as number) : i;
    const text = (entry.displayName as { text?: string } | undefined)?.text ?? (entry.text as string | undefined);
    if (typeof text === 'string') texts[String(number)] = text;
  }
  return texts;
}
