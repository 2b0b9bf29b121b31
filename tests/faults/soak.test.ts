import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startDemo } from '@deungdae/demo/start-demo.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';
import { enter } from '../support/visitor.ts';
import { Witness } from '../support/witness.ts';

const minutes = Number(process.env.DEUNGDAE_SOAK_MINUTES ?? 0);

function rssMb(pid: number): number {
  return (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024) / 1e6;
}

/** MB per hour by least squares over the second half: the first half fills caches. */
function slope(points: readonly { s: number; mb: number }[]): number {
  const half = points.slice(Math.floor(points.length / 2));
  const s0 = half.reduce((sum, p) => sum + p.s, 0) / half.length;
  const m0 = half.reduce((sum, p) => sum + p.mb, 0) / half.length;
  const cross = half.reduce((sum, p) => sum + (p.s - s0) * (p.mb - m0), 0);
  return (cross / half.reduce((sum, p) => sum + (p.s - s0) ** 2, 0)) * 3600;
}

/** With a screen that looks at everything, and someone who asks for the floor and a trend every five seconds. */
test(`the demo for ${minutes} minutes under a screen and reports: memory stays within its bound`, {
  skip: minutes > 0 && process.platform === 'linux' ? false : 'skipped: set DEUNGDAE_SOAK_MINUTES (needs /proc)',
  timeout: (minutes + 5) * 60_000,
}, async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'soak-'));
  const [opcUa, modbus, mqtt, mtconnect] = (await freePorts(4)) as [number, number, number, number];
  const demo = await startDemo({ dataDir, seed: 11, ports: { opcUa, modbus, mqtt, mtconnect } });
  const witness = new Witness();
  let plant: PlantProcess | undefined;
  try {
    await demo.ready();
    plant = await startPlantProcess('start', ['--plant', demo.plantFile], dataDir);
    const visitor = await enter(plant.url, plant.setupLink);
    const signals = (await visitor.get<{ id: number }[]>('signals')).map((s) => s.id);
    const live = await visitor.watch({ floor: true, alarms: true, connections: true, signals }, (frame) =>
      witness.onFrame(frame),
    );
    const points: { s: number; mb: number }[] = [];
    const started = performance.now();
    for (let s = 0; s < minutes * 60; s = (performance.now() - started) / 1000) {
      await wait(5000);
      points.push({ s, mb: rssMb(plant.child.pid!) });
      const to = Date.now() * 1000;
      await visitor.get('floor');
      await visitor.get(`trend?ids=${signals.slice(0, 8).join(',')}&from=${to - 600_000_000}&to=${to}&width=800`);
    }
    live.close();
    const max = Math.max(...points.map((p) => p.mb));
    const perHour = Math.round(slope(points) * 10) / 10;
    const figures = { minutes, samplesSeen: witness.samples, firstMb: points[0]!.mb, lastMb: points.at(-1)!.mb };
    t.diagnostic(JSON.stringify({ ...figures, maxMb: max, slopeMbPerHour: perHour }));
    assert.ok(max < 600, `${max} MB`);
    assert.ok(witness.samples > minutes * 1000);
    // Over a short run the slope says nothing: caches still fill.
    if (minutes >= 20) assert.ok(perHour < 60, `memory grows by ${perHour} MB an hour`);
    await plant.stop();
  } finally {
    plant?.child.kill('SIGKILL');
    await demo.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
