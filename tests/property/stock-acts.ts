import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { type Act, type Client, dayOf, entry } from './client.ts';
import type { Input } from './shop-floor.ts';

const items = ['RESIN', 'INSERT', 'INSERT-B', 'SCREW', 'PART', 'CAP', 'COVER', 'KIT'];
const places = ['RAW', 'WIP', 'FG', 'QUA'];

export const receive: Act = async (c) => {
  const item = c.random.pick(['RESIN', 'INSERT', 'INSERT', 'INSERT-B', 'SCREW', 'PART']);
  const quantity = item === 'RESIN' ? c.random.int(1, 5000) / 1000 : c.random.int(1, 200);
  const past = c.chance(0.1) ? { time: c.floor.clock.nowUs() - c.random.int(1, 40) * 3_600_000_000 } : {};
  const body = { ...entry(), ...past, item, quantity, location: 'RAW', supplier: 'SUP', quarantine: c.chance(0.05) };
  const lot = await c.call('receiveStock', { body } as Input<'receiveStock'>);
  if (lot) c.beliefs.note('received', body.entryId, item, quantity);
  if (lot && item === 'INSERT' && c.chance(0.3))
    await c.call('askInspection', {
      body: { stage: 'incoming', item, lot: lot.id, lotSize: quantity, supplier: 'SUP' },
    } as Input<'askInspection'>);
};

const someLot = async (c: Client, kinds: readonly string[] = ['lot']) => {
  const rows = await c.db
    .selectFrom('inv_lots')
    .selectAll()
    .where('kind', 'in', kinds as 'lot'[])
    .where('untracked', '=', 0)
    .execute();
  if (c.chance(0.02)) return { ...(rows[0] ?? null), number: 'NO-SUCH-LOT', item: 'CAP', key: -1 };
  // Mostly those that are still there.
  const there = new Set((await c.db.selectFrom('inv_stock').select('lot').execute()).map((s) => s.lot));
  return c.pick(c.chance(0.8) ? rows.filter((r) => r.kind === 'container' || there.has(r.key)) : rows);
};

export const holdOrRelease: Act = async (c) => {
  const lot = await someLot(c, ['lot', 'lot', 'container']);
  if (!lot) return;
  const params = { id: lot.number };
  if (c.chance(0.35))
    await c.call('holdLot', { params, body: { ...entry(), reason: '확인 필요' } } as Input<'holdLot'>);
  else await c.call('releaseLot', { params, body: { ...entry(), reason: '확인' } } as Input<'releaseLot'>);
};

const stockOf = async (c: Client, item?: string) => {
  let rows = c.db.selectFrom('inv_stock').selectAll().where('lot', '>', 0);
  if (item) rows = rows.where('item', '=', item);
  return (await rows.execute()).filter((s) => !s.place.startsWith('@') && s.quantity > 0);
};

/** Some of what lies there; more than that now and then. */
const part = (c: Client, quantity: number) => {
  if (c.chance(0.08)) return fromMillionths(quantity) + 1;
  if (c.chance(0.25)) return fromMillionths(quantity);
  return Math.max(1, Math.round(quantity * c.random.next())) / 1_000_000;
};

export const lotNumber = async (c: Client, key: number) =>
  (await c.db.selectFrom('inv_lots').select('number').where('key', '=', key).executeTakeFirstOrThrow()).number;

export const moveStock: Act = async (c) => {
  const stock = c.pick(await stockOf(c));
  if (!stock) return;
  const [lot, to] = [await lotNumber(c, stock.lot), c.random.pick(places)];
  const body = { ...entry(), lot, from: stock.place, to, quantity: part(c, stock.quantity) };
  if (c.chance(0.6)) await c.call('transferStock', { body } as Input<'transferStock'>);
  else {
    const box = await someLot(c, ['container']);
    if (box) await c.call('transferStock', { body: { ...entry(), lot: box.number, to } } as Input<'transferStock'>);
  }
};

