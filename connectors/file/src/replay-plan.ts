import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import {
  type DataItem,
  type Device,
  ItemIndex,
  kindOf,
  parseDevices,
  shapeOf,
} from '@deungdae/connector-mtconnect/device-model.ts';
import { proposePlant, uniqueId } from '@deungdae/connector-mtconnect/propose.ts';
import type { ShdrShape } from '@deungdae/connector-mtconnect/shdr.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { fileError } from './errors.ts';
import { listFiles } from './files.ts';
import { surveyTable } from './table-survey.ts';
import { type LogSurvey, saidOf, surveyShdr, type TagSurvey } from './tag-survey.ts';
import { yamlText } from './yaml-text.ts';

export interface ReplayPlan {
  /** Text of a plant file with one connection `replay`, one equipment and its signals. */
  plantYaml: string;
  /** Files in the order in which they are read, absolute. */
  files: string[];
  format: 'shdr' | 'csv' | 'ndjson';
  lines: number;
  tags: number;
  notes: ReplayNote[];
}

export type ReplayNote =
  | { kind: 'deviceModel'; file: string; device: string; items: number }
  | { kind: 'noDeviceModel' }
  /** A tag of the log that the device model does not have; it became a signal all the same. */
  | { kind: 'notInModel'; tag: string; as: SignalKind }
  /** The model says number, the log says otherwise; or the log holds only numbers where the model says text. */
  | { kind: 'kindFromLog'; tag: string; model: SignalKind; as: SignalKind }
  | { kind: 'rejectedLines'; count: number };

interface PlannedSignal {
  id: string;
  name: string;
  kind: SignalKind;
  unit: string | null;
  tag: string;
  shape: ShdrShape;
  type: string | null;
}

/**
 * Makes the plant file for replaying a log: a file, folder or pattern, and the device model when there is one (given, or
 * a `*Devices.xml` beside the log or in the folder above). Reads the log once. Throws `file.none` when there is no file.
 */
export async function planReplay(options: {
  path: string;
  devices?: string;
  encoding?: 'utf-8' | 'cp949';
  timeZone?: string;
}): Promise<ReplayPlan> {
  const path = resolve(options.path);
  const list = await listFiles(path);
  const names = list.names.filter((name) => !/\.(xml|xsd|md)$/i.test(name));
  if (names.length === 0) throw fileError('file.none', { path: options.path });
  const format = formatOf(names[0]!);
  const files = names.map((name) => resolve(list.root, name));
  const notes: ReplayNote[] = [];
  const timeZone = options.timeZone ?? 'UTC';
  const encoding = options.encoding ?? 'utf-8';
  const connection = { id: 'replay', name: basename(path), type: 'file', path, format, speed: 'max', encoding };
  if (format !== 'shdr') {
    const table = await surveyTable(files[0]!, format, encoding);
    const planned = table.signals.map((s) => ({
      ...s,
      source: { connection: 'replay', ...s.address },
      address: undefined,
    }));
    const id = uniqueId(basename(path).replace(/\.\w+$/, ''), new Set());
    const equipment = { id, connection: 'replay', signals: planned };
    const plantYaml = plantText({ ...connection, ...table.config, timeZone }, equipment, timeZone);
    return { plantYaml, files, format, lines: table.lines, tags: planned.length, notes };
  }
  const model = await findModel(path, list.root, options.devices);
  const index = new ItemIndex(model?.devices ?? []);
  const survey = await surveyShdr(list.root, names, encoding, (tag) => {
    const item = index.find(tag);
    return item ? shapeOf(item) : null;
  });
  const device = model ? bestDevice(model.devices, names, survey) : null;
  if (device && model)
    notes.push({ kind: 'deviceModel', file: model.file, device: device.name, items: device.items.length });
  else notes.push({ kind: 'noDeviceModel' });
  const equipment = device ? fromDevice(device, survey, notes) : fromTags(basename(path), survey, notes);
  if (survey.rejected > 0) notes.push({ kind: 'rejectedLines', count: survey.rejected });
  const plantYaml = plantText(connection, equipment, timeZone);
  return { plantYaml, files, format, lines: survey.lines, tags: survey.tags.size, notes };
}

function formatOf(name: string): ReplayPlan['format'] {
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson';
  return /\.(csv|tsv)$/i.test(name) ? 'csv' : 'shdr';
}

function plantText(connection: object, equipment: object, timeZone: string): string {
  const plant = {
    deungdae: 1,
    enterprise: { id: 'replay' },
    connections: [connection],
    sites: [{ id: 'log', timeZone, areas: [{ id: 'machines', equipment: [equipment] }] }],
  };
  return `# Made by "deungdae replay". Edit it, or copy parts of it into your own plant file.${yamlText(plant)}\n`;
}

async function findModel(path: string, root: string, given?: string) {
  const candidates = given ? [resolve(given)] : [];
  if (!given)
    for (const dir of new Set([root, path, dirname(root)])) {
      const found = (await readdir(dir).catch(() => [])).filter((name) => /Devices\.xml$/.test(name)).sort();
      const own = basename(path).replace(/\.\w+$/, '');
      found.sort((a, b) => Number(b.startsWith(own)) - Number(a.startsWith(own)));
      candidates.push(...found.map((name) => resolve(dir, name)));
    }
  for (const file of candidates) {
    try {
      return { file, ...parseDevices(await readFile(file, 'utf8')) };
    } catch (error) {
      if (given) throw error;
    }
  }
  return null;
}

