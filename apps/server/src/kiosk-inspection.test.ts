import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Inspection } from '@deungdae/contracts/inspection.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { inspectionEntry } from './kiosk-inspection.ts';

const done = { id: 'i-1', number: 'QI-1', status: 'done', verdict: 'accepted' } as Inspection;
const actor = { kind: 'person', id: 'p-1' } as const;

/** What comes of values typed at m1 for an inspection that lies at these. */
const typedAt = (of: { machine: string | null; run: string | null }, run: string | null) => {
  const take = inspectionEntry({ record: async () => ({ ...done, ...of }) });
  const data = { inspection: 'i-1', results: [], finish: true };
  return take({} as never, { machine: 'a/m1', run, time: 0, data, actor });
};

test('values typed at a kiosk are taken for inspections of its machine or of the run there, and no other', async () => {
  assert.equal((await typedAt({ machine: 'a/m1', run: 'ended' }, 'r-1')).inspection, 'i-1');
  assert.equal((await typedAt({ machine: null, run: 'r-1' }, 'r-1')).inspection, 'i-1');
  const elsewhere = (e: CodedError) => e.code === 'server.otherMachine' && e.status === 409;
  await assert.rejects(typedAt({ machine: 'a/m2', run: 'r-2' }, 'r-1'), elsewhere);
  await assert.rejects(typedAt({ machine: null, run: 'r-2' }, 'r-1'), elsewhere);
  // An incoming inspection of a lot is nobody's machine's.
  await assert.rejects(typedAt({ machine: null, run: null }, null), elsewhere);
});
