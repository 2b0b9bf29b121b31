import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertRefused, Rig } from './rig.ts';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Buffer.alloc(100_000, 7)]);

describe('files go in and come out', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.open();
    await rig.people();
  });
  after(() => rig.close());

  const send = (path: string, bytes: Uint8Array<ArrayBuffer>, as?: string) =>
    fetch(`${rig.url}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...(as ? { cookie: as } : {}) },
      body: bytes,
    });

  test('a picture is kept, and shown without any right', async () => {
    const kept = await send(`/documents?name=${encodeURIComponent('도면.png')}`, png, rig.as.operator);
    assert.equal(kept.status, 200, await kept.clone().text());
    const { id, type } = (await kept.json()) as { id: string; type: string };
    assert.equal(type, 'image/png');
    const shown = await fetch(`${rig.url}/api/documents/${id}`, { headers: { cookie: rig.as.operator! } });
    assert.equal(shown.headers.get('content-type'), 'image/png');
    assert.match(shown.headers.get('content-security-policy')!, /sandbox/);
    assert.match(shown.headers.get('content-disposition')!, /^inline/);
    assert.deepEqual(Buffer.from(await shown.arrayBuffer()), png);
  });

  test('strangers, partners, JSON and files in the wrong place are refused', async () => {
    assert.equal((await send('/documents?name=a.png', png)).status, 401);
    assert.equal((await send('/documents?name=a.png', png, rig.as.partner)).status, 403);
    assertRefused(
      await rig.call('/documents?name=a.png', { method: 'POST', as: rig.as.operator, body: {} }),
      400,
      'document.empty',
    );
    assert.equal((await send('/alarms/acknowledge', png, rig.as.operator)).status, 415);
  });
});
