import type { EpcisEvent } from '@deungdae/contracts/api-trace.ts';
import type { Lot, Movement } from '@deungdae/contracts/lot.ts';
import type { StockAct } from '@deungdae/inventory/module.ts';
import { itemUri, lotUri, type Naming, paperUri, partnerUri, placeUri, runUri, uomOf } from './identify.ts';

/**
 * The stock ledger as EPCIS 2.0 events: one business act is one event (CBV 2.0 words). Receipts, shipments, moves, scrap and
 * corrections are ObjectEvents; production and its consumption TransformationEvents that share a transformationID (the
 * run); split and merge TransformationEvents; packing AggregationEvents. Pure.
 */
export interface ViewParts {
  naming: Naming;
  lots: ReadonlyMap<string, Lot>;
  /** Offset of the plant's zone at a moment, `+09:00`. */
  offset(time: number): string;
  eventId(act: string): string;
}

type Part = { type: string; action?: 'ADD' | 'OBSERVE' | 'DELETE'; bizStep: string; disposition?: string };

const parts: Partial<Record<Movement['kind'], Part>> = {
  receipt: { type: 'ObjectEvent', action: 'ADD', bizStep: 'receiving', disposition: 'in_progress' },
  opening: { type: 'ObjectEvent', action: 'ADD', bizStep: 'accepting', disposition: 'in_progress' },
  customerReturn: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'receiving', disposition: 'returned' },
  ship: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'shipping', disposition: 'in_transit' },
  supplierReturn: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'shipping', disposition: 'returned' },
  transfer: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'storing', disposition: 'in_progress' },
  scrap: { type: 'ObjectEvent', action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed' },
  adjust: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'cycle_counting' },
  count: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'cycle_counting' },
  issue: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'picking', disposition: 'in_progress' },
  return: { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'stocking', disposition: 'in_progress' },
  consume: { type: 'TransformationEvent', bizStep: 'commissioning' },
  produce: { type: 'TransformationEvent', bizStep: 'commissioning', disposition: 'active' },
  split: { type: 'TransformationEvent', bizStep: 'repackaging', disposition: 'active' },
  merge: { type: 'TransformationEvent', bizStep: 'repackaging', disposition: 'active' },
  pack: { type: 'AggregationEvent', action: 'ADD', bizStep: 'packing', disposition: 'in_progress' },
  unpack: { type: 'AggregationEvent', action: 'DELETE', bizStep: 'unpacking', disposition: 'in_progress' },
};

/** Kinds of movements behind each event type. */
export function kindsOf(types: readonly string[] | null): Movement['kind'][] {
  return (Object.keys(parts) as Movement['kind'][]).filter(
    (kind) => types === null || types.includes(parts[kind]!.type),
  );
}

export function epcisEvent(view: ViewParts, act: StockAct): EpcisEvent {
  const [first] = act.movements;
  const part = parts[first!.kind]!;
  const event: EpcisEvent = {
    type: part.type,
    eventID: view.eventId(act.id),
    eventTime: isoTime(first!.time),
    eventTimeZoneOffset: view.offset(first!.time),
    recordTime: isoTime(first!.recordedAt),
    ...(part.action ? { action: part.action } : {}),
    bizStep: part.bizStep,
    ...(part.disposition ? { disposition: part.disposition } : {}),
  };
  if (part.type === 'TransformationEvent') transformation(view, act, event);
  else if (part.type === 'AggregationEvent') aggregation(view, act, event);
  else Object.assign(event, things(view, act.movements, 'lot', 'epcList', 'quantityList'));
  places(view, act, event);
  papers(view, first!, event);
  return event;
}

/** µs UTC as ISO 8601 with what it has: milliseconds, and microseconds where they are not nothing. */
export function isoTime(us: number): string {
  const iso = new Date(Math.floor(us / 1000)).toISOString();
  const micro = ((us % 1000) + 1000) % 1000;
  return micro === 0 ? iso : `${iso.slice(0, -1)}${String(micro).padStart(3, '0')}Z`;
}

