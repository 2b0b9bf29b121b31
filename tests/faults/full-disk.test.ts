import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startDemo } from '@deungdae/demo/start-demo.ts';
import { withStores } from '@deungdae/server/stores.ts';
import { until } from '@deungdae/testing/until.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';
import { enter, type Frame } from '../support/visitor.ts';
import { Witness } from '../support/witness.ts';

function mount(): { folder: string; unmount(): void } | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const folder = execFileSync('mktemp', ['-d', join(tmpdir(), 'full-disk-XXXXXX')], { encoding: 'utf8' }).trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    execFileSync('rmdir', [folder]);
    return null;
  }
  return {
    folder,
    unmount: () => {
      execFileSync('umount', ['-l', folder]);
      execFileSync('rmdir', [folder]);
    },
  };
}

/** Writes until nothing fits any more. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  for (const size of [1 << 20, 4096, 1]) {
    const part = Buffer.alloc(size);
    try {
      while ((await handle.write(part)).bytesWritten === size);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
  }
  await handle.close();
}

const disk = mount();

test('the disk of a running server is full: it says so, stays up, and goes on by itself when there is room', {
  skip: disk ? false : 'skipped: needs root on Linux to mount a small disk',
  timeout: 240_000,
}, async (t) => {
  const { folder, unmount } = disk!;
  const machinesDir = await mkdtemp(join(tmpdir(), 'full-disk-machines-'));
  const [opcUa, modbus, mqtt, mtconnect] = (await freePorts(4)) as [number, number, number, number];
  const demo = await startDemo({
    dataDir: machinesDir,
    serverDataDir: folder,
    seed: 7,
    ports: { opcUa, modbus, mqtt, mtconnect },
  });
  const witness = new Witness();
  let plant: PlantProcess | undefined;
  try {
    await demo.ready();
    const plantFile = join(folder, 'plant.yaml');
    await cp(demo.plantFile, plantFile);
    plant = await startPlantProcess('start', ['--plant', plantFile], folder);
    const visitor = await enter(plant.url, plant.setupLink);
    const signals = (await visitor.get<{ id: number }[]>('signals')).map((s) => s.id).slice(0, 2000);
    let troubles: (string | undefined)[] = [];
    let newest = 0;
    const onFrame = (frame: Frame) => {
      witness.onFrame(frame);
      for (const value of frame.values ?? []) newest = Math.max(newest, value.time);
      if (frame.connections) troubles = frame.connections.map((c) => c.lastError?.code);
    };
    const live = await visitor.watch({ connections: true, signals }, onFrame);
    await until(() => witness.samples > 200, 'values come', 60_000);

    await fill(join(folder, 'filler'));
    await until(
      () => troubles.includes('history.diskFull'),
      'a connection says that the disk is full',
      60_000,
      () => troubles,
    );
    const stoppedAt = newest;
    await wait(3000);
    assert.equal((await fetch(plant.url)).status, 200, 'the page is there');
    assert.ok((await visitor.get<{ machines: unknown[] }>('floor')).machines.length > 0, 'the floor answers');
    assert.equal(plant.child.exitCode, null);
    const health = await fetch(`${plant.url}/health`);
    assert.equal(health.status, 503, 'health says so to whoever watches the server');
    assert.match(await health.text(), /history\.diskFull/);
    const during = witness.samples;

    await rm(join(folder, 'filler'));
    await until(() => newest > stoppedAt + 3_000_000, 'new values come again', 60_000);
    await until(
      () => !troubles.includes('history.diskFull'),
      'the trouble is over',
      60_000,
      () => troubles,
    );
    t.diagnostic(JSON.stringify({ beforeRoom: during, seen: witness.samples }));
    live.close();
    await plant.stop();
    await withStores(folder, async ({ history, ledger }) => {
      assert.deepEqual(await witness.compare(history), { lost: 0, repeated: 0 });
      assert.equal((await ledger.verify()).ok, true);
    });
  } finally {
    plant?.child.kill('SIGKILL');
    await demo.close();
    unmount();
    await rm(machinesDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
