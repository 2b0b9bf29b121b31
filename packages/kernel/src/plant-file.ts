import type { PlantProblem as ProblemSchema } from '@deungdae/contracts/api-entities.ts';
import { Plant } from '@deungdae/contracts/plant.ts';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { advise, explain } from './errors.ts';
import { checkPlant, firstPaths } from './plant-check.ts';
import './plant-errors.ts';
import { nearest } from './nearest.ts';
import { type ExpandedPlant, expandPlant } from './plant-expand.ts';
import { type Finding, findingsOf } from './plant-issues.ts';
import { pathText, positionOf } from './plant-position.ts';

export type PlantProblem = z.infer<typeof ProblemSchema>;

/** What the plant file must know of a connector: its name and the schemas of its settings and of one binding. */
export interface ConnectorSchemas {
  readonly type: string;
  readonly config: z.ZodType;
  readonly address: z.ZodType;
}

export interface ReadPlantOptions {
  readonly fileName?: string;
  readonly connectors: readonly ConnectorSchemas[];
  /** `ko` (default) or `en`, for messages and advice. */
  readonly language?: string;
}

export interface ReadPlantResult {
  /** Null when there is any problem: a bad file is refused whole. */
  plant: Plant | null;
  problems: PlantProblem[];
}

/** Largest file, characters: the same as the API's door. */
export const plantTextLimit = 4_000_000;
/** Problems told at once; more would only be noise. */
const problemLimit = 100;

/** What reading found out about a plant that `resolvePlant` needs again. */
interface ReadState {
  expanded: ExpandedPlant;
  connectors: readonly ConnectorSchemas[];
}
const states = new WeakMap<Plant, ReadState>();

/** Reading state of a plant made by `readPlantText`; undefined for one made otherwise. */
export function readStateOf(plant: Plant): ReadState | undefined {
  return states.get(plant);
}

/**
 * Reads and checks a plant file. Never throws for what stands in the file: every fault is a problem with line and column
 * (1-based), the rule in the asked language, advice, and the nearest valid name. Sorted by line.
 */
export function readPlantText(text: string, options: ReadPlantOptions): ReadPlantResult {
  const language = options.language ?? 'ko';
  const lines = new LineCounter();
  if (text.length > plantTextLimit) {
    const finding = { code: 'plant.tooLarge', params: { size: text.length, limit: plantTextLimit }, path: [] };
    return { plant: null, problems: [problem(finding, { line: 1, column: 1 }, language)] };
  }
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: true });
  if (doc.errors.length > 0) return { plant: null, problems: syntaxProblems(doc, lines, text, language) };
  let raw: unknown;
  try {
    raw = doc.toJS({ maxAliasCount: 200 });
  } catch (error) {
    const code = error instanceof ReferenceError ? 'plant.aliases' : 'plant.syntax';
    const finding = { code, params: { detail: String(error instanceof Error ? error.message : error) }, path: [] };
    return { plant: null, problems: [problem(finding, { line: 1, column: 1 }, language)] };
  }
  const { plant, expanded, findings } = checkData(raw, options.connectors);
  const problems = findings.slice(0, problemLimit * 10).map((finding) => {
    const first = firstPaths.get(finding);
    if (first) finding.params.first = positionOf(doc, lines, first).line;
    return problem(finding, positionOf(doc, lines, finding.path, finding.at === 'key'), language);
  });
  if (problems.length > 0) return { plant: null, problems: distinct(problems) };
  states.set(plant!, { expanded: expanded!, connectors: options.connectors });
  return { plant, problems: [] };
}

function checkData(raw: unknown, connectors: readonly ConnectorSchemas[]) {
  const parsed = Plant.safeParse(raw);
  const findings: Finding[] = parsed.success ? [] : findingsOf(parsed.error.issues, Plant, raw ?? undefined);
  findings.push(...connectionFindings(raw, connectors));
  if (!parsed.success) return { plant: null, expanded: null, findings };
  const plant = parsed.data;
  const expanded = expandPlant(plant, raw);
  findings.push(...checkPlant(plant, expanded), ...addressFindings(plant, expanded, connectors));
  return { plant, expanded, findings };
}

/** Type and settings of every connection, by the connector's own schema. */
function connectionFindings(raw: unknown, connectors: readonly ConnectorSchemas[]): Finding[] {
  const list = (raw as { connections?: unknown } | null)?.connections;
  if (!Array.isArray(list)) return [];
  const known = connectors.map((c) => c.type);
  return list.flatMap((item: unknown, i): Finding[] => {
    if (item === null || typeof item !== 'object') return [];
    const { type, config } = splitConnection(item as Record<string, unknown>);
    if (typeof type !== 'string') return [];
    const at = ['connections', i];
    const connector = connectors.find((c) => c.type === type);
    if (!connector) {
      const params = { name: type, allowed: known.join(', ') };
      return [{ code: 'plant.value', params, path: [...at, 'type'], suggestion: nearest(type, known) }];
    }
    const parsed = connector.config.safeParse(config);
    return parsed.success ? [] : findingsOf(parsed.error.issues, connector.config, config, at);
  });
}

/** The settings that are the connector's own. */
export function splitConnection(connection: Record<string, unknown>) {
  const { id, name, type, enabled, ...config } = connection;
  return { id, name, type, enabled, config };
}

function addressFindings(plant: Plant, expanded: ExpandedPlant, connectors: readonly ConnectorSchemas[]): Finding[] {
  const byConnection = new Map(plant.connections.map((c) => [c.id, connectors.find((k) => k.type === c.type)]));
  return expanded.equipment.flatMap((equipment) =>
    equipment.signals.flatMap(({ connection, address, sourceAt, missing }): Finding[] => {
      const connector = connection === null ? undefined : byConnection.get(connection);
      if (!connector || !address || missing.length > 0) return [];
      const parsed = connector.address.safeParse(address);
      if (parsed.success) return [];
      return findingsOf(parsed.error.issues, connector.address, address, sourceAt);
    }),
  );
}

function syntaxProblems(doc: Document, lines: LineCounter, text: string, language: string): PlantProblem[] {
  return doc.errors.slice(0, problemLimit).map((error) => {
    const at = lines.linePos(Math.min(error.pos[0], text.length));
    const position = { line: Math.max(1, at.line), column: Math.max(1, at.col) };
    const name = /^[^\s:#]+/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    if (error.code === 'DUPLICATE_KEY')
      return problem({ code: 'plant.duplicateKey', params: { name }, path: [] }, position, language);
    return problem({ code: 'plant.syntax', params: { detail: error.message }, path: [] }, position, language);
  });
}

function problem(finding: Finding, at: { line: number; column: number }, language: string): PlantProblem {
  return {
    code: finding.code,
    message: explain(finding.code, finding.params, language),
    advice: advise(finding.code, finding.params, language),
    ...at,
    path: pathText(finding.path),
    suggestion: finding.suggestion ?? null,
  };
}

/** Sorted by place; a fault of a type shows once although each of its machines has it. */
function distinct(problems: PlantProblem[]): PlantProblem[] {
  const seen = new Set<string>();
  return problems
    .filter((p) => {
      const key = `${p.line}:${p.column}:${p.code}:${p.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, problemLimit);
}
