import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { wordsOf } from './error-words.ts';

const root = join(import.meta.dirname, '../../..');

test('a refused connection of this very system is told in words, in both languages', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const error = await new Promise<Error>((resolve) => connect(port, '127.0.0.1').once('error', resolve));
  assert.equal(wordsOf('detail', error.message, 'ko'), '상대가 연결을 거절했습니다');
  assert.equal(wordsOf('detail', error.message, 'en'), 'the other side refused the connection');
  const name = 'getaddrinfo ENOTFOUND press-9.plant.lan';
  assert.equal(wordsOf('detail', name, 'ko'), '그 이름의 장비를 찾을 수 없습니다');
  const file = "ENOENT: no such file or directory, open '/logs/a b.txt'";
  assert.equal(wordsOf('detail', file, 'en'), 'there is no such file or folder');
  assert.equal(wordsOf('detail', 'BadNodeIdUnknown (press)', 'ko'), 'BadNodeIdUnknown (press)');
});

test('every rule that a schema of the plant file or of a connector carries has Korean words', () => {
  const files = [
    'packages/contracts/src/plant.ts',
    ...globSync('connectors/*/src/{config,settings}.ts', { cwd: root }),
  ];
  const found = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, rule] of text.matchAll(/\.(?:regex|refine)\((?:[^'\n]|\n\s)*?,\s*'([^'\n]+)'/g)) found.add(rule!);
    for (const [, rule] of text.matchAll(/message: '([^'\n]+)'/g)) found.add(rule!);
  }
  assert.ok(found.size >= 20, `only ${found.size} rules were found`);
  const same = ['nsu=http://…;s=…'];
  const missing = [...found].filter((rule) => wordsOf('rule', rule, 'ko') === rule && !same.includes(rule));
  assert.deepEqual(missing, []);
});
