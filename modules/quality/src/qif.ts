import { XMLParser } from 'fast-xml-parser';
import { qualityError } from './errors.ts';

export interface QifCharacteristic {
  /** Feature and characteristic, e.g. `CYLINDER3 RADIUS1`: one definition may hold for many features. */
  name: string;
  unit: string | null;
  nominal: number | null;
  lower: number | null;
  upper: number | null;
  /** Maximum or least material condition: the file's verdict knows of a bonus that the limits do not show. */
  bonus: boolean;
}

interface QifPart {
  /** Serial of the component where the file has one, else its place among the results, from 1. */
  id: string;
  /** What the file says of the part beside its measurements, by element: one of them may be its serial number. */
  marks: Map<string, string>;
  values: { characteristic: string; value: number; pass: boolean | null }[];
}

export interface QifResults {
  id: string;
  createdAt: string | null;
  characteristics: QifCharacteristic[];
  parts: QifPart[];
}

const maxParts = 5000;
const maxValues = 200_000;

type Node = Record<string, unknown>;

/** Elements of a name below a node; the parser gives one as itself and several as an array. */
function many(node: unknown, name: string): Node[] {
  const found = (node as Node | undefined)?.[name];
  return (Array.isArray(found) ? found : found === undefined ? [] : [found]).filter((x): x is Node => isNode(x));
}
function isNode(x: unknown): x is Node {
  return typeof x === 'object' && x !== null;
}
function child(node: unknown, ...path: string[]): unknown {
  let at: unknown = node;
  for (const name of path) at = many(at, name)[0] ?? (at as Node | undefined)?.[name];
  return at;
}
function text(node: unknown, ...path: string[]): string | null {
  const found = child(node, ...path);
  const value = isNode(found) ? found['#text'] : found;
  return typeof value === 'string' && value !== '' ? value : null;
}
function number(node: unknown, ...path: string[]): number | null {
  const found = text(node, ...path);
  return found === null || !Number.isFinite(Number(found)) ? null : Number(found);
}
/** Children whose element name ends so: QIF has one element for each type of characteristic. */
function ending(node: unknown, suffix: string): Node[] {
  if (!isNode(node)) return [];
  return Object.keys(node)
    .filter((name) => name.endsWith(suffix))
    .flatMap((name) => many(node, name));
}
const idOf = (node: Node) => String(node['@id'] ?? '');

/**
 * Reads measurement results of QIF 2.x and 3.x. Entities are not expanded and nothing outside the file is fetched.
 * Throws `quality.badQif`, `quality.tooMany`.
 */
export function readQif(xml: string): QifResults {
  const bad = (detail: string) => qualityError('quality.badQif', { detail }, { status: 400 });
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw bad('DOCTYPE');
  const parser = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, removeNSPrefix: true },
    ...{ processEntities: false, trimValues: true },
  });
  let root: unknown;
  try {
    root = child(parser.parse(xml), 'QIFDocument');
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
  if (!isNode(root)) throw bad('QIFDocument');
  const results = [
    ...many(child(root, 'MeasurementsResults', 'MeasurementResultsSet'), 'MeasurementResults'),
    ...many(child(root, 'Results', 'MeasurementResultsSet'), 'MeasurementResults'),
  ];
  if (results.length === 0) throw bad('MeasurementResults');
  if (results.length > maxParts) throw qualityError('quality.tooMany', { limit: maxParts }, { status: 413 });
  const definitions = characteristicsOf(root);
  const features = new Map(
    ending(child(root, 'Features', 'FeatureItems'), 'FeatureItem').map((f) => [idOf(f), text(f, 'FeatureName') ?? '']),
  );
  const components = new Map(
    ['ActualComponentSet', 'ActualComponents'].flatMap((set) =>
      many(child(root, 'Product', set), 'ActualComponent').map((c) => [idOf(c), c] as const),
    ),
  );
  const characteristics = new Map<string, QifCharacteristic>();
  const parts = results.map((result, i) => partOf(result, i, { definitions, features, components, characteristics }));
  if (parts.reduce((total, p) => total + p.values.length, 0) > maxValues)
    throw qualityError('quality.tooMany', { limit: maxValues }, { status: 413 });
  return {
    id: text(root, 'QPId') ?? '',
    createdAt: text(root, 'Version', 'TimeCreated'),
    characteristics: [...characteristics.values()],
    parts: withUniqueIds(parts),
  };
}

interface Lookups {
  definitions: Map<string, QifCharacteristic>;
  features: Map<string, string>;
  components: Map<string, Node>;
  characteristics: Map<string, QifCharacteristic>;
}

