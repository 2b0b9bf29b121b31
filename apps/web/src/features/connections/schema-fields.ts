/** The part of JSON Schema that connectors' settings use. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  secret?: boolean;
}

export interface Field {
  name: string;
  kind: 'text' | 'number' | 'boolean' | 'choice' | 'json';
  required: boolean;
  description: string | undefined;
  initial: unknown;
  choices: string[];
  secret: boolean;
  min: number | undefined;
  max: number | undefined;
}

/** One input per property; a settings union shows the properties of all its shapes, needed only when all need it. */
export function fieldsOf(schema: JsonSchema): Field[] {
  const shapes = schema.anyOf ?? schema.oneOf;
  if (shapes && !schema.properties) {
    const merged = new Map<string, Field>();
    for (const shape of shapes)
      for (const field of fieldsOf(shape)) {
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
    fieldOf(name, property, schema.required?.includes(name) ?? false),
  );
}

function fieldOf(name: string, property: JsonSchema, listed: boolean): Field {
  const choices = choicesOf(property);
  return {
    name,
    kind: kindOf(property, choices),
    // Zod lists properties with a default as required in its output schema: a default needs no answer.
    required: listed && property.default === undefined,
    description: property.description,
    initial: property.default,
    choices,
    secret: property.secret === true || /password|secret|token/i.test(name),
    min: bound(property.minimum),
    max: bound(property.maximum),
  };
}

function choicesOf(property: JsonSchema): string[] {
  const listed = property.enum ?? (property.const === undefined ? [] : [property.const]);
  const nested = (property.anyOf ?? property.oneOf ?? []).flatMap((p) =>
    p.const === undefined ? (p.enum ?? []) : [p.const],
  );
  return [...listed, ...nested].filter((c): c is string => typeof c === 'string');
}

function kindOf(property: JsonSchema, choices: readonly string[]): Field['kind'] {
  if (choices.length > 0) return 'choice';
  if (property.type === 'boolean') return 'boolean';
  if (property.type === 'number' || property.type === 'integer') return 'number';
  return property.type === 'string' ? 'text' : 'json';
}

/** Zod writes the safe-integer bounds into every integer; they tell a person nothing. */
function bound(value: number | undefined): number | undefined {
  return value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

export function setField(value: Record<string, unknown>, name: string, next: unknown): Record<string, unknown> {
  const { [name]: _, ...rest } = value;
  return next === undefined ? rest : { ...rest, [name]: next };
}

/** Whether every needed field has an answer. */
export function isComplete(schema: JsonSchema, value: Record<string, unknown>): boolean {
  return fieldsOf(schema).every((f) => !f.required || (value[f.name] !== undefined && value[f.name] !== ''));
}
