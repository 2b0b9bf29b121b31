import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Demo, startDemo } from '@deungdae/demo/start-demo.ts';
import { until } from '@deungdae/testing/until.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';
import { enter, type Frame } from '../support/visitor.ts';

/** All four protocols at once, behind the real server. That memory stays flat over 72 hours is in the contract suite. */
test('machines absent when the server starts, then there, then gone: no data is never downtime, and nobody has to help', {
  timeout: 240_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'machines-away-'));
  const [opcUa, modbus, mqtt, mtconnect] = (await freePorts(4)) as [number, number, number, number];
  const options = { dataDir, seed: 9, ports: { opcUa, modbus, mqtt, mtconnect } };
  let demo: Demo | undefined;
  let plant: PlantProcess | undefined;
  try {
    demo = await startDemo(options);
    await demo.ready();
    await demo.close();
    plant = await startPlantProcess('start', ['--plant', demo.plantFile], dataDir);
    const visitor = await enter(plant.url, plant.setupLink);
    let connections: NonNullable<Frame['connections']> = [];
    const states = new Map<string, string>();
    const onFrame = (frame: Frame) => {
      connections = frame.connections ?? connections;
      for (const { equipment, state } of frame.machines ?? []) states.set(equipment, state);
    };
    const live = await visitor.watch({ floor: true, connections: true }, onFrame);
    const told = () =>
      connections.length === 4 && connections.every((c) => c.lastError?.code && c.status !== 'connected');
    await until(told, 'each connection says what is wrong', 30_000, () => connections);
    assert.ok(states.size >= 16);
    assert.deepEqual([...new Set(states.values())], ['noData']);

    demo = await startDemo(options);
    await until(
      () => connections.every((c) => c.status === 'connected'),
      'they connect',
      90_000,
      () => connections,
    );
    await until(() => [...states.values()].filter((s) => s !== 'noData').length >= 10, 'the floor lives', 30_000);

    await demo.close();
    const silent = () => [...states.values()].every((state) => state === 'noData');
    await until(silent, 'every machine is without data', 60_000, () => Object.fromEntries(states));
    assert.equal(plant.child.exitCode, null);
    live.close();
  } finally {
    await demo?.close();
    plant?.child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