/** The device that the file names begin with, or the one whose items cover most tags of the log; null when none does. */
function bestDevice(devices: readonly Device[], names: readonly string[], survey: LogSurvey): Device | null {
  let best: Device | null = null;
  let most = 0;
  for (const device of devices) {
    const index = new ItemIndex([device]);
    let known = 0;
    for (const tag of survey.tags.keys()) if (index.find(tag)) known++;
    if (known > 0 && names[0]!.includes(device.name)) known += 0.5;
    if (known > most) [best, most] = [device, known];
  }
  return best;
}

function fromDevice(device: Device, survey: LogSurvey, notes: ReplayNote[]): object {
  const proposed = proposePlant([device])[0]!;
  const index = new ItemIndex([device]);
  const tagOf = new Map<DataItem, string>();
  for (const tag of survey.tags.keys()) {
    const item = index.find(tag);
    if (item) tagOf.set(item, tag);
  }
  const ids = new Set(proposed.signals.map((s) => s.id));
  const signals: PlannedSignal[] = proposed.signals.map((s) => {
    const tag = tagOf.get(s.item) ?? s.item.name ?? s.item.id;
    const seen = survey.tags.get(tag);
    const kind = seen ? kindFromLog(seen, kindOf(s.item), s.item.type) : s.kind;
    if (kind !== s.kind) notes.push({ kind: 'kindFromLog', tag, model: s.kind, as: kind });
    return {
      id: s.id,
      name: s.name,
      kind,
      unit: kind === s.kind ? s.unit : null,
      tag,
      shape: s.shape,
      type: s.item.type,
    };
  });
  for (const seen of survey.tags.values()) {
    if (index.find(seen.tag)) continue;
    const kind = kindFromLog(seen, null, null);
    notes.push({ kind: 'notInModel', tag: seen.tag, as: kind });
    signals.push({ ...looseSignal(seen, kind), id: uniqueId(seen.tag, ids) });
  }
  const { state, counters } = proposed;
  return equipmentOf(proposed.id, proposed.name, signals, survey, ids, {
    state,
    counters,
    productSignal: proposed.productSignal,
  });
}

function fromTags(name: string, survey: LogSurvey, notes: ReplayNote[]): object {
  const ids = new Set<string>();
  const signals = [...survey.tags.values()].map((seen) => {
    const kind = kindFromLog(seen, null, null);
    notes.push({ kind: 'notInModel', tag: seen.tag, as: kind });
    return { ...looseSignal(seen, kind), id: uniqueId(seen.tag, ids) };
  });
  const named = (pattern: RegExp) => signals.find((s) => pattern.test(s.tag))?.id;
  const execution = named(/^(.*[_.])?(p\d?)?(execution|program_status)$/i);
  const mode = named(/^(.*[_.])?(p\d?)?(mode|controller_?mode)$/i);
  const availability = named(/^(.*[_.])?avail(ability)?$/i);
  const total = named(/^(.*[_.])?(p\d?)?part_?count$/i);
  const state = execution
    ? { preset: 'mtconnect', execution, ...(mode ? { mode } : {}), ...(availability ? { availability } : {}) }
    : null;
  const id = uniqueId(name.replace(/\.\w+$/, ''), new Set());
  return equipmentOf(id, name, signals, survey, ids, {
    state,
    counters: total ? [{ counts: 'total', signal: total }] : [],
  });
}

function looseSignal(seen: TagSurvey, kind: SignalKind): Omit<PlannedSignal, 'id'> {
  const shape = kind === 'condition' ? 'condition' : 'value';
  return { name: seen.tag, kind, unit: null, tag: seen.tag, shape, type: null };
}

/** Types that may be numbers or text, as the control likes. */
const eitherWay = new Set(['LINE', 'LINE_NUMBER', 'BLOCK', 'TOOL_NUMBER', 'TOOL_OFFSET', 'PART_COUNT']);

/** The kind that fits what the log really holds. `model` is null for tags without a data item. */
function kindFromLog(seen: TagSurvey, model: SignalKind | null, type: string | null): SignalKind {
  if (model === 'condition' || model === 'json' || model === 'vector' || model === 'enum') return model;
  if (seen.conditions > 0) return 'condition';
  const said = saidOf(seen);
  if (said === 0) return model ?? 'text';
  const numeric = seen.numbers === said;
  if (model === 'number' || model === 'integer') return numeric || seen.numbers > said * 0.9 ? model : 'text';
  if (model !== null && !eitherWay.has(type ?? '')) return model;
  if (numeric) return 'number';
  return seen.vectors === said ? 'vector' : 'text';
}

function equipmentOf(
  id: string,
  name: string,
  signals: PlannedSignal[],
  survey: LogSurvey,
  ids: Set<string>,
  rest: { state: object | null; counters: object[]; productSignal?: string | null },
): object {
  const out: object[] = signals.map((s) => ({
    id: s.id,
    ...(s.name === s.id ? {} : { name: s.name }),
    kind: s.kind,
    ...(s.unit ? { unit: s.unit } : {}),
    ...(s.kind === 'condition' ? { alarms: [{ id: 'condition', type: 'condition', priority: 'high' }] } : {}),
    ...(s.type === 'EMERGENCY_STOP'
      ? { alarms: [{ id: 'emergency-stop', type: 'equals', values: ['TRIGGERED'], priority: 'critical' }] }
      : {}),
    source: { tag: s.tag, ...(s.shape === 'value' || s.shape === 'condition' ? {} : { shape: s.shape }) },
  }));
  if (survey.assets > 0) out.push({ id: uniqueId('assets', ids), kind: 'json', source: { tag: '@assets' } });
  return {
    id,
    ...(name === id ? {} : { name }),
    connection: 'replay',
    ...(rest.state ? { state: rest.state } : {}),
    ...(rest.counters.length ? { counters: rest.counters } : {}),
    ...(rest.productSignal ? { productSignal: rest.productSignal } : {}),
    signals: out,
  };
}
