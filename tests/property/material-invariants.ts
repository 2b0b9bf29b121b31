import { neededOf } from '../../modules/operations/src/material.ts';
import type { BomLine, OrderBom } from '../../modules/operations/src/order-store.ts';
import type { Snapshot } from './invariants.ts';

type Run = Snapshot['runs'][number];

/** Taken by the pieces that were confirmed. */
const byPieces = ['backflush', 'loaded', 'settled'];

/**
 * What the pieces of a run need by the bill is what was taken out of stock for it, or is open or ended as a shortage: no
 * result is without its material, and a corrected one gave it back. What was scanned with a quantity stays, a person said
 * so, and the pieces are made of it first. A millionth a result is rounding. What somebody brought back by hand may be
 * missing.
 */
export function materialAccount(s: Snapshot): string[] {
  const problems: string[] = [];
  for (const x of s.shortages) {
    const open = x.quantity - x.settled - x.closed;
    if (x.settled < 0 || x.closed < 0 || open < 0 || (open === 0) !== (x.status === 'settled'))
      problems.push(`shortage ${x.id}: ${x.quantity} short, ${x.settled} settled, ${x.closed} closed, ${x.status}`);
  }
  const orders = new Map(s.orders.map((o) => [o.id, o]));
  const results = new Map<string, number>();
  for (const r of s.results) results.set(r.run_id, (results.get(r.run_id) ?? 0) + 1);
  for (const run of s.runs) {
    const order = orders.get(run.order_id)!;
    const bom = JSON.parse(order.bom) as OrderBom;
    for (const line of linesOfRun(s, run, bom)) {
      const need = neededOf(bom, line, run.good + run.scrap + run.rework);
      const have = inputsOf(s, run, line, byPieces) + shortOf(s, run, line);
      const scanned = inputsOf(s, run, line, ['scan']);
      const returned = broughtBack(s, run, line);
      const slack = (results.get(run.id) ?? 0) + 1;
      if (have > need + slack || have + scanned + returned < need - slack)
        problems.push(
          `run ${run.id} (order ${order.number}) needs ${need} of ${line.component}, has ${have}, scanned ${scanned}, brought back ${returned}`,
        );
    }
  }
  return problems;
}

function linesOfRun(s: Snapshot, run: Run, bom: OrderBom): BomLine[] {
  const steps = s.steps.filter((x) => x.order_id === run.order_id).sort((a, b) => a.number - b.number);
  const first = steps.find((x) => x.status !== 'skipped') ?? steps[0];
  const own = steps.find((x) => x.id === run.step_id)!;
  return bom.lines.filter(
    (l) => l.issue !== 'supplied' && (l.operation === undefined ? own.id === first?.id : l.operation === own.number),
  );
}

function inputsOf(s: Snapshot, run: Run, line: BomLine, how: readonly string[]): number {
  const items = [line.component, ...line.alternates];
  return s.inputs
    .filter((i) => i.run_id === run.id && items.includes(i.item) && how.includes(i.how))
    .reduce((sum, i) => sum + i.quantity, 0);
}

function shortOf(s: Snapshot, run: Run, line: BomLine): number {
  return s.shortages
    .filter((x) => x.run_id === run.id && x.item === line.component)
    .reduce((sum, x) => sum + x.quantity - x.settled, 0);
}

function broughtBack(s: Snapshot, run: Run, line: BomLine): number {
  const items = [line.component, ...line.alternates];
  return s.movements
    .filter((m) => m.kind === 'return' && m.reference === `run/${run.id}` && items.includes(m.item))
    .filter((m) => m.reason !== 'correction' && m.from_place === '@production')
    .reduce((sum, m) => sum + m.quantity, 0);
}

/** Orders and materials of which something is, or stays, unnamed: their lots need not lead there. */
export function unnamed(s: Snapshot): Set<string> {
  return new Set(s.shortages.filter((x) => x.quantity > x.settled).map((x) => `${x.order_id} ${x.item}`));
}
