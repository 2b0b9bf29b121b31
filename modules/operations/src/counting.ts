import type { Context } from './context.ts';
import type { RunRow } from './run-store.ts';

/** Pieces that a machine's counters counted. */
export interface Count {
  good: number;
  scrap: number;
  total: number;
}

/** The machine's count since the last confirmation, and when its first good piece came, read before the transaction. */
export interface Counted {
  run: string;
  from: number;
  /** Until when was asked, and until when it is counted: earlier where pieces came late. */
  asked: number;
  to: number;
  count: Count | null;
  firstGood: number | null;
}

/** What was proposed on a screen, and until when it was counted. */
export interface Proposal {
  counted?: Count | null | undefined;
  countedTo?: number | undefined;
}

/** Farthest back that a piece is looked for that came after it was asked for, µs. */
const latestUs = 64_000_000;

const none: Count = { good: 0, scrap: 0, total: 0 };

/** What the machine counted in [from, to), never below nothing; null without a counter. */
export async function countBetween(context: Context, machine: string, from: number, to: number): Promise<Count | null> {
  return floored(await netBetween(context, machine, from, to));
}

function floored(net: Count | null): Count | null {
  if (!net) return null;
  const total = Math.max(0, net.total);
  const within = (pieces: number) => Math.min(Math.max(0, pieces), total);
  return { good: within(net.good), scrap: within(net.scrap), total };
}

/** As `countBetween`; below nothing where a counter was set back. */
async function netBetween(context: Context, machine: string, from: number, to: number): Promise<Count | null> {
  if (to <= from) return null;
  const pieces = await context.deps.equipment.pieces(machine, from, to);
  if (!pieces || pieces.produced === null) return null;
  const scrap = pieces.scrap ?? 0;
  return { good: pieces.good ?? pieces.produced - scrap, scrap, total: pieces.produced };
}

/** Counts the stretch that is to be confirmed: until `asked`, or until where the count is the one that was proposed. */
export async function countFor(
  context: Context,
  run: RunRow,
  asked: number,
  proposal: Proposal = {},
): Promise<Counted> {
  const net = await netBetween(context, run.machine, run.counted_to, asked);
  // A counter was set back by more than it counted since: the next stretch begins where this one did, so that the pieces
  // it took back are taken off those to come.
  if (net && net.total < 0)
    return { run: run.id, from: run.counted_to, asked, to: run.counted_to, count: none, firstGood: null };
  const whole = floored(net);
  const { to, count } = await withoutLate(context, run, asked, whole, proposal);
  const first =
    run.production_us === null && count && count.good > 0
      ? ((await context.deps.equipment.pieces(run.machine, run.started_us, to))?.firstGoodAt ?? null)
      : null;
  return { run: run.id, from: run.counted_to, asked, to, count, firstGood: first };
}

/** What was counted before the transaction, when nobody confirmed meanwhile; else counted anew. */
export async function settledCount(
  context: Context,
  run: RunRow,
  counted: Counted | null,
  asked: number,
  proposal: Proposal,
): Promise<{ to: number; count: Count | null }> {
  if (counted && counted.run === run.id && counted.from === run.counted_to && counted.asked === asked) return counted;
  return countFor(context, run, asked, proposal);
}

/**
 * A piece can reach the server after a screen proposed the count of its time: nobody has agreed to it, and behind the
 * end of the stretch it would never be proposed again. So the stretch ends where the count is what the person saw.
 */
async function withoutLate(
  context: Context,
  run: RunRow,
  asked: number,
  whole: Count | null,
  { counted, countedTo }: Proposal,
): Promise<{ to: number; count: Count | null }> {
  const from = run.counted_to;
  if (!whole || !counted || countedTo === undefined || whole.total <= counted.total) return { to: asked, count: whole };
  const until = async (to: number) => ({ to, count: (await countBetween(context, run.machine, from, to)) ?? none });
  let more = { to: asked, count: whole };
  let less = more;
  for (let back = 1_000_000; less.count.total > counted.total; back *= 2) {
    if (less.to <= from || back > latestUs) return { to: asked, count: whole };
    more = less;
    less = await until(Math.max(from, asked - back));
  }
  while (less.count.total < counted.total && more.to - less.to > 1) {
    const middle = await until(Math.floor((less.to + more.to) / 2));
    if (middle.count.total > counted.total) more = middle;
    else less = middle;
  }
  // Pieces of one moment that came apart: what lies nearer to what the person saw.
  return more.count.total - counted.total < counted.total - less.count.total ? more : less;
}
