import type { z } from 'zod';
import type { ErrorParams } from './errors.ts';
import { nearest } from './nearest.ts';
import { type FilePath, valueAt } from './plant-position.ts';

/** A problem before it has a line and a language. `at: key` points at the key instead of its value. */
export interface Finding {
  code: string;
  params: ErrorParams;
  path: FilePath;
  at?: 'key';
  suggestion?: string | null;
}

type Issue = z.core.$ZodIssue;
/** The parts of a zod 4 schema that lead from a path to the keys allowed there. */
interface Inner {
  def: {
    type: string;
    innerType?: Schema;
    element?: Schema;
    valueType?: Schema;
    in?: Schema;
    options?: Schema[];
    shape?: Record<string, Schema>;
    left?: Schema;
    right?: Schema;
    getter?: () => Schema;
  };
}
type Schema = { _zod: Inner };

/** Findings of a failed parse of `data` by `schema`; paths start with `base`. Unions report their likeliest branch only. */
export function findingsOf(
  issues: readonly Issue[],
  schema: z.ZodType,
  data: unknown,
  base: FilePath = [],
  within: FilePath = [],
): Finding[] {
  const findings = issues.flatMap((issue) => {
    const path = [...within, ...(issue.path as (string | number)[])];
    return findingsOfIssue(issue, schema, data, base, path);
  });
  return withoutEchoes(findings);
}

/** A mistyped key also leaves the right one missing: the second finding would only repeat the first. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const meant = new Set(
    findings
      .filter((f) => f.code === 'plant.unknownKey' && f.suggestion)
      .map((f) => JSON.stringify([...f.path.slice(0, -1), f.suggestion])),
  );
  return findings.filter((f) => f.code !== 'plant.missing' || !meant.has(JSON.stringify(f.path)));
}

function findingsOfIssue(
  issue: Issue,
  schema: z.ZodType,
  data: unknown,
  base: FilePath,
  path: (string | number)[],
): Finding[] {
  const value = valueAt(data, path);
  const full = [...base, ...path];
  const last = String(path.at(-1) ?? '');
  switch (issue.code) {
    case 'unrecognized_keys': {
      const present = new Set(value && typeof value === 'object' ? Object.keys(value) : []);
      const allowed = keysAt(schema as unknown as Schema, path, data);
      const free = allowed.filter((k) => !present.has(k));
      return issue.keys.map((name) => ({
        code: 'plant.unknownKey',
        params: { name, allowed: listed(free.length ? free : allowed) },
        path: [...full, name],
        at: 'key' as const,
        suggestion: nearest(name, free) ?? nearest(name, allowed),
      }));
    }
    case 'invalid_union':
      return branchFindings(issue, schema, data, base, path);
    case 'invalid_type':
      if (value === undefined) return [{ code: 'plant.missing', params: { name: last }, path: full }];
      return [{ code: 'plant.type', params: { expected: issue.expected, received: kindOf(value) }, path: full }];
    case 'invalid_value': {
      if (value === undefined) return [{ code: 'plant.missing', params: { name: last }, path: full }];
      const allowed = issue.values.map(String);
      const suggestion = nearest(String(value), allowed) ?? (allowed.length === 1 ? allowed[0]! : null);
      return [
        { code: 'plant.value', params: { name: shown(value), allowed: listed(allowed) }, path: full, suggestion },
      ];
    }
    case 'invalid_format': {
      const rule = issue.message.startsWith('Invalid string') ? (issue.pattern ?? issue.format) : issue.message;
      return [
        { code: 'plant.format', params: { name: shown(value), rule }, path: full, suggestion: mended(value, rule) },
      ];
    }
    case 'too_small':
      return [{ code: 'plant.range', params: { rule: `${issue.inclusive ? '≥' : '>'} ${issue.minimum}` }, path: full }];
    case 'too_big':
      return [{ code: 'plant.range', params: { rule: `${issue.inclusive ? '≤' : '<'} ${issue.maximum}` }, path: full }];
    default:
      return [{ code: 'plant.rule', params: { rule: issue.message }, path: full }];
  }
}

/** Of a union's branches: the one whose constants fit (`preset`, `type`), else the one with the fewest faults. */
function branchFindings(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  schema: z.ZodType,
  data: unknown,
  base: FilePath,
  path: (string | number)[],
): Finding[] {
  const value = valueAt(data, path);
  if (value === undefined)
    return [{ code: 'plant.missing', params: { name: String(path.at(-1) ?? '') }, path: [...base, ...path] }];
  const branches = issue.errors.map((issues, index) => ({ issues, index }));
  const ofKind = branches.filter(({ issues }) => !issues.some((i) => i.code === 'invalid_type' && i.path.length === 0));
  const constants = new Set(ofKind.flatMap(({ issues }) => issues.filter(isConstant).map((i) => String(i.path[0]))));
  const fit = ofKind.filter(
    ({ issues }) =>
      !issues.some(isConstant) &&
      !issues.some(
        (i) => i.code === 'unrecognized_keys' && i.path.length === 0 && i.keys.some((k) => constants.has(k)),
      ),
  );
  const options = optionsAt(schema as unknown as Schema, path, data);
  if (ofKind.length === 0) {
    const expected = branches.flatMap(({ issues }) =>
      issues.filter((i) => i.code === 'invalid_type').map((i) => i.expected),
    );
    return [
      {
        code: 'plant.type',
        params: { expected: [...new Set(expected)].join(' / ') || 'object', received: kindOf(value) },
        path: [...base, ...path],
      },
    ];
  }
  if (fit.length === 0) return constantFindings(ofKind, data, base, path);
  const best = fit.reduce((a, b) => (weight(b.issues) < weight(a.issues) ? b : a));
  const branch = options?.[best.index];
  if (!branch) return findingsOf(best.issues, schema, data, base, path);
  return findingsOf(best.issues, branch as unknown as z.ZodType, value, [...base, ...path]);
}

