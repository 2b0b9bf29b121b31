/** The part of JSON Schema that master data uses. */
export interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  items?: JsonSchema;
  default?: unknown;
  maxLength?: number;
  oneOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
}

export interface MasterField {
  name: string;
  /**
   * `choices`: several of a few. `numbers`: several numbers. `matrix`: minutes from one group to another. `names`: texts by
   * language. `parameters`: values by name. `sampling`: how many are inspected.
   */
  kind:
    | 'text'
    | 'number'
    | 'boolean'
    | 'day'
    | 'choice'
    | 'choices'
    | 'list'
    | 'numbers'
    | 'rows'
    | 'matrix'
    | 'names'
    | 'parameters'
    | 'sampling';
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
    kind: kindOf(name, property),
    required: (schema.required ?? []).includes(name) && property.default === undefined,
    initial: property.default,
    choices: choicesOf(property),
    fields: property.items?.properties ? masterFields(property.items) : [],
  }));
}

function choicesOf(property: JsonSchema): string[] {
  return (property.enum ?? property.items?.enum ?? []).map(String);
}

function kindOf(name: string, property: JsonSchema): MasterField['kind'] {
  if (property.oneOf) return 'sampling';
  if (property.type === 'array') return listKind(property.items);
  if (property.enum) return 'choice';
  if (property.type === 'boolean') return 'boolean';
  if (property.type === 'number' || property.type === 'integer') return 'number';
  if (property.type === 'object') return isTexts(property.additionalProperties) ? 'names' : 'parameters';
  return name === 'day' ? 'day' : 'text';
}

function listKind(items: JsonSchema | undefined): MasterField['kind'] {
  if (items?.properties) return items.properties.from && items.properties.to ? 'matrix' : 'rows';
  if (items?.enum) return 'choices';
  return items?.type === 'integer' || items?.type === 'number' ? 'numbers' : 'list';
}

function isTexts(values: JsonSchema | boolean | undefined): boolean {
  return typeof values === 'object' && values.type === 'string';
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

/** `1, 3` → numbers, what is none left out; undefined for none. */
export function numbersOf(text: string): number[] | undefined {
  const found = listOf(text)?.map(Number).filter(Number.isFinite);
  return found && found.length > 0 ? found : undefined;
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
