import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startDemo } from '@deungdae/demo/start-demo.ts';
import { verifyHistory } from '@deungdae/history/verify.ts';
import { withStores } from '@deungdae/server/stores.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { until } from '@deungdae/testing/until.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';
import { enter, type Frame } from '../support/visitor.ts';
import { Witness } from '../support/witness.ts';

const kills = Number(process.env.DEUNGDAE_KILLS ?? 3);

/** The machines go on in their own process, as real ones do; only the server is killed, at any moment of its life. */
test(`the server is killed ${kills} times (kill -9): all that it showed is there once, the audit chain is whole, connections come back`, {
  timeout: 120_000 + kills * 60_000,
}, async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'killed-server-'));
  const [opcUa, modbus, mqtt, mtconnect] = (await freePorts(4)) as [number, number, number, number];
  const demo = await startDemo({ dataDir, seed: 5, ports: { opcUa, modbus, mqtt, mtconnect } });
  const witness = new Witness();
  const random = seededRandom(Number(process.env.DEUNGDAE_SEED ?? 1));
  const figures = { kills: 0, lost: 0, repeated: 0, startMsMax: 0, backMsMax: 0 };
  let connected = 0;
  let plant: PlantProcess | undefined;
  try {
    await demo.ready();
    let signals: number[] = [];
    for (let kill = 0; kill <= kills; kill++) {
      const started = performance.now();
      plant = await startPlantProcess('start', ['--plant', demo.plantFile], dataDir);
      figures.startMsMax = Math.max(figures.startMsMax, performance.now() - started);
      const visitor = await enter(plant.url, plant.setupLink);
      if (signals.length === 0)
        signals = (await visitor.get<{ id: number }[]>('signals')).map((s) => s.id).slice(0, 2000);
      let up = 0;
      const onFrame = (frame: Frame) => {
        witness.onFrame(frame);
        if (frame.connections) up = frame.connections.filter((c) => c.status === 'connected').length;
      };
      const live = await visitor.watch({ connections: true, signals }, onFrame);
      // Every third time the kill comes while connections still open.
      if (kill % 3 !== 2 || kill === kills) {
        await until(() => up === 4, 'all four connections are back', 60_000);
        connected++;
        figures.backMsMax = Math.max(figures.backMsMax, performance.now() - started);
        await wait(random.int(200, 2500));
      } else await wait(random.int(0, 400));
      if (kill < kills) {
        const { child } = plant;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
        figures.kills++;
      } else await plant.stop();
      live.close();
      await withStores(dataDir, async ({ history, ledger }) => {
        const { lost, repeated } = await witness.compare(history);
        figures.lost += lost;
        figures.repeated += repeated;
        const chain = await ledger.verify();
        assert.equal(chain.ok, true, `the audit chain breaks at ${chain.firstBroken}`);
      });
    }
    const report = await verifyHistory(join(dataDir, 'history'));
    t.diagnostic(JSON.stringify({ ...figures, seen: witness.samples, connected }));
    assert.deepEqual(report.problems, []);
    assert.equal(figures.lost, 0);
    assert.equal(figures.repeated, 0);
    assert.ok(witness.samples > 500, `only ${witness.samples} samples were seen`);
    assert.ok(connected >= 2);
  } finally {
    plant?.child.kill('SIGKILL');
    await demo.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
