import * as badDays from './bad-day-acts.ts';
import type { Act, Client } from './client.ts';
import * as material from './material-acts.ts';
import * as production from './production-acts.ts';
import * as stock from './stock-acts.ts';

/** One of the acts, by its weight. */
export function actAtRandom(client: Client): Promise<void> {
  let at = client.random.next() * total;
  for (const [weight, run] of acts) {
    at -= weight;
    if (at < 0) return run(client);
  }
  return Promise.resolve();
}

/** Acts with their weights. */
const acts: readonly (readonly [number, Act])[] = [
  [8, stock.receive],
  [4, production.createOrder],
  [5, production.changeOrder],
  [9, production.start],
  [22, production.confirm],
  [8, production.inspect],
  [6, production.useLot],
  [6, production.actOnRun],
  [4, production.packRun],
  [5, production.correct],
  [5, material.confirmAnyway],
  [4, material.settle],
  [6, stock.holdOrRelease],
  [4, stock.moveStock],
  [4, stock.splitOrMerge],
  [5, stock.packBox],
  [3, stock.unpackBox],
  [9, stock.ship],
  [4, stock.takeBack],
  [3, stock.changeStock],
  [4, stock.countStock],
  [4, stock.reverse],
  [1, stock.closeDays],
  [2, production.closeShift],
  [3, stock.nonconform],
  [4, production.outside],
  [4, badDays.holdWhileLoading],
  [5, badDays.shiftOffline],
  [3, badDays.upAndDown],
  [4, badDays.resolveRefused],
];
const total = acts.reduce((sum, [weight]) => sum + weight, 0);
