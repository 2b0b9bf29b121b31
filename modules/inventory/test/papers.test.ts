import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Caller, RouteCall, RouteId, RouteOutput } from '@deungdae/contracts/api.ts';
import { routes } from '@deungdae/contracts/api.ts';
import { BytesAnswer } from '@deungdae/kernel/answers.ts';
import { type CodedError, explain } from '@deungdae/kernel/errors.ts';
import type { z } from 'zod';
import type { Reader } from '../src/lot-store.ts';
import { firstDayOff, firstUnbalanced } from '../src/stock-ledger.ts';
import { code, day, openStock, pcs } from './fixtures.ts';

const caller: Caller = { userId: 'kim', name: 'kim', role: 'supervisor', language: 'ko', via: 'session' };

describe('papers of the stock', async () => {
  const s = await openStock();
  after(() => s.end());
  /** As the server does: input and output through the route's schemas. */
  async function call<Id extends RouteId>(id: Id, input: Partial<RouteCall<Id>>): Promise<RouteOutput<Id>> {
    const route = routes[id] as { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType; response: z.ZodType };
    const handler = s.stock.handlers[id] as (input: unknown, caller: Caller) => Promise<RouteOutput<Id>>;
    const answer = await handler(
      {
        params: route.params?.parse(input.params ?? {}),
        query: route.query?.parse(input.query ?? {}),
        body: route.body?.parse(input.body ?? {}),
      },
      caller,
    );
    return answer instanceof BytesAnswer ? answer : (route.response.parse(answer) as RouteOutput<Id>);
  }
  const receive = (item: string, quantity: number, location: string) =>
    call('receiveStock', { body: { item, quantity, location } });

  it('records one entry once, however often it is sent', async () => {
    const body = { entryId: '0193-1', item: 'CAP', quantity: 7, location: 'FG' };
    const first = await call('receiveStock', { body });
    const second = await call('receiveStock', { body });
    assert.deepEqual(second, first);
    assert.equal(await s.stock.onHand('CAP'), pcs(7));
  });

  it('ships boxes by scan: a double scan, a box on hold, one on hold since, and twice are refused', async () => {
    const cap = await receive('CAP', 40, 'FG');
    const box = await call('packLots', { body: { lots: [{ lot: cap.number, quantity: 20 }], location: 'FG' } });
    const shipment = await call('createShipment', { body: { customer: 'HMC' } });
    const load = (scanned: string) =>
      call('loadShipment', { params: { id: shipment.number }, body: { code: scanned } });
    assert.equal((await load(box.number)).lines[0]?.quantity, 20);
    await assert.rejects(load(box.number), code('inventory.alreadyOnShipment'));
    const other = await receive('CAP', 5, 'FG');
    await call('holdLot', { params: { id: other.id }, body: { reason: '치수 불량' } });
    await assert.rejects(load(other.number), (error: Error & { code: string }) => {
      assert.equal(error.code, 'inventory.onHold');
      assert.match(error.message, /치수 불량/);
      return true;
    });
    const send = () => call('sendShipment', { params: { id: shipment.id }, body: {} });
    const held = await call('holdLot', { params: { id: cap.id }, body: { reason: '리콜' } });
    await assert.rejects(send(), code('inventory.onHold'));
    assert.equal((await call('shipment', { params: { id: shipment.id } })).lines.length, 1, 'nothing was lost');
    await call('releaseLot', { params: { id: cap.id }, body: { hold: held.holds[0]!.id } });
    const sent = await send();
    assert.equal(sent.status, 'shipped');
    assert.equal(sent.lines[0]?.boxNumber, box.number);
    await assert.rejects(send(), code('inventory.shipmentClosed'));
    await assert.rejects(load(other.number), code('inventory.shipmentClosed'));
  });

  it('counts: what was found stands against the books of that moment, what moves later stays moved', async () => {
    const a = await receive('COLOR', 10, 'RAW');
    const b = await receive('COLOR', 5, 'RAW');
    const count = await call('startStockCount', { body: { locations: ['RAW'] } });
    assert.equal(count.lines.find((l) => l.lot === a.id)?.expected, null, 'blind');
    for (const locations of [['RAW', 'FG'], []])
      await assert.rejects(call('startStockCount', { body: { locations } }), code('inventory.countOpen'));
    const beside = await call('startStockCount', { body: { locations: ['QUA'] } });
    await call('cancelStockCount', { params: { id: beside.id } });
    await call('issueStock', { body: { item: 'COLOR', lot: a.number, quantity: 1 } });
    const found = (lot: string, quantity: number, location = 'RAW') =>
      call('countStock', { params: { id: count.number }, body: { code: lot, location, quantity } });
    await found(a.number, 9);
    await found(a.number, 8);
    await assert.rejects(found(a.number, 8, 'FG'), code('inventory.notInCount'));
    const stray = await receive('CAP', 1, 'FG');
    await found(stray.number, 2);
    await call('issueStock', { body: { item: 'COLOR', lot: a.number, quantity: 3 } });
    const posted = await call('postStockCount', { params: { id: count.id }, body: {} });
    assert.equal(posted.lines.find((l) => l.lot === a.id)?.difference, -1);
    assert.equal((await s.stock.lot(a.id))?.onHand, 5, 'eight were there when they were counted, three went since');
    assert.equal((await s.stock.lot(b.id))?.onHand, 5, 'not counted: kept');
    assert.equal((await s.stock.lot(stray.id))?.onHand, 3);
    await assert.rejects(found(a.number, 1), (error: CodedError) => {
      assert.equal(error.code, 'inventory.countClosed');
      assert.doesNotMatch(explain(error.code, error.params, 'en'), /\p{Script=Hangul}/u);
      return true;
    });
  });

  it('counts to nothing what nobody found, also what moved since the count began', async () => {
    const lot = await receive('RESIN', 10, 'QUA');
    const count = await call('startStockCount', { body: { locations: ['QUA'] } });
    await call('issueStock', { body: { item: 'RESIN', lot: lot.number, location: 'QUA', quantity: 4 } });
    await call('postStockCount', { params: { id: count.id }, body: { uncounted: 'zero' } });
    assert.equal((await s.stock.lot(lot.id))?.onHand, 0);
  });

  it('asks for the place when a lot lies at several, and corrects stock with a reason', async () => {
    const lot = await receive('COLOR', 10, 'RAW');
    await call('transferStock', { body: { lot: lot.number, to: 'LINE', quantity: 4 } });
    await assert.rejects(
      call('transferStock', { body: { lot: lot.number, to: 'FG' } }),
      code('inventory.severalPlaces'),
    );
    const rows = await call('adjustStock', {
      body: { item: 'COLOR', lot: lot.number, location: 'LINE', counted: 3.5, reason: '흘림' },
    });
    assert.equal(rows.find((r) => r.lot === lot.id)?.quantity, 3.5);
  });

  it('keeps a closed day closed until it is opened again, the later closing first', async () => {
    await assert.rejects(call('closeStock', { body: { day: '2026-11-25' } }), code('inventory.closingBlocked'));
    s.clock.jump(day / 1000);
    const count = await call('startStockCount', { body: { locations: ['QUA'] } });
    const check = async () => (await call('checkClosing', { query: { day: '2026-11-25' } })).obstacles;
    assert.deepEqual(await check(), [], 'a count begun after the day is not in its way');
    await call('cancelStockCount', { params: { id: count.id } });
    await call('closeStock', { body: { day: '2026-11-25', note: '11월 25일분' } });
    await assert.rejects(call('closeStock', { body: { day: '2026-11-24' } }), code('inventory.closingBlocked'));
    await receive('CAP', 1, 'FG');
    const yesterday = () =>
      call('receiveStock', { body: { item: 'CAP', quantity: 1, location: 'FG', time: s.clock.nowUs() - day } });
    await assert.rejects(yesterday(), (error: Error & { code: string; params: object }) => {
      assert.equal(error.code, 'inventory.closedDay');
      assert.deepEqual(error.params, { day: '2026-11-25' });
      return true;
    });
    const [closing] = await call('stockClosings', {});
    assert.deepEqual([closing!.day, closing!.name, closing!.note], ['2026-11-25', 'kim', '11월 25일분']);
    s.clock.jump(day / 1000);
    await call('closeStock', { body: { day: '2026-11-26' } });
    const reopen = (id: string) => call('reopenStock', { params: { id }, body: { reason: '누락 입고' } });
    await assert.rejects(reopen(closing!.id), code('inventory.laterClosing'));
    const [later] = await call('stockClosings', {});
    await reopen(later!.id);
    await assert.rejects(reopen(later!.id), code('inventory.unknownClosing'));
    await reopen(closing!.id);
    const again = (await call('stockClosings', {})).find((c) => c.id === closing!.id);
    assert.deepEqual([again!.reopenedBy, again!.reopenReason], ['kim', '누락 입고']);
    await call('receiveStock', { body: { item: 'CAP', quantity: 1, location: 'FG', time: s.clock.nowUs() - 2 * day } });
    s.clock.jump(-day / 1000);
  });

  it('gives a stock ledger whose days join and that closes to the stock', async () => {
    const ledger = (from: string, to: string, location?: string) =>
      call('stockLedger', { query: { from, to, ...(location ? { location } : {}) } });
    const first = await ledger('2026-11-25', '2026-11-25');
    const second = await ledger('2026-11-26', '2026-11-26');
    const both = await ledger('2026-11-25', '2026-11-26');
    assert.equal(first.balanced, true);
    for (const row of both.rows) {
      assert.equal(row.opening, 0);
      assert.equal(row.closing, row.opening + row.received - row.issued);
      assert.equal(row.closing, (await s.stock.onHand(row.item)) / 1e6);
      assert.equal(
        first.rows.find((r) => r.item === row.item)?.closing ?? 0,
        second.rows.find((r) => r.item === row.item)?.opening ?? 0,
      );
    }
    const line = await ledger('2026-11-25', '2026-11-26', 'LINE');
    assert.deepEqual(
      line.rows.find((r) => r.item === 'COLOR'),
      {
        ...{ item: 'COLOR', itemName: '마스터배치', unit: 'kg', opening: 0, received: 4, issued: 0.5, closing: 3.5 },
        byKind: { transfer: 4, adjust: -0.5 },
      },
    );
    const file = await call('stockLedgerFile', { query: { from: '2026-11-25', to: '2026-11-26', format: 'csv' } });
    assert.match(
      Buffer.from((file as BytesAnswer).bytes).toString(),
      /^\ufeff품목코드,품목명,단위,기초,입고,출고,기말\r\n/,
    );
    const book = await call('stockLedgerFile', { query: { from: '2026-11-25', to: '2026-11-26', format: 'xlsx' } });
    assert.equal(
      Buffer.from((book as BytesAnswer).bytes)
        .subarray(0, 2)
        .toString(),
      'PK',
    );
    assert.equal(await firstDayOff(s.ledger.read() as Reader), null);
    assert.equal(await firstUnbalanced(s.ledger.read() as Reader), null);
  });

  it('lists stock, sums and lots', async () => {
    const sums = await call('stockSums', { query: {} });
    const cap = sums.find((r) => r.item === 'CAP')!;
    assert.equal(cap.quantity, (await s.stock.onHand('CAP')) / 1e6);
    assert.equal(cap.blocked, 5);
    assert.equal(cap.value, cap.quantity * 100);
    const rows = await call('stock', { query: { item: 'CAP', status: 'hold' } });
    assert.deepEqual(
      rows.map((r) => r.quantity),
      [5],
    );
    assert.equal((await call('lots', { query: { blocked: 'true' } })).length, 1);
    assert.ok((await call('lots', { query: { blocked: 'false' } })).length > 1);
    const card = await call('lot', { params: { id: rows[0]!.lotNumber! } });
    assert.equal(card.lot.holds[0]?.reason, '치수 불량');
  });
});
