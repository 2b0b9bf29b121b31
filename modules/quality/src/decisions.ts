import type { Caller } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { DecisionKind, EightD, Nonconformity } from '@deungdae/contracts/quality.ts';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import { nameOf } from '@deungdae/kernel/actor.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { ask } from './asking.ts';
import { qualityError } from './errors.ts';
import { holdLots } from './nonconformity.ts';
import { findNonconformity, saveNonconformity } from './nonconformity-store.ts';
import { dbOf, type QualityParts } from './parts.ts';
import { findInspection, updateInspection } from './store.ts';

export interface Deed {
  time: number;
  actor: Actor;
  caller: Pick<Caller, 'role' | 'name'>;
}

/** Roles that may let nonconforming goods pass. */
const mayConcede: readonly Caller['role'][] = ['engineer', 'administrator'];

export async function needNonconformity(parts: QualityParts, id: string, tx?: LedgerTx): Promise<Nonconformity> {
  const found = await findNonconformity(dbOf(parts, tx), id);
  if (!found) throw qualityError('quality.unknownNonconformity', { id }, { status: 404 });
  return found;
}

async function needOpen(parts: QualityParts, id: string, tx: LedgerTx): Promise<Nonconformity> {
  const found = await needNonconformity(parts, id, tx);
  if (found.status === 'closed') throw qualityError('quality.closed', { number: found.number }, { status: 409 });
  return found;
}

async function keep(parts: QualityParts, tx: LedgerTx, next: Nonconformity, what: string, data: object, deed: Deed) {
  await saveNonconformity(dbOf(parts, tx), next);
  await tx.emit({
    type: `nonconformity.${what}`,
    subject: `nonconformity/${next.id}`,
    actor: deed.actor,
    time: deed.time,
    data: { number: next.number, ...data },
  });
  return next;
}

/**
 * Decides on held lots. Concession (특채) and release end the hold; rework ends it and asks for a new inspection that
 * holds the lot again; scrap takes the goods out of stock; return makes the lot unusable until it leaves.
 */
export async function decide(
  parts: QualityParts,
  tx: LedgerTx,
  input: { id: string; kind: DecisionKind; lots: readonly string[]; reason: string; approval: string } & Deed,
): Promise<Nonconformity> {
  const found = await needOpen(parts, input.id, tx);
  if ((input.kind === 'concession' || input.kind === 'release') && !mayConcede.includes(input.caller.role))
    throw qualityError('quality.notAllowed', { number: found.number }, { status: 403 });
  const held = found.lots.filter((l) => l.held);
  const chosen = input.lots.length === 0 ? held : input.lots.map((name) => chosenLot(found, name));
  for (const lot of chosen) await carryOut(parts, tx, found, lot.lot, input);
  if (input.kind === 'concession') await concede(parts, tx, found);
  const decision = {
    ...{ kind: input.kind, lots: chosen.map((l) => l.lot), reason: input.reason, approval: input.approval },
    ...{ by: nameOf(input.caller), at: input.time },
  };
  const decided = new Set(chosen.map((l) => l.lot));
  const lots = found.lots.map((l) => (decided.has(l.lot) ? { ...l, held: false, decision: input.kind } : l));
  const status = lots.some((l) => l.held) ? 'open' : 'decided';
  const next: Nonconformity = { ...found, lots, status, decisions: [...found.decisions, decision] };
  return keep(parts, tx, next, 'decided', { ...decision, item: found.item, quantity: found.quantity }, input);
}

function chosenLot(found: Nonconformity, name: string): Nonconformity['lots'][number] {
  const lot = found.lots.find((l) => l.lot === name || l.number === name);
  if (!lot) throw qualityError('quality.unknownLot', { lot: name }, { status: 404 });
  if (!lot.held) throw qualityError('quality.lotDecided', { lot: lot.number }, { status: 409 });
  return lot;
}

async function carryOut(
  parts: QualityParts,
  tx: LedgerTx,
  found: Nonconformity,
  lot: string,
  { kind, time, actor, reason }: Deed & { kind: DecisionKind; reason: string },
): Promise<void> {
  const db = dbOf(parts, tx);
  const act = { lot, reference: `nonconformity/${found.id}`, time, actor, reason };
  if (kind === 'rework') await askAfterRework(parts, tx, found, lot, { time, actor });
  await parts.inventory.release(tx, act);
  await db
    .updateTable('qa_nonconformity_lots')
    .set({ released_at: time })
    .where('nonconformity', '=', found.id)
    .where('lot', '=', lot)
    .execute();
  if (kind === 'scrap') {
    const goods = await parts.inventory.lot(lot, tx);
    for (const place of goods?.stock ?? [])
      if (place.quantity > 0)
        await parts.inventory.scrap(tx, {
          ...act,
          ...{ item: goods!.item, location: place.location, quantity: toMillionths(place.quantity) },
        });
  }
  if (kind === 'return') await parts.inventory.reject(tx, act);
}

