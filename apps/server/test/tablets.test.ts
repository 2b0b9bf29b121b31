import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Route, type RouteId, routes } from '@deungdae/contracts/api.ts';
import { deviceRoutes } from '@deungdae/contracts/device.ts';
import { assertRefused, Rig } from './rig.ts';

/** A tablet is let in by a code and may do what a kiosk does at its machines: every other door is tried here. */
describe('a paired tablet', () => {
  let rig: Rig;
  let id = '';
  let tablet = '';
  const machine = 't/s/a/m1';
  const at = encodeURIComponent(machine);

  before(async () => {
    rig = await Rig.open();
    await rig.people();
    const made = await rig.call('/devices', {
      ...{ method: 'POST', as: rig.as.engineer, body: { name: '일호기', machines: [machine] } },
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    id = made.body.id;
    const paired = await rig.call('/kiosk/pair', { method: 'POST', body: { code: made.body.code } });
    assert.equal(paired.status, 200);
    assert.deepEqual(paired.body.machines, [{ path: machine, name: { ko: '일호기', en: 'Machine 1' }, area: 'a' }]);
    const cookie = paired.headers.get('set-cookie')!;
    assert.match(cookie, /^deungdae_device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=34560000$/);
    tablet = cookie.split(';')[0]!;
    assert.ok(!JSON.stringify(paired.body).includes(tablet.split('=')[1]!), 'the key is in the cookie alone');
  });
  after(() => rig.close());

  test('opens the kiosk’s routes and no other, whatever its role could', async () => {
    let opened = 0;
    for (const route of (Object.keys(routes) as RouteId[]).filter((r) => (routes[r] as Route).access !== 'public')) {
      const answer = await rig.probe(route, tablet);
      if (!(route in deviceRoutes)) assertRefused(answer, 403, 'server.notForTablets');
      else if (![401, 403].includes(answer.status)) opened++;
    }
    assert.ok(opened > 5, `${opened} of the kiosk's routes answered`);
    assert.equal((await rig.call(`/kiosk/state?machine=${at}`, { as: tablet })).status, 200);
  });

  test('at its own machine only, and nothing without a badge', async () => {
    const other = await rig.call('/kiosk/state?machine=t/s/a/m2', { as: tablet });
    assertRefused(other, 403, 'server.otherMachine');
    const sync = (badge: string | null) => {
      const now = Date.now() * 1000;
      const entry = { entryId: crypto.randomUUID(), kind: 'handover', clientTime: now, badge, data: { text: '인계' } };
      const body = { device: 'x', machine, now, entries: [entry] };
      return rig.call('/kiosk/sync', { method: 'POST', as: tablet, body });
    };
    assert.equal((await sync(null)).body.answers[0].error.code, 'operations.badgeNeeded');
    assert.equal((await sync('B-NONE')).body.answers[0].error.code, 'operations.unknownBadge');
    const person = { badge: 'B-KIM', name: '김작업' };
    await rig.call('/people', { method: 'POST', as: rig.as.engineer, body: person });
    assert.equal((await sync('B-KIM')).body.answers[0].status, 'applied');
  });

  test('sees and does of the whole plant only what a kiosk needs: no lists, no money, no customers, no flood of labels', async () => {
    assertRefused(await rig.call('/documents', { as: tablet }), 403, 'server.notForTablets');
    assertRefused(await rig.call('/documents?search=a&ids=', { as: tablet }), 403, 'server.notForTablets');
    assert.equal((await rig.call(`/documents?ids=${'0'.repeat(40)}`, { as: tablet })).status, 200);
    const item = {
      revision: 'A',
      version: null,
      data: { name: '캡', kind: 'product', standardCost: 120, salesPrice: 300, packQuantity: 50 },
    };
    const as = rig.as.engineer;
    const saved = await rig.call('/master/item/CAP', { method: 'PUT', as, body: item });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    assert.equal((await rig.call('/master/item/CAP', { as })).body.revisions[0].data.standardCost, 120);
    const shown = await rig.call('/master/item/CAP', { as: tablet });
    assert.deepEqual(
      [shown.body.revisions[0].data.packQuantity, shown.body.usedBy, /Cost|Price/.test(JSON.stringify(shown.body))],
      [50, [], false],
    );
    const ask = (stage: string) =>
      rig.call('/quality/inspections', { method: 'POST', as: tablet, body: { stage, item: 'CAP', machine, lot: 'L' } });
    // These would hold any lot of the house.
    for (const stage of ['incoming', 'final', 'shipping']) assertRefused(await ask(stage), 403, 'server.notForTablets');
    const print = (lots: number, copies: number) =>
      rig.call('/labels/print', {
        ...{ method: 'POST', as: tablet, body: { lots: Array(lots).fill('L'), copies, printer: 'P' } },
      });
    assertRefused(await print(21, 1), 403, 'server.notForTablets');
    assertRefused(await print(1, 21), 403, 'server.notForTablets');
    assertRefused(await print(1, 1), 404, 'inventory.unknownLot');
    const safety = { kind: 'riskAssessment', place: 'x', text: 'y' };
    const report = await rig.call('/safety', { method: 'POST', as: tablet, body: safety });
    assertRefused(report, 403, 'server.notForTablets');
    const upload = (bytes: string, name: string) =>
      rig.call(`/documents?name=${name}`, {
        ...{ method: 'POST', as: tablet, raw: bytes, headers: { 'content-type': 'application/octet-stream' } },
      });
    assertRefused(await upload('%PDF-1.7', 'a.pdf'), 415, 'document.type');
    assert.equal((await upload('GIF89a', 'a.gif')).status, 200);
  });

  test('cannot listen to the live values, nor read the metrics through a proxy', async () => {
    const metrics = await fetch(`${rig.url}/metrics`, {
      headers: { cookie: tablet, 'x-forwarded-for': '203.0.113.9' },
    });
    assert.equal(metrics.status, 403);
    const live = new WebSocket(`${rig.url.replace('http', 'ws')}/api/live`, { headers: { cookie: tablet } } as never);
    const outcome = await new Promise<string>((resolve) => {
      live.addEventListener('open', () => resolve('open'));
      live.addEventListener('error', () => resolve('refused'));
    });
    live.close();
    assert.equal(outcome, 'refused');
  });

  test('its cookie is set anew when the kiosk starts; revoked, it is out at once', async () => {
    const self = await rig.call('/kiosk/device', { as: tablet });
    assert.equal(self.body.device.id, id);
    assert.match(self.headers.get('set-cookie')!, /^deungdae_device=/);
    assert.equal((await rig.call(`/devices/${id}`, { method: 'DELETE', as: rig.as.engineer })).status, 200);
    assertRefused(await rig.call(`/kiosk/state?machine=${at}`, { as: tablet }), 401, 'server.notSignedIn');
    assert.equal((await rig.call('/kiosk/device', { as: tablet })).body.device, null);
  });
});
