import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFloor, trim } from './fixtures.ts';

const bom = {
  ...{ kind: 'bom', code: 'KIT' },
  data: { item: 'KIT', quantity: 1, lines: [{ component: 'RESIN', quantity: 1, operation: 10 }] },
};

test('operations in any order: pieces that still wait for another one keep their share of the material', async (t) => {
  const floor = await openFloor({ plans: [bom] });
  t.after(floor.end);
  const { api, kiosk, inventory } = floor;
  const resin = await floor.receive('RESIN', 50);
  const order = await api.createWorkOrder({ body: { item: 'KIT', quantity: 10, release: true } });
  const work = async (operation: number, good: number) => {
    await kiosk(trim, 'start', { order: order.number, operation });
    const { lot } = await kiosk(trim, 'confirm', { good });
    await kiosk(trim, 'finish');
    return lot as string | null;
  };
  assert.equal(await work(20, 5), null);
  const first = (await work(10, 7))!;
  const second = (await work(20, 2))!;
  const third = (await work(10, 3)) ?? (await work(20, 3));
  const resinIn = async (number: string) => {
    const { id } = (await inventory.lot(number))!;
    const links = (await inventory.links([id], 'up')).filter((l) => l.child === id && l.parent === resin.id);
    return links.reduce((sum, l) => sum + l.quantity, 0);
  };
  assert.deepEqual([await resinIn(first), await resinIn(second), await resinIn(third!)], [5, 2, 3]);
});