/** What was reworked is inspected again, at the stage that found it; final inspection otherwise. */
async function askAfterRework(
  parts: QualityParts,
  tx: LedgerTx,
  found: Nonconformity,
  lot: string,
  { time, actor }: { time: number; actor: Actor },
): Promise<void> {
  const origin = found.inspection ? await findInspection(dbOf(parts, tx), found.inspection) : null;
  const stage = origin && ['incoming', 'final', 'shipping'].includes(origin.stage) ? origin.stage : 'final';
  await ask(parts, tx, { stage, item: found.item, lot, again: true, time, actor });
}

async function concede(parts: QualityParts, tx: LedgerTx, found: Nonconformity): Promise<void> {
  if (!found.inspection) return;
  const db = dbOf(parts, tx);
  const inspection = await findInspection(db, found.inspection);
  if (inspection?.verdict === 'rejected') await updateInspection(db, { ...inspection, verdict: 'concession' });
}

export interface NonconformityChange {
  addLots?: string[] | undefined;
  text?: string | undefined;
  defect?: string | null | undefined;
  quantity?: number | undefined;
  dueAt?: number | null | undefined;
  partner?: string | null | undefined;
  partnerReference?: string | null | undefined;
  pictures?: string[] | undefined;
}

export async function changeNonconformity(
  parts: QualityParts,
  tx: LedgerTx,
  id: string,
  { addLots, ...change }: NonconformityChange,
  deed: Deed,
): Promise<Nonconformity> {
  const found = await needOpen(parts, id, tx);
  if (addLots) await holdLots(parts, tx, found, addLots, deed.time, deed.actor);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next = { ...found, ...given, status: addLots?.length ? ('open' as const) : found.status };
  await keep(parts, tx, next, 'changed', { ...given, addLots: addLots ?? [] }, deed);
  return needNonconformity(parts, id, tx);
}

type EightDInput = Omit<EightD, 'effectiveness' | 'startedAt' | 'actions'> & {
  actions: (Omit<EightD['actions'][number], 'id'> & { id?: string | undefined })[];
};

export async function saveEightD(
  parts: QualityParts,
  tx: LedgerTx,
  id: string,
  input: EightDInput,
  deed: Deed,
): Promise<Nonconformity> {
  const found = await needOpen(parts, id, tx);
  const actions = input.actions.map((a) => ({ ...a, id: a.id ?? uuidv7(Math.floor(deed.time / 1000)) }));
  const eightD: EightD = {
    ...{ ...input, actions },
    startedAt: found.eightD?.startedAt ?? deed.time,
    effectiveness: found.eightD?.effectiveness ?? null,
  };
  return keep(parts, tx, { ...found, eightD }, 'eightDSaved', { eightD }, deed);
}

/** A look back: measures that did not work open the report again. */
export async function checkEffectiveness(
  parts: QualityParts,
  tx: LedgerTx,
  id: string,
  input: { effective: boolean; evidence: string },
  deed: Deed,
): Promise<Nonconformity> {
  const found = await needOpen(parts, id, tx);
  if (!found.eightD) throw qualityError('quality.noEightD', { number: found.number }, { status: 409 });
  const effectiveness = { checkedAt: deed.time, by: nameOf(deed.caller), ...input };
  const status = !input.effective ? 'open' : found.status;
  const next = { ...found, status, eightD: { ...found.eightD, effectiveness } } as const;
  return keep(parts, tx, next, 'effectivenessChecked', effectiveness, deed);
}

/** What still keeps a nonconformity from being closed, as codes; complaints need an 8D. Pure. */
export function openPoints(n: Nonconformity): ('lots' | 'eightD' | 'actions' | 'effectiveness')[] {
  const open: ReturnType<typeof openPoints> = [];
  if (n.lots.some((l) => l.held)) open.push('lots');
  if (n.source === 'customer' && !n.eightD) open.push('eightD');
  if (n.eightD?.actions.some((a) => a.doneAt === null)) open.push('actions');
  if (n.eightD && n.eightD.effectiveness?.effective !== true) open.push('effectiveness');
  return open;
}

const pointText = {
  lots: { ko: '판정하지 않은 로트', en: 'lots without a decision' },
  eightD: { ko: '8D 보고서', en: 'the 8D report' },
  actions: { ko: '끝나지 않은 조치', en: 'measures not done' },
  effectiveness: { ko: '유효성 확인', en: 'the effectiveness check' },
};

export async function close(parts: QualityParts, tx: LedgerTx, id: string, deed: Deed): Promise<Nonconformity> {
  const found = await needOpen(parts, id, tx);
  const open = openPoints(found);
  if (open.length > 0) {
    const points = open.map((p) => `${pointText[p].ko} (${pointText[p].en})`).join(', ');
    throw qualityError('quality.notReady', { number: found.number, points }, { status: 409 });
  }
  return keep(parts, tx, { ...found, status: 'closed', closedAt: deed.time }, 'closed', {}, deed);
}
