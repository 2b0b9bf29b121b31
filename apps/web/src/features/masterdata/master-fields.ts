/** The part of JSON Schema that master data uses. */
export interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  items?: JsonSchema;
  default?: unknown;
  maxLength?: number;
}

export interface MasterField {
  name: string;
  kind: 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'rows' | 'json';
  required: boolean;
  initial: unknown;
  choices: string[];
  /** Of `rows`. */
  fields: MasterField[];
}

/** One input per property of a kind's schema; lists of objects become tables. */
export function masterFields(schema: JsonSchema): MasterField[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    required: (schema.required ?? []).includes(name) && property.default === undefined,
    initial: property.default,
    choices: choicesOf(property),
    fields: property.items?.properties ? masterFields(property.items) : [],
  }));
}

function choicesOf(property: JsonSchema): string[] {
  return (property.enum ?? property.items?.enum ?? []).map(String);
}

function kindOf(property: JsonSchema): MasterField['kind'] {
  if (property.type === 'array') return property.items?.properties ? 'rows' : 'list';
  if (property.enum) return 'choice';
  if (property.type === 'boolean') return 'boolean';
  if (property.type === 'number' || property.type === 'integer') return 'number';
  return property.type === 'string' ? 'text' : 'json';
}

/** `next` undefined takes the field away. */
export function setField(value: Record<string, unknown>, name: string, next: unknown): Record<string, unknown> {
  const { [name]: _, ...rest } = value;
  return next === undefined ? rest : { ...rest, [name]: next };
}

/** `a, b` → entries; undefined for none. */
export function listOf(text: string): string[] | undefined {
  const entries = text.split(/[,\n]/).map((part) => part.trim());
  const filled = entries.filter(Boolean);
  return filled.length === 0 ? undefined : filled;
}

/** Whether every needed field has an answer. */
export function isComplete(fields: readonly MasterField[], value: Record<string, unknown>): boolean {
  return fields.every((field) => {
    const own = value[field.name];
    if (field.kind === 'rows')
      return ((own as Record<string, unknown>[] | undefined) ?? []).every((row) => isComplete(field.fields, row));
    return !field.required || (own !== undefined && own !== '');
  });
}
