import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Caller, RouteCall, RouteId, RouteOutput } from '@deungdae/contracts/api.ts';
import { code, day, morning, openStock, pcs } from './fixtures.ts';

const caller: Caller = { userId: 'kim', name: '김반장', role: 'supervisor', language: 'ko', via: 'session' };

/** A stock with 500 caps received 40 days before the clock's morning, 2026-10-16. */
async function openOld() {
  const s = await openStock();
  const call = <Id extends RouteId>(id: Id, input: Partial<RouteCall<Id>>) =>
    (s.stock.handlers[id] as unknown as (input: unknown, caller: Caller) => Promise<RouteOutput<Id>>)(
      { params: {}, query: {}, body: {}, ...input },
      caller,
    );
  const time = morning - 40 * day;
  const lot = await s.run((tx) =>
    s.stock.receive(tx, { ...s.act({ time }), item: 'CAP', quantity: pcs(500), location: 'FG' }),
  );
  return { ...s, call, lot };
}

describe('closing of months', async () => {
  const s = await openOld();
  after(() => s.end());
  const months = async () => (await s.call('stockPeriods', { query: { limit: 24 } })).map((p) => [p.from, p.status]);

  it('lists the months since the first movement, and what is in the way of one', async () => {
    assert.deepEqual(await months(), [
      ['2026-11-01', 'running'],
      ['2026-10-01', 'open'],
    ]);
    const time = morning - 30 * day;
    const old = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act({ time }), item: 'CAP', quantity: pcs(5), location: 'QUA', quarantine: true }),
    );
    s.clock.jump((-30 * day) / 1000);
    const count = await s.call('startStockCount', { body: { locations: ['FG'], blind: true } });
    const shipment = await s.call('createShipment', { body: { customer: 'HMC', note: '' } });
    s.clock.jump((30 * day) / 1000);
    const { obstacles } = await s.call('checkClosing', { query: { day: '2026-10-31' } });
    assert.deepEqual(
      obstacles.map((o) => [o.kind, o.blocks, o.names]),
      [
        ['openCount', true, [count.number]],
        ['openShipment', false, [shipment.number]],
        ['quarantine', false, [old.number]],
      ],
    );
    const close = () => s.call('closeStock', { body: { day: '2026-10-31' } });
    await assert.rejects(close(), (error: Error) => {
      code('inventory.closingBlocked')(error);
      assert.match(error.message, new RegExp(`a stock count is open \\(${count.number}\\)`));
      return true;
    });
    await s.call('cancelStockCount', { params: { id: count.id } });
    await close();
    assert.deepEqual(await months(), [
      ['2026-11-01', 'running'],
      ['2026-10-01', 'closed'],
    ]);
  });

  it('refuses every act dated into the closed month, and leaves nothing of it', async () => {
    const time = morning - 30 * day;
    const closed = code('inventory.closedDay');
    const acts: [string, object][] = [
      ['transferStock', { body: { lot: s.lot.id, from: 'FG', to: 'SHIP', quantity: 1, time } }],
      ['splitLot', { params: { id: s.lot.id }, body: { quantity: 1, time } }],
      ['packLots', { body: { lots: [{ lot: s.lot.id, quantity: 1 }], location: 'FG', time } }],
      ['returnToSupplier', { body: { lot: s.lot.id, quantity: 1, supplier: 'LOTTE', reason: '불량', time } }],
      ['scrapStock', { body: { item: 'CAP', lot: s.lot.id, quantity: 1, reason: '불량', time } }],
    ];
    for (const [id, input] of acts) await assert.rejects(s.call(id as RouteId, input as never), closed, id);
    assert.equal((await s.call('lot', { params: { id: s.lot.id } })).movements.length, 1);
    assert.equal((await s.call('containers', { query: { limit: 10 } })).length, 0);
  });

  it('opens again with the reason and the name, and says so in the list', async () => {
    const [closing] = await s.call('stockClosings', {});
    assert.equal(closing!.name, '김반장');
    await s.call('reopenStock', { params: { id: closing!.id }, body: { reason: '송장 누락' } });
    assert.deepEqual((await months())[1], ['2026-10-01', 'reopened']);
    const periods = await s.call('stockPeriods', { query: { limit: 1 } });
    assert.equal(periods.length, 1);
    const events = await s.ledger.events({ type: 'stock.reopened', limit: 1 } as never);
    assert.match(JSON.stringify(events), /송장 누락/);
  });
});

