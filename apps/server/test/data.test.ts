import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Route, type RouteId, routes } from '@deungdae/contracts/api.ts';
import { batchOf, Quality } from '@deungdae/contracts/sample.ts';
import type { ExportQuery, History } from '@deungdae/history/history.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { until } from '@deungdae/testing/until.ts';
import { createExportHandler } from '../src/handlers/export.ts';
import { openApiDocument } from '../src/openapi.ts';
import { assertRefused, Rig } from './rig.ts';

describe('data through the API', () => {
  let rig: Rig;
  let auditor: string;
  before(async () => {
    rig = await Rig.open();
    await rig.people();
    await rig.connect();
    auditor = rig.as.auditor!;
  });
  after(() => rig.close());

  /** The files of exports are gone, and so the places are free. */
  const exportsGone = () =>
    until(async () => (await readdir(join(rig.dataDir, 'exports'))).length === 0, 'no export is left');
  const nowUs = () => Date.now() * 1000;
  const window = () => `from=${nowUs() - 60_000_000}&to=${nowUs() + 60_000_000}`;

  test('latest values and trends are those of the machine’s file', async () => {
    const [temp, run, note] = ['temp', 'run', 'note'].map((name) => rig.signal(name));
    const latest = (await rig.call(`/signals/latest?ids=${temp},${run},${note}`, { as: auditor })).body;
    assert.deepEqual(
      latest.map((v: { id: number; value: unknown; quality: string }) => [v.id, v.value, v.quality]),
      [
        [temp, 29, 'good'],
        [run, 1, 'good'],
        [note, 'n9', 'good'],
      ],
    );
    const { series } = (await rig.call(`/trend?ids=${temp},${note}&${window()}&width=100`, { as: auditor })).body;
    assert.deepEqual(
      series[0].last.filter((v: number | null) => v !== null),
      [20, 21, 22, 23, 24, 25, 26, 27, 28, 29],
    );
    assert.deepEqual(series[1].text.filter(Boolean)[5], 'a, "b"');
    const floor = (await rig.call('/floor', { as: auditor })).body;
    assert.equal(floor.machines[0].state, 'running');
    const machine = await rig.call(`/machine?equipment=t/s/a/m1&${window()}`, { as: auditor });
    assert.equal(machine.body.signals.length, 3);
    assertRefused(
      await rig.call(`/machine?equipment=t/s/a/x&${window()}`, { as: auditor }),
      404,
      'server.unknownEquipment',
    );
  });

  test('an exported CSV opens with what was stored; Parquet is Parquet; nothing stays behind', async () => {
    const ids = ['temp', 'note'].map((name) => rig.signal(name)).join(',');
    const csv = await rig.call(`/export?ids=${ids}&${window()}&format=csv`, { as: auditor });
    assert.equal(csv.status, 200);
    assert.match(csv.headers.get('content-type')!, /^text\/csv/);
    assert.match(csv.headers.get('content-disposition')!, /^attachment; filename\*=UTF-8''deungdae-[\d-]+\.csv$/);
    const lines = csv.body
      .replace(/^\ufeff/, '')
      .trim()
      .split('\n') as string[];
    assert.equal(lines[0], 'path,time,value,quality');
    const temps = lines.filter((line) => line.startsWith('t/s/a/m1/temp,'));
    assert.deepEqual(
      temps.map((line) => Number(line.split(',')[2])),
      [20, 21, 22, 23, 24, 25, 26, 27, 28, 29],
    );
    for (const line of temps) assert.ok(!Number.isNaN(Date.parse(line.split(',')[1]!)), line);
    assert.ok(lines.some((line) => line.includes('"a, ""b"""')));
    const parquet = await fetch(`${rig.url}/api/export?ids=${ids}&${window()}&format=parquet`, {
      headers: { cookie: auditor },
    });
    const bytes = Buffer.from(await parquet.arrayBuffer());
    assert.equal(bytes.subarray(0, 4).toString() + bytes.subarray(-4).toString(), 'PAR1PAR1');
    await exportsGone();
    assertRefused(
      await rig.call(`/export?ids=999999&${window()}&format=csv`, { as: auditor }),
      404,
      'server.inputWrong',
    );
    assertRefused(await rig.call('/export?ids=1&from=2&to=1&format=csv', { as: auditor }), 400, 'history.badQuery');
    assertRefused(await rig.call(`/export?ids=1&${window()}&format=../x`, { as: auditor }), 400, 'server.inputWrong');
  });

  test('nine downloads at once: three go, the others wait their turn; none blocks the next', async () => {
    const url = `/export?ids=${rig.signal('temp')}&${window()}&format=csv`;
    const answers = await Promise.all(Array.from({ length: 9 }, () => rig.call(url, { as: auditor })));
    assert.ok(answers.some((a) => a.status === 200));
    for (const answer of answers.filter((a) => a.status !== 200)) assertRefused(answer, 429, 'server.tooManyRequests');
    await exportsGone();
    assert.equal((await rig.call(url, { as: auditor })).status, 200);
  });

  test('an export that nobody waits for any more is stopped, and gives its place back', async () => {
    await exportsGone();
    const { history } = rig.plant;
    const original = history.export;
    let [begun, stopped] = [0, 0];
    history.export = (query) =>
      new Promise((_, reject) => {
        begun++;
        query.abort!.addEventListener('abort', () => {
          stopped++;
          reject(new Error('aborted'));
        });
      });
    const url = `${rig.url}/api/export?ids=${rig.signal('temp')}&${window()}&format=csv`;
    const goes = new AbortController();
    const calls = [1, 2, 3].map(() => fetch(url, { headers: { cookie: auditor }, signal: goes.signal }));
    await until(() => begun === 3, 'three exports run');
    goes.abort();
    for (const call of calls) await assert.rejects(call);
    await until(() => stopped === 3, 'they are stopped');
    history.export = original;
    await exportsGone();
    const answer = await rig.call(url.slice(`${rig.url}/api`.length), { as: auditor });
    assert.equal(answer.status, 200);
  });

  test('an export that grows too large is stopped and says so', async () => {
    const { host } = rig.plant;
    const history = {
      ...rig.plant.history,
      export: async ({ file, abort }: ExportQuery) => {
        await writeFile(`${file}.part`, Buffer.alloc(3 * 1_048_576));
        await once(abort!, 'abort');
        throw new Error('aborted');
      },
    } as unknown as History;
    const handlers = createExportHandler({ history, host, dataDir: rig.dataDir, maxMb: 2 });
    const query = { ids: String(rig.signal('temp')), from: 0, to: 1, format: 'csv' as const };
    const caller = { userId: 'u', name: 'u', role: 'engineer', language: 'ko', via: 'session' } as const;
    await assert.rejects(
      async () => handlers.export!({ params: undefined, query, body: undefined }, caller),
      (error: CodedError) => error.code === 'server.exportTooLarge' && error.status === 413 && error.params.mb === 2,
    );
    await exportsGone();
  });

  test('an alarm that the values raise can be acknowledged, and every deed is in a chain that verifies', async () => {
    const time = nowUs();
    await rig.plant.stream.ingest(batchOf([{ signal: rig.signal('temp'), time, value: 95, quality: Quality.good }]));
    await rig.plant.settle();
    const [alarm] = (await rig.call('/alarms', { as: auditor })).body;
    assert.equal(alarm.rule, 't/s/a/m1/temp#hot');
    const body = { ids: [alarm.id], note: 'seen' };
    await rig.call('/alarms/acknowledge', { method: 'POST', as: rig.as.operator, body });
    const events = (await rig.call('/audit?limit=1000', { as: auditor })).body as { type: string; actor: string }[];
    const types = new Set(events.map((e) => e.type));
    for (const type of ['user.created', 'session.opened']) assert.ok(types.has(type), type);
    const verified = await rig.call('/audit/verify', { method: 'POST', as: auditor });
    assert.equal(verified.body.ok, true);
    assert.equal(verified.body.events, events.length);
  });

  test('health answers 200 when well and 503 while samples are not kept', async () => {
    const health = async () => {
      const response = await fetch(`${rig.url}/health`);
      return { status: response.status, body: await response.json() };
    };
    assert.deepEqual(await health(), { status: 200, body: { ok: true, problems: [] } });
    const { history } = rig.plant;
    const append = history.append;
    const sample = batchOf([{ signal: rig.signal('temp'), time: nowUs(), value: 1, quality: Quality.good }]);
    history.append = async () => {
      throw Object.assign(new Error('ENOSPC'), {});
    };
    await assert.rejects(rig.plant.stream.ingest(sample));
    assert.deepEqual(await health(), { status: 503, body: { ok: false, problems: ['history.writeFailed'] } });
    history.append = append;
    await rig.plant.stream.ingest(sample);
    assert.equal((await health()).status, 200);
  });
});

