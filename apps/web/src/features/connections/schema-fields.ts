/** The part of JSON Schema that connectors' settings use. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  secret?: boolean;
}

export interface Field {
  name: string;
  /** With the names of the groups around it: `security.mode`. The texts go by it. */
  path: string;
  kind: 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'group' | 'json';
  required: boolean;
  initial: unknown;
  choices: (string | number)[];
  secret: boolean;
  min: number | undefined;
  max: number | undefined;
  /** Of a group. */
  fields: Field[];
  /** Whether the entries of a list are numbers. */
  numeric: boolean;
}

/** One input per property; a settings union shows the properties of all its shapes, needed only when all need it. */
export function fieldsOf(schema: JsonSchema, prefix = ''): Field[] {
  const shapes = schema.anyOf ?? schema.oneOf;
  if (shapes && !schema.properties) {
    const merged = new Map<string, Field>();
    for (const shape of shapes)
      for (const field of fieldsOf(shape, prefix)) {
        const before = merged.get(field.name);
        merged.set(
          field.name,
          before ? { ...before, choices: [...new Set([...before.choices, ...field.choices])] } : field,
        );
      }
    return [...merged.values()].map((field) => ({
      ...field,
      required: shapes.every((shape) => fieldsOf(shape).some((f) => f.name === field.name && f.required)),
    }));
  }
  return Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldOf(name, property, schema.required?.includes(name) ?? false, prefix),
  );
}

/** Every field, those within groups too. */
export function allFields(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...allFields(field.fields)]);
}

function fieldOf(name: string, property: JsonSchema, listed: boolean, prefix: string): Field {
  const choices = choicesOf(property);
  const kind = kindOf(property, choices);
  const path = prefix + name;
  return {
    ...{ name, path, kind, choices },
    // Zod lists properties with a default as required in its output schema: a default needs no answer.
    required: listed && property.default === undefined,
    initial: property.default,
    secret: property.secret === true || /password|passphrase|secret|token/i.test(name),
    min: bound(property.minimum),
    max: bound(property.maximum),
    fields: kind === 'group' ? fieldsOf(property, `${path}.`) : [],
    numeric: /number|integer/.test(String(property.items?.type)),
  };
}

function choicesOf(property: JsonSchema): (string | number)[] {
  const listed = property.enum ?? (property.const === undefined ? [] : [property.const]);
  const nested = (property.anyOf ?? property.oneOf ?? []).flatMap((p) =>
    p.const === undefined ? (p.enum ?? []) : [p.const],
  );
  return [...listed, ...nested].filter((c): c is string | number => typeof c === 'string' || typeof c === 'number');
}

function kindOf(property: JsonSchema, choices: readonly unknown[]): Field['kind'] {
  if (choices.length > 0) return 'choice';
  if (property.type === 'boolean') return 'boolean';
  if (property.type === 'number' || property.type === 'integer') return 'number';
  if (property.type === 'array' && /^(string|number|integer)$/.test(String(property.items?.type))) return 'list';
  if (property.properties) return 'group';
  const texts = property.anyOf ?? property.oneOf ?? [];
  return property.type === 'string' || texts.some((t) => t.type === 'string') ? 'text' : 'json';
}

/** Zod writes the safe-integer bounds into every integer; they tell a person nothing. */
function bound(value: number | undefined): number | undefined {
  return value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** `next` undefined takes the field away. */
export function setField(value: Record<string, unknown>, name: string, next: unknown): Record<string, unknown> {
  const { [name]: _, ...rest } = value;
  return next === undefined ? rest : { ...rest, [name]: next };
}

/** Whether every needed field has an answer; a group that nobody touched needs none. */
export function isComplete(schema: JsonSchema, value: Record<string, unknown>): boolean {
  return complete(fieldsOf(schema), value);
}

function complete(fields: readonly Field[], value: Record<string, unknown>): boolean {
  return fields.every((f) => {
    const own = value[f.name];
    if (f.kind === 'group' && own !== undefined) return complete(f.fields, own as Record<string, unknown>);
    return !f.required || (own !== undefined && own !== '');
  });
}

/** Entries of a list as a person writes them, or undefined for none. */
export function listFrom(text: string, numeric: boolean): (string | number)[] | undefined {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length === 0) return undefined;
  return parts.map((part) => (numeric && Number.isFinite(Number(part)) ? Number(part) : part));
}