export const splitOrMerge: Act = async (c) => {
  const stock = c.pick(await stockOf(c));
  if (!stock) return;
  const number = await lotNumber(c, stock.lot);
  if (c.chance(0.5)) {
    const body = { ...entry(), quantity: part(c, stock.quantity) };
    await c.call('splitLot', { params: { id: number }, body } as Input<'splitLot'>);
    return;
  }
  const others = (await stockOf(c, stock.item)).filter((s) => s.lot !== stock.lot);
  const other = c.pick(others);
  if (!other) return;
  const lots = [number, await lotNumber(c, other.lot)];
  await c.call('mergeLots', { body: { ...entry(), lots, location: stock.place } } as Input<'mergeLots'>);
};

export const packBox: Act = async (c) => {
  const loose = (await stockOf(c)).filter((s) => s.quantity > s.packed);
  const stock = c.pick(c.chance(0.8) ? loose.filter((s) => s.place === 'FG' || s.place === 'WIP') : loose);
  const boxes = await c.db.selectFrom('inv_lots').selectAll().where('kind', '=', 'container').execute();
  const location = stock?.place ?? 'FG';
  const into = c.chance(0.4) ? c.pick(boxes.filter((b) => b.place === location || c.chance(0.1))) : null;
  const lots: { lot: string; quantity: number }[] = [];
  if (stock) lots.push({ lot: await lotNumber(c, stock.lot), quantity: part(c, stock.quantity - stock.packed) });
  const box = c.pick(boxes.filter((b) => b.place === location));
  if (box && c.chance(0.35)) lots.push({ lot: box.number, quantity: 1 });
  if (lots.length === 0) return;
  const body = { ...entry(), location, lots, ...(into ? { container: into.number } : {}) };
  await c.call('packLots', { body } as Input<'packLots'>);
};

export const unpackBox: Act = async (c) => {
  const box = await someLot(c, ['container']);
  if (!box) return;
  const contents = await c.db.selectFrom('inv_contents').selectAll().where('container', '=', box.key!).execute();
  const content = c.pick(contents);
  const lots =
    content && c.chance(0.6)
      ? { lots: [{ lot: await lotNumber(c, content.lot), quantity: part(c, content.quantity) }] }
      : {};
  await c.call('unpackContainer', {
    params: { id: box.number },
    body: { ...entry(), ...lots },
  } as Input<'unpackContainer'>);
};

export const ship: Act = async (c) => {
  const open = await c.db.selectFrom('inv_shipments').selectAll().where('status', '=', 'open').execute();
  const shipment = c.pick(open);
  if (!shipment || (open.length < 3 && c.chance(0.3))) {
    await c.call('createShipment', { body: { ...entry(), customer: 'HMC' } } as Input<'createShipment'>);
    return;
  }
  const params = { id: shipment.number };
  const what = c.random.int(0, 11);
  if (what <= 6) {
    const box = c.chance(0.5) ? await someLot(c, ['container']) : null;
    const stock = c.pick((await stockOf(c)).filter((s) => ['CAP', 'COVER', 'KIT', 'PART'].includes(s.item)));
    if (box) await c.call('loadShipment', { params, body: { ...entry(), code: box.number } } as Input<'loadShipment'>);
    else if (stock) {
      const body = { ...entry(), code: await lotNumber(c, stock.lot), quantity: part(c, stock.quantity) };
      await c.call('loadShipment', { params, body } as Input<'loadShipment'>);
    }
    return;
  }
  const line = c.pick(
    await c.db.selectFrom('inv_shipment_lines').selectAll().where('shipment', '=', shipment.key).execute(),
  );
  if (what === 7 && line) {
    const code = await lotNumber(c, line.box || line.lot);
    await c.call('unloadShipment', { params, body: { ...entry(), code } } as Input<'unloadShipment'>);
  } else if (what === 8)
    await c.call('cancelShipment', { params, body: { reason: '취소' } } as Input<'cancelShipment'>);
  else await c.call('sendShipment', { params, body: entry() } as Input<'sendShipment'>);
};

export const takeBack: Act = async (c) => {
  const kind = c.chance(0.5) ? 'ship' : 'consume';
  const moved = c.pick(await c.db.selectFrom('inv_movements').selectAll().where('kind', '=', kind).execute());
  if (!moved) return;
  const run = moved.reference?.startsWith('run/') && c.chance(0.8) ? { run: moved.reference.slice(4) } : {};
  const from = kind === 'ship' ? { customer: 'HMC' } : run;
  const lot = await lotNumber(c, moved.lot);
  const body = { ...entry(), lot, location: c.random.pick(places), quantity: part(c, moved.quantity), ...from };
  await c.call('returnStock', { body } as Input<'returnStock'>);
};