describe('OpenAPI', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document is looked into freely
  const document = JSON.parse(JSON.stringify(openApiDocument())) as any;

  test('covers every route, with its parameters, body and access', () => {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const operations = Object.entries(document.paths).flatMap(([path, methods]: [string, any]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as never })),
    ) as { path: string; method: string; operation: Record<string, unknown> }[];
    assert.deepEqual(operations.map((o) => String(o.operation.operationId)).sort(), Object.keys(routes).sort());
    for (const { path, method, operation } of operations) {
      const id = operation.operationId as RouteId;
      const route = routes[id] as Route;
      assert.equal(method.toUpperCase(), route.method);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
      const parameters = operation.parameters as { name: string; in: string; required: boolean; schema: object }[];
      const declared = parameters.filter((p) => p.in === 'path');
      assert.deepEqual(declared.map((p) => p.name).sort(), inPath.sort(), `${id}: path parameters`);
      assert.ok(declared.every((p) => p.required === true));
      assert.equal(new Set(parameters.map((p) => `${p.in} ${p.name}`)).size, parameters.length);
      assert.deepEqual(
        parameters.filter((p) => p.in === 'query').map((p) => p.name),
        Object.keys(route.query?.shape ?? {}),
      );
      assert.equal('requestBody' in operation, route.body !== undefined, `${id}: body`);
      assert.equal('security' in operation, route.access === 'public', `${id}: security`);
      assert.ok('200' in (operation.responses as object));
    }
  });

  test('is well-formed: every $ref resolves, every schema is one of draft 2020-12', () => {
    assert.match(document.openapi, /^3\.1\.\d$/);
    assert.ok(document.info.title && document.info.version);
    const types = ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'];
    let schemas = 0;
    const schema = (node: unknown, where: string): void => {
      if (typeof node === 'boolean') return;
      assert.ok(node && typeof node === 'object' && !Array.isArray(node), where);
      schemas++;
      const s = node as Record<string, unknown>;
      if (typeof s.$ref === 'string') {
        assert.match(s.$ref, /^#\//, `${where}: a reference within the document`);
        const target = s.$ref
          .slice(2)
          .split('/')
          .reduce<unknown>(
            (at, key) => (at as Record<string, unknown>)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
            document,
          );
        assert.ok(target, `${where}: ${s.$ref} is missing`);
      }
      for (const type of [s.type ?? []].flat()) assert.ok(types.includes(type as string), `${where}: type ${type}`);
      if (s.required && s.properties)
        assert.ok(
          (s.required as string[]).every((key) => key in (s.properties as object)),
          where,
        );
      if (s.pattern) new RegExp(s.pattern as string, 'u');
      for (const group of ['properties', '$defs'])
        for (const [key, child] of Object.entries((s[group] ?? {}) as object)) schema(child, `${where}.${key}`);
      for (const key of ['items', 'additionalProperties', 'propertyNames', 'not'])
        if (key in s) schema(s[key], `${where}.${key}`);
      for (const key of ['anyOf', 'oneOf', 'allOf', 'prefixItems'])
        for (const child of (s[key] ?? []) as unknown[]) schema(child, `${where}.${key}`);
    };
    const walk = (node: unknown, where: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node))
        if (key === 'schema') schema(child, where);
        else walk(child, `${where}/${key}`);
    };
    walk(document.paths, '');
    for (const [name, s] of Object.entries(document.components.schemas)) schema(s, name);
    assert.ok(schemas > 200, `${schemas} schemas looked at`);
    for (const used of document.security)
      for (const name of Object.keys(used)) assert.ok(name in document.components.securitySchemes);
  });
});
