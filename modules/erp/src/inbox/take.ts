import { createHash } from 'node:crypto';
import { open, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Caller } from '@deungdae/contracts/api.ts';
import type { ErpFileKind } from '@deungdae/contracts/api-erp.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { erpError } from '../errors.ts';
import { type InboundDeps, type InboundItem, judged, type Taken, takeItem, takeOrder, takeSales } from '../inbound.ts';
import type { FileRowOfLedger, TargetRow } from '../schema.ts';
import type { FileContent } from './content.ts';
import { claimFile, finishFile, noteKnown, nothingTaken, type Outcome, stateOf } from './file-store.ts';
import { storedName, type TargetFolders } from './folder.ts';
import { checkedDocument, readJson } from './read-json.ts';
import { readTable } from './read-table.ts';
import { type Refusal, reportOf } from './report.ts';

const tableBytes = 64 * 1024 * 1024;
const jsonBytes = 16 * 1024 * 1024;
/** A file that breaks our own reading is given up after so many. */
const attemptsLimit = 5;

export interface TakeDeps extends InboundDeps {
  ledger: Ledger;
  timeZone(): string;
}

/** The file changed while it was read: it is to be waited for. */
export class StillGrowing extends Error {}

/**
 * Takes one file out of the work folder: claimed by target, name and content, read whole, its rows one by one by their
 * own numbers, then moved to `done` or `failed` with its report. After a crash at any moment the same file is taken
 * again, and what was taken before is the same.
 */
export async function takeFile(
  deps: TakeDeps,
  target: TargetRow,
  folders: TargetFolders,
  name: string,
): Promise<FileRowOfLedger> {
  const path = join(folders.work, name);
  const before = await stat(path);
  const now = deps.nowUs();
  const hash = await hashOf(path);
  const id = createHash('sha256').update(`${target.id}\0${name}\0${hash}`).digest('hex').slice(0, 40);
  const about = { target: target.id, name: name.slice(-300), bytes: before.size, hash, at: now };
  const file = await claimFile(deps.ledger, { id, ...about });
  if (file.state === 'taken') return await keepKnown(deps, file, folders, { path, now });
  const outcome = await readAndTake(deps, target, file, { path, before });
  const stored = storedName(name, now, id);
  const folder = stateOf(outcome) === 'taken' ? 'done' : 'failed';
  const done = await finishFile(deps.ledger, file, outcome, { at: now, stored: `${folder}/${stored}` });
  const report = reportOf({ ...done, rows: done.row_count, state: done.state as 'taken' }, outcome.refusals);
  await writeWhole(join(folders[folder], `${stored}.report.csv`), report);
  await rename(path, join(folders[folder], stored));
  return done;
}

async function keepKnown(
  deps: TakeDeps,
  file: FileRowOfLedger,
  folders: TargetFolders,
  about: { path: string; now: number },
): Promise<FileRowOfLedger> {
  const base = join(folders.done, '..');
  const isThere = await stat(join(base, file.stored)).then(
    () => true,
    () => false,
  );
  if (!isThere && about.now - file.at < 60_000_000) {
    // A crash between the ledger and the move: it is the very same file, not a second one.
    await rename(about.path, join(base, file.stored));
    return file;
  }
  const stored = storedName(file.name, about.now, file.id);
  await rename(about.path, join(folders.done, stored));
  const again = { ...file, ...nothingTaken, row_count: 0, refused: 0, attempts: 1, problems: '[]' };
  const { rows: _none, ...row } = again;
  return await noteKnown(deps.ledger, {
    ...row,
    ...{ id: uuidv7(Math.floor(about.now / 1000)), state: 'known', at: about.now, stored: `done/${stored}` },
  });
}

async function readAndTake(
  deps: TakeDeps,
  target: TargetRow,
  file: FileRowOfLedger,
  at: { path: string; before: { size: number; mtimeMs: number } },
): Promise<Outcome> {
  const whole = (error: CodedError): Outcome => ({
    ...{ kind: null, format: null, ...nothingTaken },
    refusals: [{ row: 0, name: '', error }],
  });
  try {
    const content = await contentOf(at.path, file, deps.timeZone());
    const after = await stat(at.path);
    if (after.size !== at.before.size || after.mtimeMs !== at.before.mtimeMs) throw new StillGrowing(file.name);
    const takes = JSON.parse(target.takes) as ErpFileKind[];
    const wrong = content.parts.find((part) => !takes.includes(part.kind));
    if (wrong) {
      const kind = `@erpFile.${wrong.kind}`;
      return whole(erpError('erp.fileKindForbidden', { name: file.name, kind }, { status: 403 }));
    }
    return await takeRows(deps, target, content);
  } catch (error) {
    if (error instanceof StillGrowing) throw error;
    // A busy database is no fault of the file.
    if (error instanceof CodedError && error.status < 500) return whole(error);
    if (file.attempts < attemptsLimit) throw error;
    const detail = (error as Error).message.slice(0, 200);
    return whole(erpError('erp.fileBroke', { name: file.name, detail }, { status: 422, cause: error }));
  }
}

async function contentOf(path: string, file: FileRowOfLedger, timeZone: string): Promise<FileContent> {
  const { name, bytes } = file;
  if (bytes === 0) throw erpError('erp.fileEmpty', { name }, { status: 422 });
  const isJson = /\.json$/i.test(name) || /^\s*(\xef\xbb\xbf)?\s*[[{]/.test(await headOf(path));
  const limit = isJson ? jsonBytes : tableBytes;
  if (bytes > limit) throw erpError('erp.fileTooLarge', { name, mb: limit / 1024 / 1024 }, { status: 413 });
  return isJson ? await readJson(path, name, timeZone) : await readTable(path, name, timeZone);
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead).toString('latin1');
  } finally {
    await handle.close();
  }
}

async function takeRows(deps: TakeDeps, target: TargetRow, content: FileContent): Promise<Outcome> {
  const sums = { added: 0, changed: 0, cancelled: 0, same: 0 };
  const refusals: Refusal[] = [];
  let rows = 0;
  const caller: Caller = {
    ...{ userId: `erp/${target.id}`, name: target.name, role: 'engineer', language: 'ko', via: 'cli' },
  };
  for (const part of content.parts)
    for (const row of part.rows) {
      rows++;
      const done = 'problem' in row ? row.problem : await judged(() => takeOne(deps, part.kind, row.document, caller));
      if (typeof done === 'string') sums[done]++;
      else refusals.push({ row: row.row, name: row.name, error: done });
    }
  return { kind: content.parts[0]!.kind, format: content.format, rows, ...sums, refusals };
}

async function takeOne(deps: TakeDeps, kind: ErpFileKind, document: unknown, caller: Caller): Promise<Taken> {
  const checked = checkedDocument(kind, document);
  if (kind === 'item') return await takeItem(deps, checked as InboundItem, caller);
  if (kind === 'workOrder') return await takeOrder(deps, checked as Parameters<typeof takeOrder>[1], caller);
  return await takeSales(deps, checked as Parameters<typeof takeSales>[1], caller);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'r');
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, bytes, { mode: 0o600 });
  await rename(`${path}.part`, path);
}
