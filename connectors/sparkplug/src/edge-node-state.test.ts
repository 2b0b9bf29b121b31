import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EdgeMessage, EdgeNodeState, maxHeld, type Step } from './edge-node-state.ts';

const message = (verb: EdgeMessage<string>['verb'], seq: number, more: Partial<EdgeMessage<string>> = {}) => ({
  verb,
  device: null,
  seq,
  bdSeq: Number.NaN,
  item: `${verb}${more.device ? `/${more.device}` : ''} ${seq}`,
  ...more,
});
/** `NDATA 3` processed, `NDATA 3?` processed as uncertain, other steps by their name. */
const told = (steps: Step<string>[]) =>
  steps.map((s) => {
    if (s.do === 'process') return s.uncertain ? `${s.item}?` : s.item;
    if (s.do === 'deviceOffline') return `offline ${s.device}`;
    return s.do === 'rebirth' ? `rebirth ${s.reason}` : s.do;
  });
const born = (bdSeq = 0) => {
  const state = new EdgeNodeState<string>();
  state.accept(message('NBIRTH', 0, { bdSeq }));
  state.accept(message('DBIRTH', 1, { device: 'a' }));
  state.accept(message('DBIRTH', 2, { device: 'b' }));
  return state;
};

describe('edge node state', () => {
  it('numbers messages over the node and its devices, and wraps after 255', () => {
    const state = born();
    for (let i = 3; i < 600; i++) {
      const m = i % 2 ? message('NDATA', i & 255) : message('DDATA', i & 255, { device: 'a' });
      assert.deepEqual(told(state.accept(m)), [m.item]);
    }
  });

  it('puts messages that overtook each other back in order', () => {
    const state = born();
    assert.deepEqual(told(state.accept(message('NDATA', 5))), []);
    assert.deepEqual(told(state.accept(message('NDATA', 4))), []);
    assert.ok(state.waiting);
    assert.deepEqual(told(state.accept(message('NDATA', 3))), ['NDATA 3', 'NDATA 4', 'NDATA 5']);
    assert.ok(!state.waiting);
  });

  it('asks for a rebirth when a message stays missing, and takes values as uncertain until then', () => {
    const state = born();
    state.accept(message('NDATA', 4));
    state.accept(message('NDATA', 5));
    assert.deepEqual(told(state.timedOut()), ['gapInSequence', 'rebirth sequenceGap', 'NDATA 4?', 'NDATA 5?']);
    assert.deepEqual(told(state.accept(message('NDATA', 6))), ['NDATA 6?']);
    assert.deepEqual(told(state.accept(message('NDATA', 3))), ['NDATA 3?'], 'the late one lands too');
    assert.deepEqual(told(state.accept(message('NBIRTH', 0, { bdSeq: 0 }))), ['NBIRTH 0']);
    state.accept(message('DBIRTH', 1, { device: 'a' }));
    assert.deepEqual(told(state.accept(message('DDATA', 2, { device: 'a' }))), ['offline b', 'DDATA/a 2']);
  });

  it('gives up waiting before it holds too many messages', () => {
    const state = born();
    let steps: Step<string>[] = [];
    for (let i = 0; i < maxHeld; i++) steps = state.accept(message('NDATA', (4 + i) & 255));
    assert.equal(told(steps)[1], 'rebirth sequenceGap');
    assert.equal(steps.filter((s) => s.do === 'process').length, maxHeld);
  });

  it('waits for a birth that its devices overtook', () => {
    const state = new EdgeNodeState<string>();
    assert.deepEqual(told(state.accept(message('DBIRTH', 2, { device: 'b' }))), []);
    assert.deepEqual(told(state.accept(message('DBIRTH', 1, { device: 'a' }))), []);
    assert.deepEqual(told(state.accept(message('NBIRTH', 0, { bdSeq: 3 }))), ['NBIRTH 0', 'DBIRTH/a 1', 'DBIRTH/b 2']);
  });

  it('asks for a birth when data come before one', () => {
    const state = new EdgeNodeState<string>();
    assert.deepEqual(told(state.accept(message('NDATA', 7))), ['rebirth unknownNode']);
    assert.deepEqual(told(state.accept(message('DDATA', 8, { device: 'a' }))), ['rebirth unknownNode']);
    state.accept(message('DBIRTH', 9, { device: 'a' }));
    assert.deepEqual(told(state.timedOut()), ['rebirth unknownNode']);
  });

  it('takes only the death of the present session', () => {
    const state = born(7);
    assert.deepEqual(told(state.accept(message('NDEATH', Number.NaN, { bdSeq: 6 }))), ['oldDeath']);
    assert.equal(state.status, 'online');
    assert.deepEqual(told(state.accept(message('NDEATH', Number.NaN, { bdSeq: 7 }))), ['nodeOffline']);
    assert.equal(state.status, 'offline');
    assert.deepEqual(told(state.accept(message('NDEATH', Number.NaN, { bdSeq: 7 }))), []);
    assert.deepEqual(told(state.accept(message('NDATA', 3))), ['rebirth unknownNode']);
  });

  it('takes a death without bdSeq: a false one is put right by the next message, a missed one never', () => {
    const state = born(7);
    assert.deepEqual(told(state.accept(message('NDEATH', Number.NaN))), ['nodeOffline']);
  });

  it('knows from another bdSeq in a birth that a death was missed', () => {
    const state = born(1);
    assert.deepEqual(told(state.accept(message('NBIRTH', 0, { bdSeq: 2 }))), ['nodeOffline', 'NBIRTH 0']);
    assert.deepEqual(told(state.accept(message('DDATA', 1, { device: 'a' }))), ['rebirth unknownDevice']);
    const rebirth = born(1);
    assert.deepEqual(told(rebirth.accept(message('NBIRTH', 0, { bdSeq: 1 }))), ['NBIRTH 0']);
  });

  it('ends a device with its death, and asks when a dead or unknown device sends data', () => {
    const state = born();
    assert.deepEqual(told(state.accept(message('DDEATH', 3, { device: 'a' }))), ['offline a']);
    assert.deepEqual(told(state.accept(message('DDATA', 4, { device: 'a' }))), ['rebirth unknownDevice']);
    assert.deepEqual(told(state.accept(message('DDATA', 5, { device: 'c' }))), ['rebirth unknownDevice']);
    assert.deepEqual(told(state.accept(message('DDATA', 6, { device: 'b' }))), ['DDATA/b 6']);
  });

  it('finishes what it held of the session before, then takes the new birth', () => {
    const state = born(1);
    state.accept(message('NDATA', 9));
    const steps = told(state.accept(message('NBIRTH', 0, { bdSeq: 2 })));
    assert.deepEqual(steps, ['NDATA 9?', 'nodeOffline', 'NBIRTH 0']);
    assert.ok(!state.waiting);
  });

  it('asks for a birth when messages have no number', () => {
    const state = born();
    assert.deepEqual(told(state.accept(message('NDATA', Number.NaN))), ['rebirth noSequence', 'NDATA NaN?']);
    assert.deepEqual(told(state.accept(message('NBIRTH', 256))), ['rebirth noSequence']);
  });
});
