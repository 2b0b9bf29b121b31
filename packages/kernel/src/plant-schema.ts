import { Plant } from '@deungdae/contracts/plant.ts';
import { z } from 'zod';
import type { ConnectorSchemas } from './plant-file.ts';

type Json = Record<string, unknown>;

/** JSON Schema (2020-12) of the plant file, with the settings and bindings of every connector: for editors and forms. */
export function plantJsonSchema(connectors: readonly ConnectorSchemas[]): Json {
  const plant = inputSchema(Plant);
  const defs = { ...((plant.$defs as Json | undefined) ?? {}) };
  for (const { type, config, address } of connectors) {
    defs[`connection-${type}`] = inputSchema(config);
    defs[`source-${type}`] = inputSchema(address);
  }
  const properties = plant.properties as Json;
  const list = properties.connections as { items: Json };
  const base = list.items.properties as Json;
  const branches = connectors.map(({ type }) => {
    const own = defs[`connection-${type}`] as Json;
    const { id, name, enabled } = base;
    const required = ['id', 'type', ...((own.required as string[] | undefined) ?? [])];
    if (own.type !== 'object')
      return { allOf: [{ properties: { type: { const: type } }, required }, { $ref: `#/$defs/connection-${type}` }] };
    const merged = { id, name, type: { const: type }, enabled, ...(own.properties as Json) };
    return { type: 'object', properties: merged, required, additionalProperties: false };
  });
  const connections = branches.length ? { ...list, items: { oneOf: branches } } : list;
  return { ...plant, title: 'Deungdae plant file', $defs: defs, properties: { ...properties, connections } };
}

function inputSchema(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return json as Json;
}

interface Section {
  title: string;
  schema: Json;
}

/** The reference page of the plant file as Markdown, made from the same schemas that check it. */
export function plantReference(connectors: readonly ConnectorSchemas[]): string {
  const sections = collectSections(inputSchema(Plant), 'plant');
  const out = [
    '# Plant file',
    '',
    '<!-- Generated from packages/contracts/src/plant.ts by `npm run generate`; do not edit. -->',
    '',
    'One YAML file describes the plant: enterprise → site → area → line → cell → equipment → signal. `deungdae check`',
    'reads it and tells each fault with line, column and the nearest valid name. A file with a fault is refused whole;',
    'the running plant stays on the last good one.',
    '',
  ];
  for (const section of sections) out.push(...table(section, 2));
  out.push('## Connections by type', '');
  for (const connector of [...connectors].sort((a, b) => (a.type < b.type ? -1 : 1))) {
    out.push(`### type: ${connector.type}`, '');
    for (const section of variants('settings', inputSchema(connector.config))) out.push(...table(section, 4));
    for (const section of variants('source', inputSchema(connector.address))) out.push(...table(section, 4));
  }
  return `${out.join('\n').trimEnd()}\n`;
}

/** One section for each object in the schema, outermost first; equal objects (equipment) are told once. */
function collectSections(root: Json, title: string): Section[] {
  const sections: Section[] = [];
  const seen = new Set<string>();
  const queue: Section[] = [{ title, schema: root }];
  for (let section = queue.shift(); section; section = queue.shift()) {
    const shape = JSON.stringify(section.schema.properties ?? {});
    if (seen.has(shape)) continue;
    seen.add(shape);
    sections.push(section);
    for (const [key, child] of Object.entries((section.schema.properties as Record<string, Json>) ?? {}))
      for (const inner of objectsIn(child))
        queue.push({ title: `${section.title}.${key}`.replace('plant.', ''), schema: inner });
  }
  return sections;
}

function objectsIn(schema: Json): Json[] {
  if (schema.properties && !isLocalText(schema)) return [schema];
  const inner = [schema.items, ...((schema.anyOf as unknown[]) ?? []), ...((schema.oneOf as unknown[]) ?? [])];
  return inner.flatMap((item) => (item && typeof item === 'object' ? objectsIn(item as Json) : []));
}

function variants(title: string, schema: Json): Section[] {
  const objects = objectsIn(schema);
  return objects.map((object, i) => ({
    title: objects.length > 1 ? `${title}, form ${i + 1}` : title,
    schema: object,
  }));
}

function isLocalText(schema: Json): boolean {
  const properties = schema.properties as Json | undefined;
  return properties !== undefined && 'ko' in properties && 'en' in properties;
}

function table({ title, schema }: Section, level: number): string[] {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  const rows = Object.entries((schema.properties as Record<string, Json>) ?? {}).map(([key, child]) => {
    const fallback = child.default === undefined ? '' : `\`${JSON.stringify(child.default)}\``;
    const cells = [
      `\`${key}\``,
      kindText(child),
      required.has(key) ? 'yes' : '',
      fallback,
      String(child.description ?? ''),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  });
  if (rows.length === 0) return [];
  return [
    `${'#'.repeat(level)} ${title}`,
    '',
    '| key | value | required | default | meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

function kindText(schema: Json): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const branches = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (branches) {
    if (branches.some(isLocalText)) return 'text, or text by language (`ko`, `en`)';
    return [...new Set(branches.map(kindText))].join(' or ');
  }
  if (schema.type === 'array') return `list of ${kindText((schema.items as Json) ?? {})}`;
  const { minimum, maximum } = schema;
  const low = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : ` ≥ ${minimum}`;
  const high = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` ≤ ${maximum}`;
  return `${schema.type ?? 'any'}${low}${high}`;
}
