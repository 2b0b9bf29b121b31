import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { InventoryTables } from '../src/schema.ts';
import { code, day, openStock, pcs } from './fixtures.ts';

describe('stock', async () => {
  const s = await openStock();
  after(() => s.end());

  it('receives, moves and consumes; the plant and the outside sum to zero', async () => {
    const lot = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'COLOR', quantity: pcs(10.25), location: 'RAW', supplier: 'LOTTE' }),
    );
    assert.equal(lot.number, 'L261125-0001');
    assert.equal(lot.status, 'available');
    assert.deepEqual(lot.stock, [{ location: 'RAW', quantity: 10.25 }]);
    await s.run((tx) => s.stock.move(tx, { ...s.act(), lot: lot.id, from: 'RAW', to: 'LINE', quantity: pcs(4) }));
    const used = await s.run((tx) =>
      s.stock.consume(tx, {
        ...s.act(),
        item: 'COLOR',
        quantity: pcs(1.5),
        lot: lot.number,
        location: 'LINE',
        run: 'r0',
      }),
    );
    assert.deepEqual(used, [{ lot: lot.id, quantity: pcs(1.5) }]);
    assert.equal(await s.stock.onHand('COLOR'), pcs(8.75));
    assert.equal(await s.stock.onHand('COLOR', 'LINE'), pcs(2.5));
    const rows = await s.ledger
      .read<{ inv_stock: { item: string; quantity: number } }>()
      .selectFrom('inv_stock')
      .select('quantity')
      .where('item', '=', 'COLOR')
      .execute();
    assert.equal(
      rows.reduce((sum, r) => sum + r.quantity, 0),
      0,
    );
  });

  it('never goes negative: says item, lot, place, what is there and what was asked, and keeps nothing', async () => {
    const lot = await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(5), location: 'FG' }));
    const before = await s.stock.movements({ limit: 1000 });
    await assert.rejects(
      s.run((tx) => s.stock.move(tx, { ...s.act(), lot: lot.id, from: 'FG', to: 'SHIP', quantity: pcs(6) })),
      (error: Error & { code: string; params: object }) => {
        assert.equal(error.code, 'inventory.short');
        assert.deepEqual(error.params, {
          item: 'CAP',
          lot: lot.number,
          place: 'FG',
          unit: 'pcs',
          there: '5',
          asked: '6',
        });
        return true;
      },
    );
    assert.deepEqual(await s.stock.movements({ limit: 1000 }), before);
    assert.equal(await s.stock.onHand('CAP'), pcs(5));
  });

  it('back-flushes FEFO: the earliest date first, dateless last, expired and held never', async () => {
    const at = s.clock.nowUs();
    const receive = (quantity: number, expiresAt?: number) =>
      s.run((tx) =>
        s.stock.receive(tx, {
          ...s.act(),
          item: 'RESIN',
          quantity: pcs(quantity),
          location: 'RAW',
          ...(expiresAt ? { expiresAt } : {}),
        }),
      );
    const late = await receive(10, at + 50 * day);
    const early = await receive(10, at + 20 * day);
    const expired = await receive(10, at - day);
    const held = await receive(10, at + day);
    await s.run((tx) => s.stock.hold(tx, { ...s.act(), lot: held.id, reason: '색상 이상' }));
    const used = await s.run((tx) => s.stock.consume(tx, { ...s.act(), item: 'RESIN', quantity: pcs(12), run: 'r1' }));
    assert.deepEqual(used, [
      { lot: early.id, quantity: pcs(10) },
      { lot: late.id, quantity: pcs(2) },
    ]);
    await assert.rejects(
      s.run((tx) => s.stock.consume(tx, { ...s.act(), item: 'RESIN', quantity: pcs(9), run: 'r1' })),
      (error: Error & { code: string; params: Record<string, unknown> }) => {
        assert.equal(error.code, 'inventory.shortItem');
        assert.equal(error.params.there, 8);
        assert.match(String(error.params.why), new RegExp(expired.number));
        return true;
      },
    );
    await assert.rejects(
      s.run((tx) => s.stock.consume(tx, { ...s.act(), item: 'RESIN', quantity: pcs(1), lot: expired.id, run: 'r1' })),
      code('inventory.expired'),
    );
    await assert.rejects(
      s.run((tx) => s.stock.consume(tx, { ...s.act(), item: 'RESIN', quantity: pcs(1), lot: held.id, run: 'r1' })),
      code('inventory.onHold'),
    );
  });

  it('keeps several holds apart; release without a name also ends quarantine', async () => {
    const lot = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(5), location: 'QUA', quarantine: true }),
    );
    assert.equal(lot.status, 'quarantine');
    const a = await s.run((tx) => s.stock.hold(tx, { ...s.act({ reference: 'ncr/1' }), lot: lot.id, reason: 'A' }));
    await s.run((tx) => s.stock.hold(tx, { ...s.act({ reference: 'ncr/2' }), lot: lot.id, reason: 'B' }));
    await s.run((tx) => s.stock.release(tx, { ...s.act(), lot: lot.id, hold: a.hold }));
    assert.deepEqual(
      (await s.stock.lot(lot.id))?.holds.map((h) => h.reason),
      ['B'],
    );
    await assert.rejects(
      s.run((tx) => s.stock.release(tx, { ...s.act(), lot: lot.id, hold: a.hold })),
      code('inventory.unknownHold'),
    );
    await s.run((tx) => s.stock.release(tx, { ...s.act(), lot: lot.id }));
    assert.equal((await s.stock.lot(lot.id))?.status, 'available');
  });

  it('makes a lot from lots, with links both ways, and refuses a circle', async () => {
    const raw = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'COLOR', quantity: pcs(10), location: 'LINE' }),
    );
    const made = await s.run(async (tx) => {
      const act = s.act({ reference: 'run/r2' });
      const from = await s.stock.consume(tx, { ...act, item: 'COLOR', quantity: pcs(2), lot: raw.id, run: 'r2' });
      return s.stock.produce(tx, {
        ...act,
        ...{ item: 'CAP', revision: 'A', quantity: pcs(100), location: 'FG', workOrder: 'WO1', run: 'r2', from },
      });
    });
    const more = await s.run((tx) =>
      s.stock.produce(tx, {
        ...s.act({ reference: 'run/r2' }),
        ...{
          item: 'CAP',
          revision: 'A',
          quantity: pcs(20),
          location: 'FG',
          workOrder: 'WO1',
          run: 'r2',
          lot: made.id,
          from: [],
        },
      }),
    );
    assert.equal(more.id, made.id);
    assert.equal(more.onHand, 120);
    const assembled = await s.run(async (tx) => {
      const from = await s.stock.consume(tx, { ...s.act(), item: 'CAP', quantity: pcs(3), lot: made.id, run: 'r3' });
      return s.stock.produce(tx, {
        ...s.act({ reference: 'run/r3' }),
        ...{ item: 'ASSY', revision: 'A', quantity: pcs(3), location: 'FG', workOrder: 'WO2', run: 'r3', from },
      });
    });
    const up = await s.stock.links([assembled.id], 'up');
    assert.deepEqual(
      up.map((l) => [l.parent, l.child, l.kind, l.quantity, l.run]).sort(),
      [
        [raw.id, made.id, 'consumed', 2, 'r2'],
        [made.id, assembled.id, 'consumed', 3, 'r3'],
      ].sort(),
    );
    assert.equal((await s.stock.links([raw.id], 'down')).length, 2);
    await assert.rejects(
      s.run((tx) =>
        s.stock.produce(tx, {
          ...s.act(),
          ...{ item: 'CAP', revision: 'A', quantity: pcs(1), location: 'FG', workOrder: 'W', run: 'r4', lot: made.id },
          from: [{ lot: assembled.id, quantity: pcs(1) }],
        }),
      ),
      code('inventory.cycle'),
    );
    // Taking the consumption back takes it out of the genealogy too.
    const consumed = (await s.stock.movements({ lot: raw.id, limit: 10 })).find((m) => m.kind === 'consume')!;
    await s.run((tx) => s.stock.reverse(tx, { ...s.act(), movement: consumed.id }));
    assert.equal((await s.stock.links([made.id], 'up')).length, 0);
    await assert.rejects(
      s.run((tx) => s.stock.reverse(tx, { ...s.act(), movement: consumed.id })),
      code('inventory.alreadyReversed'),
    );
  });

  it('splits with its holds, merges with the earliest date', async () => {
    const at = s.clock.nowUs();
    const a = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'RESIN', quantity: pcs(10), location: 'RAW', expiresAt: at + 9 * day }),
    );
    const part = await s.run((tx) => s.stock.split(tx, { ...s.act(), lot: a.id, quantity: pcs(4) }));
    assert.equal(part.onHand, 4);
    assert.equal((await s.stock.lot(a.id))?.onHand, 6);
    const b = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'RESIN', quantity: pcs(1), location: 'RAW' }),
    );
    const merged = await s.run((tx) => s.stock.merge(tx, { ...s.act(), lots: [part.id, b.id], location: 'LINE' }));
    assert.equal(merged.onHand, 5);
    assert.equal(merged.expiresAt, at + 9 * day);
    assert.deepEqual((await s.stock.links([merged.id], 'up')).map((l) => l.kind).sort(), ['merged', 'merged', 'split']);
    await s.run((tx) => s.stock.hold(tx, { ...s.act(), lot: a.id, reason: 'X' }));
    const heldPart = await s.run((tx) => s.stock.split(tx, { ...s.act(), lot: a.id, quantity: pcs(1) }));
    assert.equal(heldPart.status, 'hold');
  });

  it('packs, ships a box once, and nothing on hold', async () => {
    const cap = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(50), location: 'FG' }),
    );
    const box = await s.run((tx) =>
      s.stock.pack(tx, { ...s.act(), lots: [{ lot: cap.id, quantity: pcs(30) }], location: 'FG' }),
    );
    assert.match(box.number, /^B261125-/);
    assert.equal(box.onHand, 30);
    await assert.rejects(
      s.run((tx) => s.stock.move(tx, { ...s.act(), lot: cap.id, from: 'FG', to: 'SHIP', quantity: pcs(25) })),
      code('inventory.packed'),
    );
    await s.run((tx) => s.stock.move(tx, { ...s.act(), lot: box.id, from: 'FG', to: 'SHIP', quantity: 0 }));
    assert.equal(await s.stock.onHand('CAP', 'SHIP'), pcs(30));
    const held = await s.run((tx) => s.stock.hold(tx, { ...s.act(), lot: cap.id, reason: '클레임' }));
    const send = () =>
      s.run((tx) =>
        s.stock.ship(tx, { ...s.act(), shipment: 'S1', customer: 'HMC', lots: [{ lot: box.number, quantity: 0 }] }),
      );
    await assert.rejects(send(), code('inventory.onHold'));
    await s.run((tx) => s.stock.release(tx, { ...s.act(), lot: cap.id, hold: held.hold }));
    assert.equal((await send()).length, 1);
    assert.equal((await s.stock.lot(cap.id))?.onHand, 20);
    await assert.rejects(send(), code('inventory.shipmentClosed'));
    assert.deepEqual(
      (await s.stock.links([cap.id], 'down')).map((l) => [l.child, l.kind, l.quantity]),
      [[box.id, 'packed', 30]],
    );
  });

  it('unpacks: the goods are loose again and the box is out of the genealogy', async () => {
    const cap = await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(9), location: 'FG' }));
    const box = await s.run((tx) =>
      s.stock.pack(tx, { ...s.act(), lots: [{ lot: cap.id, quantity: pcs(9) }], location: 'FG' }),
    );
    const pallet = await s.run((tx) =>
      s.stock.pack(tx, { ...s.act(), lots: [{ lot: box.id, quantity: 0 }], location: 'FG' }),
    );
    assert.equal(pallet.onHand, 9);
    await assert.rejects(
      s.run((tx) =>
        s.stock.pack(tx, { ...s.act(), container: box.id, lots: [{ lot: pallet.id, quantity: 0 }], location: 'FG' }),
      ),
      code('inventory.cycle'),
    );
    await s.run((tx) => s.stock.hold(tx, { ...s.act(), lot: pallet.id, reason: '선별' }));
    await assert.rejects(
      s.run((tx) => s.stock.unpack(tx, { ...s.act(), container: pallet.id })),
      code('inventory.onHold'),
      'what came out of it would be free',
    );
    await s.run((tx) => s.stock.release(tx, { ...s.act(), lot: pallet.id }));
    await s.run((tx) => s.stock.unpack(tx, { ...s.act(), container: pallet.id }));
    await s.run((tx) => s.stock.move(tx, { ...s.act(), lot: cap.id, from: 'FG', to: 'SHIP', quantity: pcs(9) }));
    assert.equal(
      (await s.stock.links([cap.id], 'down')).some((l) => l.parent === cap.id),
      false,
    );
  });

  it('containers stand six deep at most, however the tower was begun', async () => {
    const cap = await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(2), location: 'FG' }));
    const packed = async (lot: string) =>
      (
        await s.run((tx) =>
          s.stock.pack(tx, { ...s.act(), lots: [{ lot, quantity: lot === cap.id ? pcs(1) : 0 }], location: 'FG' }),
        )
      ).id;
    const tower = async (first: string, levels: number) => {
      const boxes = [first];
      while (boxes.length <= levels) boxes.push(await packed(boxes.at(-1)!));
      return boxes.slice(1);
    };
    const four = await tower(cap.id, 4);
    const three = await tower(cap.id, 3);
    const onto = s.run((tx) =>
      s.stock.pack(tx, { ...s.act(), container: three[0]!, lots: [{ lot: four[3]!, quantity: 0 }], location: 'FG' }),
    );
    await assert.rejects(onto, code('inventory.tooDeep'));
    const six = (await tower(four[3]!, 2))[1]!;
    await assert.rejects(packed(six), code('inventory.tooDeep'));
    for (const box of [six, three[2]!]) await s.run((tx) => s.stock.unpack(tx, { ...s.act(), container: box }));
    assert.equal((await s.stock.lot(cap.id))!.onHand, 2);
  });

  it('unpacks a pallet that holds a lot loose and in a box of its own: all of it, once', async () => {
    const cap = await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(9), location: 'FG' }));
    const pack = (lots: { lot: string; quantity: number }[]) =>
      s.run((tx) => s.stock.pack(tx, { ...s.act(), lots, location: 'FG' }));
    const box = await pack([{ lot: cap.id, quantity: pcs(3) }]);
    const pallet = await pack([
      { lot: cap.id, quantity: pcs(6) },
      { lot: box.id, quantity: 0 },
    ]);
    const out = (lots?: { lot: string; quantity: number }[]) =>
      s.run((tx) => s.stock.unpack(tx, { ...s.act(), container: pallet.id, ...(lots ? { lots } : {}) }));
    const half = { lot: cap.id, quantity: pcs(5) };
    await assert.rejects(out([half, half]), code('inventory.short'));
    await out();
    const empty = await s.stock.lots([box.id, pallet.id]);
    assert.deepEqual(
      empty.map((b) => b.onHand),
      [0, 0],
    );
    await s.run((tx) => s.stock.move(tx, { ...s.act(), lot: cap.id, from: 'FG', to: 'SHIP', quantity: pcs(9) }));
  });

  it('fills an empty box at another place: it leaves the pallet it stood on, empty boxes inside it come along', async () => {
    const cap = await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(9), location: 'FG' }));
    const pack = (location: string, lots: { lot: string; quantity: number }[], container?: string) =>
      s.run((tx) => s.stock.pack(tx, { ...s.act(), lots, location, ...(container ? { container } : {}) }));
    const some = [{ lot: cap.id, quantity: pcs(1) }];
    const inner = await pack('FG', some);
    const box = await pack('FG', [{ lot: inner.id, quantity: 0 }]);
    const pallet = await pack('FG', [{ lot: box.id, quantity: 0 }, ...some]);
    await s.run((tx) => s.stock.unpack(tx, { ...s.act(), container: inner.id }));
    await s.run((tx) => s.stock.move(tx, { ...s.act(), lot: cap.id, from: 'FG', to: 'LINE', quantity: pcs(2) }));
    await pack('LINE', some, box.id);
    await s.run((tx) => s.stock.move(tx, { ...s.act(), lot: pallet.id, from: 'FG', to: 'SHIP', quantity: 0 }));
    const places = await s.ledger
      .read<InventoryTables>()
      .selectFrom('inv_lots')
      .select(['number', 'place', 'inside'])
      .where('number', 'in', [box.number, inner.number, pallet.number])
      .execute();
    assert.deepEqual(
      new Map(places.map((p) => [p.number, p.place])),
      new Map([
        [inner.number, 'LINE'],
        [box.number, 'LINE'],
        [pallet.number, 'SHIP'],
      ]),
    );
    assert.equal(places.find((p) => p.number === box.number)?.inside, null);
    assert.equal((await s.stock.links([box.id], 'down')).length, 0);
  });

  it('an issue that came back from the line is not taken back a second time', async () => {
    const resin = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'RESIN', quantity: pcs(10), location: 'RAW' }),
    );
    await s.run((tx) => s.stock.consume(tx, { ...s.act(), item: 'RESIN', lot: resin.id, quantity: pcs(4), run: null }));
    const back = { lot: resin.id, location: 'RAW', quantity: pcs(1), run: null };
    await s.run((tx) => s.stock.giveBack(tx, { ...s.act(), ...back }));
    const issue = await s.ledger
      .read<InventoryTables>()
      .selectFrom('inv_movements')
      .select('key')
      .where('kind', '=', 'consume')
      .orderBy('key', 'desc')
      .executeTakeFirstOrThrow();
    const reverse = () => s.run((tx) => s.stock.reverse(tx, { ...s.act(), movement: String(issue.key) }));
    await assert.rejects(reverse(), code('inventory.notIssued'));
    assert.equal((await s.stock.lot(resin.id))?.onHand, 7);
  });

  it('keeps items without lots as one stock, serials one by one, and numbers unique', async () => {
    await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'OIL', quantity: pcs(20), location: 'RAW' }));
    await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'OIL', quantity: pcs(5), location: 'RAW' }));
    await s.run((tx) => s.stock.scrap(tx, { ...s.act(), item: 'OIL', quantity: pcs(1) }));
    assert.equal(await s.stock.onHand('OIL'), pcs(24));
    await assert.rejects(
      s.run((tx) => s.stock.scrap(tx, { ...s.act(), item: 'CAP', quantity: pcs(1) })),
      code('inventory.lotNeeded'),
    );
    await assert.rejects(
      s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'PUMP', quantity: pcs(2), location: 'FG' })),
      code('inventory.quantity'),
    );
    const pump = { item: 'PUMP', quantity: pcs(1), location: 'FG', number: 'PMP-77' };
    await s.run((tx) => s.stock.receive(tx, { ...s.act(), ...pump }));
    await assert.rejects(
      s.run((tx) => s.stock.receive(tx, { ...s.act(), ...pump })),
      code('inventory.numberTaken'),
    );
    await assert.rejects(
      s.run((tx) => s.stock.receive(tx, { ...s.act(), ...pump, number: 'a b' })),
      code('inventory.badNumber'),
    );
  });

  it('adjusts both ways, gives back, takes customer returns into quarantine', async () => {
    const cap = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(10), location: 'FG' }),
    );
    await s.run((tx) =>
      s.stock.adjust(tx, { ...s.act(), item: 'CAP', lot: cap.id, location: 'FG', difference: pcs(-3) }),
    );
    await s.run((tx) =>
      s.stock.adjust(tx, { ...s.act(), item: 'CAP', lot: cap.id, location: 'FG', difference: pcs(1) }),
    );
    assert.equal((await s.stock.lot(cap.id))?.onHand, 8);
    await s.run((tx) => s.stock.consume(tx, { ...s.act(), item: 'CAP', quantity: pcs(8), lot: cap.id, run: 'r9' }));
    assert.equal((await s.stock.lot(cap.id))?.status, 'closed');
    await s.run((tx) => s.stock.giveBack(tx, { ...s.act(), lot: cap.id, location: 'FG', quantity: pcs(8), run: 'r9' }));
    await s.run((tx) =>
      s.stock.ship(tx, { ...s.act(), shipment: 'S2', customer: 'HMC', lots: [{ lot: cap.id, quantity: pcs(8) }] }),
    );
    await assert.rejects(
      s.run((tx) =>
        s.stock.customerReturn(tx, { ...s.act(), lot: cap.id, location: 'QUA', quantity: pcs(9), customer: 'HMC' }),
      ),
      code('inventory.short'),
    );
    await s.run((tx) =>
      s.stock.customerReturn(tx, { ...s.act(), lot: cap.id, location: 'QUA', quantity: pcs(2), customer: 'HMC' }),
    );
    assert.equal((await s.stock.lot(cap.id))?.status, 'quarantine');
  });

  it('refuses a time in the future', async () => {
    await assert.rejects(
      s.run((tx) =>
        s.stock.receive(tx, {
          ...s.act(),
          time: s.clock.nowUs() + 3_600_000_000,
          item: 'CAP',
          quantity: pcs(1),
          location: 'FG',
        }),
      ),
      code('inventory.future'),
    );
  });

  it('leaves an audit chain that verifies', async () => {
    assert.equal((await s.ledger.verify()).ok, true);
  });
});