describe('returns and containers', async () => {
  const s = await openOld();
  after(() => s.end());
  const card = async (id: string) => s.call('lot', { params: { id } });

  it('sends a rejected lot back to its supplier, and only what is there, loose', async () => {
    const lot = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'RESIN', quantity: pcs(50), location: 'RAW', supplier: 'LOTTE' }),
    );
    await s.run((tx) => s.stock.reject(tx, { ...s.act(), lot: lot.id }));
    const back = (quantity: number, more: object = {}) =>
      s.call('returnToSupplier', { body: { lot: lot.id, quantity, reason: '수분 과다', ...more } });
    await assert.rejects(back(51), code('inventory.short'));
    await assert.rejects(back(1, { supplier: 'NOBODY' }), code('masterdata.unknown'));
    assert.equal((await back(20)).onHand, 30);
    const [moved] = (await card(lot.id)).movements;
    assert.deepEqual(
      [moved!.kind, moved!.from, moved!.to, moved!.partner, moved!.reason],
      ['supplierReturn', 'RAW', '@supplier', 'LOTTE', '수분 과다'],
    );
    const ledger = await s.call('stockLedger', { query: { from: '2026-11-25', to: '2026-11-25', item: 'RESIN' } });
    assert.deepEqual([ledger.balanced, ledger.rows[0]!.issued, ledger.rows[0]!.closing], [true, 20, 30]);
    await assert.rejects(
      s.call('returnToSupplier', { body: { lot: s.lot.id, quantity: 1, reason: '불량' } }),
      code('inventory.noSupplier'),
    );
  });

  it('says what may come back from whom, and takes no more', async () => {
    await s.run((tx) =>
      s.stock.ship(tx, { ...s.act(), shipment: 'H1', customer: 'HMC', lots: [{ lot: s.lot.id, quantity: pcs(30) }] }),
    );
    await s.call('issueStock', { body: { item: 'CAP', lot: s.lot.id, quantity: 12 } });
    assert.deepEqual((await card(s.lot.id)).returnable, {
      customers: [{ customer: 'HMC', quantity: 30 }],
      runs: [{ run: null, quantity: 12 }],
    });
    const back = (body: object) => s.call('returnStock', { body: { lot: s.lot.id, ...body } as never });
    await back({ location: 'FG', quantity: 2 });
    await assert.rejects(back({ location: 'FG', quantity: 11 }), code('inventory.notIssued'));
    const returned = await back({ location: 'QUA', quantity: 10, customer: 'HMC', reason: '긁힘' });
    assert.equal(returned.status, 'quarantine');
    assert.deepEqual((await card(s.lot.id)).returnable, {
      customers: [{ customer: 'HMC', quantity: 20 }],
      runs: [{ run: null, quantity: 10 }],
    });
  });

  it('lists containers with what is in them, and moves one with all of it', async () => {
    const lot = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'ASSY', quantity: pcs(40), location: 'FG' }),
    );
    const pack = (lots: object[], container?: string) =>
      s.call('packLots', { body: { lots, location: 'FG', ...(container ? { container } : {}) } as never });
    const box = await pack([{ lot: lot.id, quantity: 15 }]);
    const pallet = await pack([
      { lot: box.id, quantity: 1 },
      { lot: lot.id, quantity: 5 },
    ]);
    const list = await s.call('containers', { query: { limit: 10, shipped: 'without' } });
    assert.deepEqual(
      list.map((c) => [c.lot.number, c.place, c.inside, c.lots, c.boxes, c.items.map((i) => [i.name, i.quantity])]),
      [
        [pallet.number, 'FG', null, 1, 1, [['조립품', 20]]],
        [box.number, 'FG', pallet.number, 1, 0, [['조립품', 15]]],
      ],
    );
    await s.call('transferStock', { body: { lot: pallet.number, to: 'SHIP' } });
    const at = await s.call('containers', { query: { limit: 10, location: 'SHIP' } });
    assert.equal(at.length, 2);
    assert.deepEqual((await card(lot.id)).lot.stock, [
      { location: 'FG', quantity: 20 },
      { location: 'SHIP', quantity: 20 },
    ]);
    assert.deepEqual((await card(lot.id)).loose, [{ location: 'FG', quantity: 20 }]);
    const unpack = (lots: object[]) =>
      s.call('unpackContainer', { params: { id: pallet.id }, body: { lots } as never });
    await unpack([{ lot: lot.id, quantity: 5 }]);
    assert.equal(
      (await s.call('containers', { query: { limit: 10, search: pallet.number } }))[0]!.items[0]!.quantity,
      15,
    );
    await unpack([{ lot: box.id, quantity: 1 }]);
    await assert.rejects(unpack([{ lot: box.id, quantity: 1 }]), code('inventory.notInside'));
    const out = await s.call('containers', { query: { limit: 10 } });
    assert.deepEqual(
      out.map((c) => [c.lot.number, c.inside, c.items[0]?.quantity]),
      [
        [pallet.number, null, undefined],
        [box.number, null, 15],
      ],
    );
    assert.equal((await s.stock.links([box.id], 'down')).length, 0, 'the pallet is no part of its genealogy any more');
  });
});
