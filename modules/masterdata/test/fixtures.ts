import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { masterMigrations, openMasterData } from '../src/module.ts';

export const actor = { kind: 'person', id: 'u1' } as const;
export const engineer: Caller = { userId: 'u1', name: 'kim', role: 'engineer', language: 'ko', via: 'session' };
export const day = 86_400_000_000;
export const t0 = Date.UTC(2026, 10, 1) * 1000;

/** The module on a ledger of its own (DEUNGDAE_TEST_LEDGER says which engine); both go when the test ends. */
export async function openTest(t: TestContext, options: { nowUs?: () => number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-master-'));
  const log = createLogger({ level: 'silent' });
  const clock = options.nowUs ? { ...systemClock, nowUs: options.nowUs } : systemClock;
  const test = await openTestLedger({ clock, log, modules: [{ module: 'masterdata', migrations: masterMigrations }] });
  const { ledger } = test;
  const master = await openMasterData({ ledger, clock, log, dataDir: folder, timeZone: () => 'Asia/Seoul' });
  t.after(async () => {
    await master.close();
    await test.end();
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, ledger, master, log, clock };
}

export const product = (name: string) => ({ name, kind: 'product' }) as const;