function isConstant(issue: Issue): boolean {
  return issue.code === 'invalid_value' && issue.path.length === 1;
}

/** No branch has this constant: tell all the values that any branch takes. */
function constantFindings(
  branches: { issues: Issue[] }[],
  data: unknown,
  base: FilePath,
  path: (string | number)[],
): Finding[] {
  const wrong = branches.flatMap(({ issues }) => issues.filter(isConstant));
  const key = wrong[0]!.path[0] as string | number;
  const allowed = [
    ...new Set(wrong.flatMap((i) => (i.code === 'invalid_value' && i.path[0] === key ? i.values.map(String) : []))),
  ];
  const found = valueAt(data, [...path, key]);
  const at = [...base, ...path, key];
  if (found === undefined) return [{ code: 'plant.missing', params: { name: `${key}: ${listed(allowed)}` }, path: at }];
  return [
    {
      code: 'plant.value',
      params: { name: shown(found), allowed: listed(allowed) },
      path: at,
      suggestion: nearest(String(found), allowed),
    },
  ];
}

/** An unknown key weighs less than a missing one: the branch that was meant has most of its keys. */
function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, i) => sum + (i.code === 'unrecognized_keys' ? i.keys.length : 2), 0);
}

/** Schema nodes that may stand at `path`, looking through wrappers and into every branch of unions. */
function schemasAt(schema: Schema, path: FilePath): Schema[] {
  let at = unwrapped(schema);
  for (const step of path) {
    at = at.flatMap((node) => {
      const { def } = node._zod;
      const inner =
        def.type === 'object'
          ? def.shape?.[String(step)]
          : def.type === 'array'
            ? def.element
            : def.type === 'record'
              ? def.valueType
              : undefined;
      return inner ? unwrapped(inner) : [];
    });
  }
  return at;
}

function unwrapped(schema: Schema, keepUnions = false): Schema[] {
  const { def } = schema._zod;
  if (def.type === 'union' && def.options) {
    return keepUnions ? [schema] : def.options.flatMap((option) => unwrapped(option));
  }
  if (def.type === 'intersection') return [def.left!, def.right!].flatMap((s) => unwrapped(s, keepUnions));
  if (def.type === 'pipe') return unwrapped(def.in!, keepUnions);
  if (def.type === 'lazy') return unwrapped(def.getter!(), keepUnions);
  return def.innerType ? unwrapped(def.innerType, keepUnions) : [schema];
}

function keysAt(schema: Schema, path: FilePath, data: unknown): string[] {
  let nodes = schemasAt(schema, path).filter((s) => s._zod.def.type === 'object');
  const value = valueAt(data, path) as Record<string, unknown> | undefined;
  const fitting = nodes.filter((s) => constantsFit(s, value));
  if (fitting.length > 0) nodes = fitting;
  return [...new Set(nodes.flatMap((s) => Object.keys(s._zod.def.shape ?? {})))];
}

function constantsFit(schema: Schema, value: Record<string, unknown> | undefined): boolean {
  return Object.entries(schema._zod.def.shape ?? {}).every(([key, child]) => {
    const def = child._zod.def as { type: string; values?: unknown[] };
    return def.type !== 'literal' || def.values?.includes(value?.[key]);
  });
}

function optionsAt(schema: Schema, path: FilePath, data: unknown): Schema[] | undefined {
  if (path.length === 0) return unwrapped(schema, true).find((s) => s._zod.def.type === 'union')?._zod.def.options;
  const parents = schemasAt(schema, path.slice(0, -1));
  const value = valueAt(data, path.slice(0, -1)) as Record<string, unknown> | undefined;
  for (const parent of parents.filter((s) => constantsFit(s, value))) {
    const { def } = parent._zod;
    const child = def.shape?.[String(path.at(-1))] ?? def.element ?? def.valueType;
    const union = child && unwrapped(child, true).find((s) => s._zod.def.type === 'union');
    if (union) return union._zod.def.options;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function listed(names: readonly string[], most = 20): string {
  return names.length > most ? `${names.slice(0, most).join(', ')} … (${names.length})` : names.join(', ');
}

/** An id or a duration as it could have been meant. */
function mended(value: unknown, rule: string): string | null {
  if (typeof value !== 'string') return null;
  if (rule.startsWith('a number and a unit')) {
    const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)/.exec(value.trim());
    const unit = match && { m: 'min', sec: 's', hour: 'h', hours: 'h', day: 'd', days: 'd' }[match[2]!.toLowerCase()];
    const known = match && ['ms', 's', 'min', 'h', 'd'].includes(match[2]!.toLowerCase()) && match[2]!.toLowerCase();
    return match && (unit || known) ? `${match[1]}${unit || known}` : null;
  }
  if (!rule.startsWith('lower-case letters')) return null;
  const id = value
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return id || null;
}