function partOf(result: Node, index: number, look: Lookups): QifPart {
  const actuals = child(result, 'MeasuredFeatures', 'FeatureActuals') ?? child(result, 'MeasuredFeatures');
  const featureOf = new Map(
    ending(actuals, 'FeatureActual').map((f) => [idOf(f), look.features.get(text(f, 'FeatureItemId') ?? '') ?? '']),
  );
  const component = text(result, 'ActualComponentIds', 'Id') ?? '';
  const list =
    child(result, 'MeasuredCharacteristics', 'CharacteristicActuals') ?? child(result, 'MeasuredCharacteristics');
  const values: QifPart['values'] = [];
  const taken = new Set<string>();
  for (const actual of inDocumentOrder(ending(list, 'CharacteristicActual'))) {
    const definition = look.definitions.get(text(actual, 'CharacteristicItemId') ?? '');
    const value = number(actual, 'Value');
    if (!definition || value === null) continue;
    const feature = featureOf.get(text(actual, 'FeatureActualIds', 'Id') ?? '') ?? '';
    const name = feature ? `${feature} ${definition.name}` : definition.name;
    if (taken.has(name)) continue;
    taken.add(name);
    if (!look.characteristics.has(name)) look.characteristics.set(name, { ...definition, name });
    const status = text(actual, 'Status', 'CharacteristicStatusEnum');
    values.push({ characteristic: name, value, pass: status === 'PASS' ? true : status === 'FAIL' ? false : null });
  }
  const actual = look.components.get(component);
  const marks = new Map([...marksOf(actual, 'ActualComponent'), ...marksOf(result, 'MeasurementResults')]);
  return { id: text(actual, 'SerialNumber') ?? String(index + 1), marks, values };
}

const maxMarks = 40;
const maxMarkLength = 80;
/** Measurements, references and verdicts are no names of a part. */
const notMarks = /^(Measured|#|@(?!id$)|.*Ids?$|InspectionStatus$|Status$)/;

/** Short texts below a node by their path, attributes of QIF (`AttributeStr`) by their name. */
function marksOf(node: unknown, path: string, found = new Map<string, string>()): Map<string, string> {
  if (!isNode(node)) return found;
  for (const [name, value] of Object.entries(node)) {
    if (found.size >= maxMarks) break;
    if (notMarks.test(name)) continue;
    const at = `${path}/${name}`;
    if (typeof value === 'string' && value !== '' && value.length <= maxMarkLength) found.set(at, value);
    else if (name === 'Attributes')
      for (const a of ending(value, 'AttributeStr').concat(ending(value, 'AttributeI'))) {
        const [key, mark] = [String(a['@name'] ?? ''), String(a['@value'] ?? '')];
        if (key && mark && mark.length <= maxMarkLength) found.set(`${at}/${key}`, mark);
      }
    else if (isNode(value) && !Array.isArray(value)) marksOf(value, at, found);
  }
  return found;
}

/** Ids rise with the document; the parser groups elements by name. */
function inDocumentOrder(nodes: Node[]): Node[] {
  return nodes.sort((a, b) => Number(idOf(a)) - Number(idOf(b)));
}

function withUniqueIds(parts: QifPart[]): QifPart[] {
  const unique = new Set(parts.map((p) => p.id)).size === parts.length;
  return unique ? parts : parts.map((p, i) => ({ ...p, id: String(i + 1) }));
}

/** Items with the limits that their nominal and definition give. */
function characteristicsOf(root: Node): Map<string, QifCharacteristic> {
  const of = (set: string, suffix: string) =>
    new Map(ending(child(root, 'Characteristics', set), suffix).map((n) => [idOf(n), n]));
  const definitions = of('CharacteristicDefinitions', 'CharacteristicDefinition');
  const nominals = of('CharacteristicNominals', 'CharacteristicNominal');
  const unit = text(root, 'FileUnits', 'PrimaryUnits', 'LinearUnit', 'UnitName');
  const found = new Map<string, QifCharacteristic>();
  for (const item of ending(child(root, 'Characteristics', 'CharacteristicItems'), 'CharacteristicItem')) {
    const nominal = nominals.get(text(item, 'CharacteristicNominalId') ?? '');
    const definition = definitions.get(text(nominal, 'CharacteristicDefinitionId') ?? '');
    found.set(idOf(item), {
      name: text(item, 'Name') ?? idOf(item),
      unit,
      ...limitsOf(definition, number(nominal, 'TargetValue')),
    });
  }
  return found;
}

/** A form or position tolerance has a width and no lower limit; a size has limits, or deviations from its target. */
function limitsOf(
  definition: Node | undefined,
  nominal: number | null,
): Pick<QifCharacteristic, 'nominal' | 'lower' | 'upper' | 'bonus'> {
  const zone = number(definition, 'ToleranceValue');
  const condition = text(definition, 'MaterialCondition');
  const bonus = condition === 'MAXIMUM' || condition === 'LEAST';
  if (zone !== null) return { nominal: 0, lower: null, upper: Math.abs(zone), bonus };
  const max = number(definition, 'Tolerance', 'MaxValue');
  const min = number(definition, 'Tolerance', 'MinValue');
  const asLimit = text(definition, 'Tolerance', 'DefinedAsLimit') === 'true';
  const shift = asLimit ? 0 : (nominal ?? 0);
  const rounded = (v: number | null) => (v === null ? null : Number((v + shift).toPrecision(12)));
  return { nominal, lower: rounded(min), upper: rounded(max), bonus };
}
