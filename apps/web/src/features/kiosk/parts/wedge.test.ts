import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Key, WedgeDecoder } from './wedge.ts';

const plain = { code: '', shift: false, ctrl: false, caps: false };

function typed(decoder: WedgeDecoder, keys: readonly Partial<Key>[], gap: number, from = 0): (string | null)[] {
  return keys.map((key, i) => decoder.key({ ...plain, key: '', ...key, time: from + i * gap }));
}
const letters = (text: string): Partial<Key>[] => [...[...text].map((key) => ({ key })), { key: 'Enter' }];

test('fast keys ended by Enter are a scan; the same keys at a person’s speed are not', () => {
  assert.equal(typed(new WedgeDecoder(), letters('WO-2026-0042'), 8).at(-1), 'WO-2026-0042');
  assert.equal(typed(new WedgeDecoder(), letters('WO-2026-0042'), 45).at(-1), 'WO-2026-0042', 'slow Bluetooth');
  assert.equal(typed(new WedgeDecoder(), letters('WO-2026-0042'), 90).at(-1), null);
});

test('what a person typed before does not get into the scan', () => {
  const decoder = new WedgeDecoder();
  typed(decoder, [{ key: 'x' }, { key: 'y' }], 100);
  assert.equal(typed(decoder, letters('B-0007'), 10, 1000).at(-1), 'B-0007');
  assert.equal(typed(decoder, letters('B-0008'), 10, 2000).at(-1), 'B-0008', 'and the next one begins anew');
});

test('with the Korean input method on, the physical key is read', () => {
  const keys: Partial<Key>[] = [
    { key: 'Process', code: 'KeyW', shift: true },
    { key: 'Shift', code: 'ShiftLeft', shift: true },
    { key: 'Process', code: 'KeyO', shift: true },
    { key: 'Process', code: 'Minus' },
    { key: 'Process', code: 'Digit7' },
    { key: 'Process', code: 'KeyA' },
    { key: 'Enter', code: 'Enter' },
  ];
  assert.equal(typed(new WedgeDecoder(), keys, 10).at(-1), 'WO-7a');
});

test('where only jamo come, they are mapped back to the keys', () => {
  assert.equal(typed(new WedgeDecoder(), letters('ㅉㅒ-12'), 10).at(-1), 'WO-12');
  assert.equal(typed(new WedgeDecoder(), letters('ㅣㅐㅅ-3'), 10).at(-1), 'lot-3');
});

test('the group separator of GS1 comes as Ctrl+]', () => {
  const keys: Partial<Key>[] = [
    ...letters('10L1').slice(0, -1),
    { key: ']', code: 'BracketRight', ctrl: true },
    ...letters('37200'),
  ];
  assert.equal(typed(new WedgeDecoder(), keys, 10).at(-1), '10L1\u001d37200');
});

test('two characters, a late Enter and an endless stream are no scan', () => {
  assert.equal(typed(new WedgeDecoder(), letters('12'), 10).at(-1), null);
  const decoder = new WedgeDecoder();
  typed(decoder, letters('12345').slice(0, -1), 10);
  assert.equal(decoder.key({ ...plain, key: 'Enter', time: 5000 }), null);
  assert.equal(typed(new WedgeDecoder(), letters('9'.repeat(201)), 1).at(-1), null);
});