/** Instances as EPCs, lots and untracked items as classes with their quantity. */
function things(
  view: ViewParts,
  movements: readonly Movement[],
  side: 'lot' | 'toLot',
  epcs: string,
  quantities: string,
): Record<string, unknown> {
  const instances = new Set<string>();
  const sums = new Map<string, { quantity: number; uom: string | null }>();
  for (const m of movements) {
    const id = side === 'toLot' ? (m.toLot ?? m.lot) : m.lot;
    const lot = id === null ? undefined : view.lots.get(id);
    if (lot?.kind === 'serial') {
      instances.add(lotUri(view.naming, lot));
      continue;
    }
    const uri = lot ? lotUri(view.naming, lot) : itemUri(view.naming, m.item);
    const sum = sums.get(uri) ?? { quantity: 0, uom: uomOf(lot?.unit ?? '') };
    sum.quantity += m.quantity;
    sums.set(uri, sum);
  }
  const list = [...sums].map(([epcClass, { quantity, uom }]) => ({
    epcClass,
    quantity: Math.round(quantity * 1e6) / 1e6,
    ...(uom === null ? {} : { uom }),
  }));
  return {
    ...(instances.size > 0 ? { [epcs]: [...instances] } : {}),
    ...(list.length > 0 ? { [quantities]: list } : {}),
  };
}

function transformation(view: ViewParts, act: StockAct, event: EpcisEvent): void {
  const [first] = act.movements;
  const inputs = first!.kind !== 'produce';
  const outputs = first!.kind !== 'consume';
  if (inputs) Object.assign(event, things(view, act.movements, 'lot', 'inputEPCList', 'inputQuantityList'));
  if (outputs) {
    const side = first!.kind === 'produce' ? 'lot' : 'toLot';
    Object.assign(event, things(view, act.movements, side, 'outputEPCList', 'outputQuantityList'));
  }
  if (inputs && outputs) return;
  // Half of a transformation: its identifier ties the halves together (EPCIS 2.0, 7.4.6).
  const run = first!.reference?.startsWith('run/') ? first!.reference.slice(4) : null;
  event.transformationID = run === null ? paperUri(view.naming, `act/${act.id}`) : runUri(view.naming, run);
}

function aggregation(view: ViewParts, act: StockAct, event: EpcisEvent): void {
  const box = act.movements.map((m) => m.container).find((c) => c !== null);
  const lot = box ? view.lots.get(box) : undefined;
  if (lot) event.parentID = lotUri(view.naming, lot);
  Object.assign(event, things(view, act.movements, 'lot', 'childEPCs', 'childQuantityList'));
}

function places(view: ViewParts, act: StockAct, event: EpcisEvent): void {
  const [first] = act.movements;
  const inside = (place: string) => !place.startsWith('@');
  const at = [first!.to, first!.from].find(inside);
  const from = inside(first!.from) ? first!.from : at;
  if (from !== undefined) event.readPoint = { id: placeUri(view.naming, from) };
  if (inside(first!.to)) event.bizLocation = { id: placeUri(view.naming, first!.to) };
  if (first!.partner === null) return;
  const party = partnerUri(view.naming, first!.partner);
  if (first!.kind === 'ship' || first!.kind === 'supplierReturn')
    event.destinationList = [{ type: 'owning_party', destination: party }];
  if (first!.kind === 'receipt' || first!.kind === 'customerReturn')
    event.sourceList = [{ type: 'owning_party', source: party }];
}

const paperTypes: Record<string, string> = {
  shipment: 'desadv',
  receipt: 'recadv',
  run: 'prodorder',
  workOrder: 'prodorder',
  purchase: 'po',
};

function papers(view: ViewParts, first: Movement, event: EpcisEvent): void {
  if (first.reference === null) return;
  const type = paperTypes[first.reference.split('/')[0] ?? ''];
  const paper = { bizTransaction: paperUri(view.naming, first.reference) };
  event.bizTransactionList = [type === undefined ? paper : { type, ...paper }];
}
