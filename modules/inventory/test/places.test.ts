import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { code, day, openStock, pcs, usual } from './fixtures.ts';

describe('what may leave a place, and where it comes back to', async () => {
  const s = await openStock({
    ...usual,
    location: {
      ...usual.location,
      AWAY: { name: '도금 외주', kind: 'outsourcer' },
      BAD: { name: '폐기장', kind: 'scrap' },
    },
  });
  after(() => s.end());
  const receive = (item: string, quantity: number, location: string) =>
    s.run((tx) => s.stock.receive(tx, { ...s.act(), item, quantity: pcs(quantity), location }));
  const move = (lot: string, from: string, to: string, quantity: number) =>
    s.run((tx) => s.stock.move(tx, { ...s.act(), lot, from, to, quantity: pcs(quantity) }));
  const at = async (lot: string) =>
    Object.fromEntries((await s.stock.lot(lot))!.stock.map((p) => [p.location, p.quantity]));
  const ship = (shipment: string, lot: string, quantity: number) =>
    s.run((tx) =>
      s.stock.ship(tx, { ...s.act(), shipment, customer: 'HMC', lots: [{ lot, quantity: pcs(quantity) }] }),
    );

  it('a box on hold does not leave on the pallet it stands on, nor is used from it', async () => {
    const lot = await receive('CAP', 10, 'FG');
    const pack = (things: { lot: string; quantity: number }[]) =>
      s.run((tx) => s.stock.pack(tx, { ...s.act(), location: 'FG', lots: things }));
    const box = await pack([{ lot: lot.id, quantity: pcs(4) }]);
    const pallet = await pack([{ lot: box.id, quantity: 0 }]);
    await s.run((tx) => s.stock.hold(tx, { ...s.act(), lot: box.id, reason: '포장 파손' }));
    await assert.rejects(ship('SH-P', pallet.id, 4), code('inventory.onHold'));
    const use = () =>
      s.run((tx) => s.stock.consume(tx, { ...s.act(), item: 'CAP', quantity: pcs(1), lot: pallet.id, run: null }));
    await assert.rejects(use(), code('inventory.onHold'));
    await s.run((tx) => s.stock.release(tx, { ...s.act(), lot: box.id }));
    await use();
    await ship('SH-P', pallet.id, 3);
    assert.equal((await s.stock.lot(lot.id))!.onHand, 6);
  });

  it('goods of a lot that lie in quarantine, scrap or at an outsourcer’s are not shipped with the rest of it', async () => {
    const lot = await receive('CAP', 10, 'FG');
    await move(lot.id, 'FG', 'BAD', 2);
    await move(lot.id, 'FG', 'AWAY', 3);
    await assert.rejects(ship('SH-1', lot.id, 6), code('inventory.shutPlace'));
    await ship('SH-1', lot.id, 5);
    assert.deepEqual(await at(lot.id), { AWAY: 3, BAD: 2 });
  });

  it('a scanned lot is used from open places; from shut ones only when the place is named', async () => {
    const lot = await receive('COLOR', 10, 'RAW');
    await move(lot.id, 'RAW', 'AWAY', 4);
    const use = (quantity: number, location?: string) =>
      s.run((tx) =>
        s.stock.consume(tx, {
          ...{ ...s.act(), item: 'COLOR', quantity: pcs(quantity), lot: lot.id, run: null },
          ...(location ? { location } : {}),
        }),
      );
    await use(5);
    assert.deepEqual(await at(lot.id), { AWAY: 4, RAW: 1 });
    await assert.rejects(use(2), code('inventory.shutPlace'));
    await use(4, 'AWAY');
    assert.deepEqual(await at(lot.id), { RAW: 1 });
    await move(lot.id, 'RAW', 'QUA', 1);
    await assert.rejects(use(1), code('inventory.shutPlace'));
  });

  it('finds stock behind hundreds of lots that lie where nothing is taken from', async () => {
    await s.run(async (tx) => {
      for (let i = 0; i < 501; i++)
        await s.stock.receive(tx, { ...s.act(), item: 'ASSY', quantity: pcs(1), location: 'BAD' });
    });
    await s.clock.advance(1000);
    await receive('ASSY', 3, 'FG');
    const used = await s.run((tx) =>
      s.stock.consume(tx, { ...s.act(), item: 'ASSY', quantity: pcs(2), run: 'r-behind' }),
    );
    assert.equal(used.length, 1);
  });

  it('material of a run that comes back twice goes to each place no more than was taken there', async () => {
    const lot = await receive('COLOR', 20, 'RAW');
    await move(lot.id, 'RAW', 'LINE', 10);
    const use = (location: string) =>
      s.run((tx) =>
        s.stock.consume(tx, {
          ...{ ...s.act(), item: 'COLOR', quantity: pcs(8), lot: lot.id, location, run: 'r-two' },
        }),
      );
    await use('RAW');
    await use('LINE');
    const back = () =>
      s.run((tx) =>
        s.stock.takeBack(tx, {
          ...{ ...s.act(), lot: lot.id, run: 'r-two', quantity: pcs(6), made: { runs: [], quantity: 0 } },
        }),
      );
    await back();
    assert.deepEqual(await at(lot.id), { LINE: 8, RAW: 2 });
    await back();
    assert.deepEqual(await at(lot.id), { LINE: 10, RAW: 6 });
  });

  it('pieces taken off a lot take their share of its origin, also when some of the lot came back from a later run', async () => {
    const resin = await receive('COLOR', 10, 'RAW');
    await s.run((tx) =>
      s.stock.consume(tx, { ...s.act(), item: 'COLOR', quantity: pcs(10), lot: resin.id, run: 'r-made' }),
    );
    const made = await s.run((tx) =>
      s.stock.produce(tx, {
        ...{ ...s.act(), item: 'CAP', revision: 'A', quantity: pcs(100), location: 'FG', workOrder: 'WO' },
        ...{ run: 'r-made', from: [{ lot: resin.id, quantity: pcs(10) }] },
      }),
    );
    await s.run((tx) =>
      s.stock.consume(tx, { ...s.act(), item: 'CAP', quantity: pcs(60), lot: made.id, run: 'r-next' }),
    );
    await s.run((tx) =>
      s.stock.takeBack(tx, {
        ...{ ...s.act({ reason: 'correction' }), lot: made.id, run: 'r-next', quantity: pcs(50) },
        made: { runs: [], quantity: 0 },
      }),
    );
    await s.run((tx) =>
      s.stock.unmake(tx, {
        ...{ ...s.act({ reason: 'correction' }), lot: made.id, run: 'r-made', location: 'FG', quantity: pcs(50) },
      }),
    );
    const [link] = await s.stock.links([made.id], 'up');
    assert.equal(link?.quantity, 5);
  });

  it('a lot may be used through the day that is printed on it', async () => {
    const through = await s.run((tx) =>
      s.stock.receive(tx, {
        ...{ ...s.act(), item: 'RESIN', quantity: pcs(5), location: 'RAW', number: 'R-TODAY' },
        // As a form or a label gives a date: midnight UTC, nine in the morning in Seoul.
        expiresAt: Date.UTC(2026, 10, 25) * 1000,
      }),
    );
    s.clock.jump((day * 14.5) / 24 / 1000);
    const use = (lot?: string) =>
      s.run((tx) =>
        s.stock.consume(tx, {
          ...{ ...s.act(), item: 'RESIN', quantity: pcs(1), run: null, ...(lot ? { lot } : {}) },
        }),
      );
    await use(through.id);
    await use();
    assert.equal((await s.stock.available('RESIN', null)).length, 1);
    s.clock.jump(day / 24 / 1000);
    await assert.rejects(use(through.id), code('inventory.expired'));
    await assert.rejects(use(), code('inventory.shortItem'));
  });
});
