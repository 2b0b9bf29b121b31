import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { receiveFile } from '../src/documents/receive-file.ts';
import { actor, openTest } from './fixtures.ts';

const coded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
async function* parts(...given: Uint8Array[]) {
  yield* given;
}

test('the same file is one document; a changed one another', async (t) => {
  const { master, ledger } = await openTest(t);
  const one = await master.documents.add(parts(png.subarray(0, 4), png.subarray(4)), '도면 A.png', actor);
  const again = await master.documents.add(parts(png), 'other name.png', actor);
  assert.deepEqual(again, one);
  const other = await master.documents.add(parts(png, Buffer.from([4])), '도면 A.png', actor);
  assert.notEqual(other.id, one.id);
  const { file } = await master.documents.open(one.id);
  assert.deepEqual(await readFile(file), png);
  assert.equal((await ledger.events({ limit: 10, type: 'document.added' })).length, 2);
});

test('a file that would fill the disk is refused before it is written: the machines need the room', async (t) => {
  const { folder } = await openTest(t);
  const file = join(folder, 'coming');
  const free = (mb: number) => async () => mb * 1_048_576;
  await assert.rejects(receiveFile(parts(png), file, 1000, free(200)), coded('document.diskFull'));
  await assert.rejects(readFile(file), { code: 'ENOENT' });
  assert.equal((await receiveFile(parts(png), file, 1000, free(2000))).size, png.length);
});

test('what a file is, its content says', async (t) => {
  const { master, folder } = await openTest(t);
  const refused = (bytes: Uint8Array, name: string, code: string) =>
    assert.rejects(master.documents.add(parts(bytes), name, actor), coded(code));
  await refused(Buffer.from('<script>alert(1)</script>'), 'picture.png', 'document.type');
  await refused(Buffer.from('<svg onload="x"/>'), 'drawing.svg', 'document.type');
  await refused(Buffer.from('MZ\x90\0'), 'list.txt', 'document.type');
  await refused(Buffer.alloc(0), 'empty.pdf', 'document.empty');
  await assert.rejects(
    master.documents.add(parts(png, Buffer.alloc(33 * 1024 * 1024)), 'huge.png', actor),
    coded('document.tooLarge'),
  );
  assert.deepEqual(await readdir(join(folder, 'documents', 'coming')), [], 'nothing of them stays');
});

test('a lost file is told, and comes back when it is given again', async (t) => {
  const { master } = await openTest(t);
  const { id } = await master.documents.add(parts(png), 'a.png', actor);
  await rm((await master.documents.open(id)).file);
  await assert.rejects(master.documents.open(id), coded('document.lost'));
  assert.equal((await master.documents.add(parts(png), 'a.png', actor)).id, id);
  await master.documents.open(id);
});