export const changeStock: Act = async (c) => {
  const stock = c.pick(await stockOf(c));
  if (!stock) return;
  const lot = await lotNumber(c, stock.lot);
  const quantity = part(c, Math.min(stock.quantity, 5_000_000));
  const tracked = stock.item !== 'SCREW' || c.chance(0.2);
  const what = { ...entry(), item: c.chance(0.97) ? stock.item : c.random.pick(items), ...(tracked ? { lot } : {}) };
  const location = c.chance(0.6) ? { location: stock.place } : {};
  switch (c.random.int(0, 2)) {
    case 0: {
      const body = { ...what, ...location, quantity, reason: '파손' };
      const row = await c.call('scrapStock', { body } as Input<'scrapStock'>);
      if (row) c.beliefs.note('scrapped', what.entryId, what.item, quantity);
      break;
    }
    case 1:
      await c.call('issueStock', { body: { ...what, ...location, quantity } } as Input<'issueStock'>);
      break;
    default: {
      const counted = Math.max(0, fromMillionths(stock.quantity) + c.random.int(-5, 5));
      const body = { ...what, location: stock.place, counted, reason: '조정' };
      await c.call('adjustStock', { body } as Input<'adjustStock'>);
    }
  }
};

export const countStock: Act = async (c) => {
  const open = c.pick(await c.db.selectFrom('inv_counts').selectAll().where('status', '=', 'open').execute());
  if (!open) {
    const locations = c.chance(0.5) ? [] : [c.random.pick(places)];
    await c.call('startStockCount', { body: { ...entry(), locations } } as Input<'startStockCount'>);
    return;
  }
  const params = { id: open.number };
  const what = c.random.int(0, 9);
  if (what <= 6) {
    const stock = c.pick(await stockOf(c));
    if (!stock) return;
    const quantity = Math.max(0, fromMillionths(stock.quantity) + c.random.int(-2, 2));
    const body = { ...entry(), code: await lotNumber(c, stock.lot), location: stock.place, quantity };
    await c.call('countStock', { params, body } as Input<'countStock'>);
  } else if (what <= 8) {
    const body = { ...entry(), uncounted: c.chance(0.2) ? 'zero' : 'keep' };
    await c.call('postStockCount', { params, body } as Input<'postStockCount'>);
  } else await c.call('cancelStockCount', { params } as Input<'cancelStockCount'>);
};

export const reverse: Act = async (c) => {
  const movement = c.pick(await c.db.selectFrom('inv_movements').selectAll().execute());
  if (!movement) return;
  const body = { ...entry(), reason: '착오' };
  await c.call('reverseMovement', { params: { id: String(movement.key) }, body } as Input<'reverseMovement'>);
};

export const closeDays: Act = async (c) => {
  const now = c.floor.clock.nowUs();
  if (c.chance(0.4)) {
    await c.call('closeStock', { body: { day: dayOf(now - 86_400_000_000) } } as Input<'closeStock'>);
    return;
  }
  const closing = c.pick(await c.db.selectFrom('inv_closings').selectAll().execute());
  if (closing)
    await c.call('reopenStock', {
      params: { id: String(closing.key) },
      body: { reason: '정정' },
    } as Input<'reopenStock'>);
};

export const nonconform: Act = async (c) => {
  const open = (await c.floor.call('nonconformities', {
    query: { status: 'running' },
  } as Input<'nonconformities'>)) as {
    id: string;
  }[];
  const found = c.pick(open);
  if (found && c.chance(0.65)) {
    const kind = c.random.pick(['concession', 'rework', 'scrap', 'return', 'release']);
    const params = { id: found.id };
    await c.call('decideNonconformity', { params, body: { kind, reason: '판정' } } as Input<'decideNonconformity'>);
    if (c.chance(0.3)) await c.call('closeNonconformity', { params } as Input<'closeNonconformity'>);
    return;
  }
  const lot = await someLot(c);
  if (!lot) return;
  const body = { ...entry(), source: 'production', item: lot.item, lots: [lot.number], quantity: 1, text: '긁힘' };
  await c.call('openNonconformity', { body } as Input<'openNonconformity'>);
};
