import { CodedError, type ErrorParams } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';

/** Replaces secrets in texts, error parameters and log fields. */
export interface Redactor {
  text(text: string): string;
  params(params: ErrorParams): ErrorParams;
  error(error: CodedError): CodedError;
}

const mask = '***';
const credentialsInUrl = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi;

/** @param secrets values that must not be shown; shorter ones than three characters would black out ordinary words. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const ordered = [...new Set(secrets)].filter((s) => s.length >= 3).sort((a, b) => b.length - a.length);
  const text = (input: string) => {
    let out = input.replace(credentialsInUrl, `$1${mask}@`);
    for (const secret of ordered) out = out.replaceAll(secret, mask);
    return out;
  };
  const params = (input: ErrorParams) =>
    Object.fromEntries(Object.entries(input).map(([k, v]) => [k, typeof v === 'string' ? text(v) : v]));
  return {
    text,
    params,
    error: (error) => new CodedError(error.code, params(error.params), { status: error.status }),
  };
}

/** A logger whose texts and fields pass the redactor, four levels deep. */
export function redactingLogger(log: Logger, redactor: Redactor): Logger {
  const clean = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return redactor.text(value);
    if (value instanceof Error)
      return { name: value.name, message: redactor.text(value.message), stack: redactor.text(value.stack ?? '') };
    if (value === null || typeof value !== 'object' || depth === 0) return typeof value === 'object' ? '…' : value;
    if (Array.isArray(value)) return value.slice(0, 100).map((v) => clean(v, depth - 1));
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, 100)
        .map(([k, v]) => [k, clean(v, depth - 1)]),
    );
  };
  const fields = (input: object) => clean(input, 4) as object;
  return {
    debug: (f, m) => log.debug(fields(f), redactor.text(m)),
    info: (f, m) => log.info(fields(f), redactor.text(m)),
    warn: (f, m) => log.warn(fields(f), redactor.text(m)),
    error: (f, m) => log.error(fields(f), redactor.text(m)),
    child: (f) => redactingLogger(log.child(fields(f)), redactor),
  };
}

/** The parts of a zod schema that this walk needs; every zod 4 schema has them. */
interface SchemaNode {
  meta?: () => { secret?: unknown } | undefined;
  def?: {
    shape?: Record<string, SchemaNode>;
    innerType?: SchemaNode;
    element?: SchemaNode;
    options?: SchemaNode[];
    valueType?: SchemaNode;
    catchall?: SchemaNode;
    in?: SchemaNode;
    out?: SchemaNode;
    left?: SchemaNode;
    right?: SchemaNode;
    items?: SchemaNode[];
    getter?: () => SchemaNode;
  };
}

/** Values in `config` whose schema carries `.meta({ secret: true })`, at any depth. */
export function secretValues(schema: unknown, config: unknown): string[] {
  const found: string[] = [];
  walk(schema as SchemaNode, config, found, 12);
  return found;
}

function walk(node: SchemaNode | undefined, value: unknown, found: string[], depth: number): void {
  if (!node || value === undefined || value === null || depth === 0) return;
  if (node.meta?.()?.secret === true) {
    collect(value, found);
    return;
  }
  const def = node.def;
  if (!def) return;
  const record = typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  if (record && def.shape)
    for (const [key, child] of Object.entries(def.shape)) walk(child, record[key], found, depth - 1);
  if (record && def.valueType) for (const v of Object.values(record)) walk(def.valueType, v, found, depth - 1);
  if (Array.isArray(value) && def.element) for (const v of value) walk(def.element, v, found, depth - 1);
  for (const child of [def.innerType, def.in, def.out, def.left, def.right, ...(def.options ?? [])])
    walk(child, value, found, depth - 1);
  if (def.getter) walk(def.getter(), value, found, depth - 1);
}

function collect(value: unknown, found: string[]): void {
  if (typeof value === 'string' || typeof value === 'number') found.push(String(value));
  else if (typeof value === 'object' && value !== null) for (const v of Object.values(value)) collect(v, found);
}
