import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RouteId, routes } from '@deungdae/contracts/api.ts';
import type { ApiError, Role } from '@deungdae/contracts/api-entities.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { until } from '@deungdae/testing/until.ts';
import { composePlant, type PlantOptions, type RunningPlant } from '../src/compose.ts';

/** A real plant on a free port, with one machine that a CSV file speaks for, and a connection that holds a secret. */
export const password = 'correct horse battery';
export const secret = 'hunter2-very-secret';
export const roles: readonly Role[] = ['operator', 'supervisor', 'engineer', 'administrator', 'partner', 'auditor'];

const plantText = (log: string) => `# 시험 공장
deungdae: 1
enterprise: { id: t, name: { ko: 시험공장, en: Test works } }
connections:
  - id: log   # the recorder
    type: file
    path: ${JSON.stringify(log)}
    format: csv
    timeColumn: time
    follow: true
  - id: broker
    type: mqtt
    enabled: false
    url: mqtt://127.0.0.1:1
    username: plant
    password: ${secret}
sites:
  - id: s
    timeZone: Asia/Seoul
    areas:
      - id: a
        equipment:
          - id: m1
            name: { ko: 일호기, en: Machine 1 }
            connection: log
            state: { preset: runningBit, signal: run }
            signals:
              # 온도
              - id: temp
                unit: Cel
                source: { column: temp } # keep me
                alarms: [{ id: hot, type: high, limit: 90 }]
              - id: run
                kind: boolean
                source: { column: run }
              - id: note
                kind: text
                source: { column: note }
`;

/** Ten seconds of values, a second apart, that end now. */
function logText(nowMs: number): string {
  const rows = Array.from({ length: 10 }, (_, i) =>
    [new Date(nowMs - (10 - i) * 1000).toISOString(), 20 + i, Number(i > 2), i === 5 ? '"a, ""b"""' : `n${i}`].join(
      ',',
    ),
  );
  return `time,temp,run,note\n${rows.join('\n')}\n`;
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  body: any;
  headers: Headers;
}
export interface Call {
  method?: string;
  /** Cookie of a session, or a token that begins with `ddt_`. */
  as?: string | undefined;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: string;
  headers?: Record<string, string>;
}

export class Rig {
  readonly folder: string;
  plant: RunningPlant;
  url = '';
  readonly as: Record<string, string> = {};
  readonly #options: Partial<PlantOptions>;

  private constructor(folder: string, plant: RunningPlant, options: Partial<PlantOptions>) {
    this.folder = folder;
    this.plant = plant;
    this.#options = options;
  }

  static async open(options: Partial<PlantOptions> = {}): Promise<Rig> {
    const folder = await mkdtemp(join(tmpdir(), 'server-'));
    const log = join(folder, 'log.csv');
    await writeFile(log, logText(Date.now()));
    await writeFile(join(folder, 'plant.yaml'), plantText(log), { mode: 0o600 });
    const rig = new Rig(folder, await compose(folder, options), options);
    await rig.#listen();
    return rig;
  }

  /** A plant on the folder of another rig, which is closed. */
  static async on(folder: string, options: Partial<PlantOptions>): Promise<Rig> {
    const rig = new Rig(folder, await compose(folder, options), options);
    await rig.#listen();
    return rig;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }
  get plantFile(): string {
    return join(this.folder, 'plant.yaml');
  }

  /** A stop and a start on the same data. */
  async restart(): Promise<void> {
    await this.plant.close();
    this.plant = await compose(this.folder, this.#options);
    await this.#listen();
  }

  async close(): Promise<void> {
    await this.plant.close();
    await this.remove();
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** The first administrator and one person of each other role; `as[role]` holds their sessions. */
  async people(): Promise<void> {
    const token = await this.plant.identity.setupToken();
    const body = { token, name: 'admin', displayName: '', password, language: 'ko' };
    this.as.administrator = sessionOf(await this.call('/setup', { method: 'POST', body }));
    for (const role of roles.filter((r) => r !== 'administrator')) {
      const user = { name: `the-${role}`, displayName: '', role, language: 'en', password };
      assert.equal((await this.call('/users', { method: 'POST', as: this.as.administrator, body: user })).status, 200);
      this.as[role] = await this.signIn(`the-${role}`);
    }
  }

  async signIn(name: string): Promise<string> {
    return sessionOf(await this.call('/session', { method: 'POST', body: { name, password } }));
  }

  /** `path` below `/api`. */
  async call(path: string, { method = 'GET', as, body, raw, headers = {} }: Call = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        ...(as?.startsWith('ddt_') ? { authorization: `Bearer ${as}` } : as ? { cookie: as } : {}),
        ...(body !== undefined || raw !== undefined ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body !== undefined ? { body: JSON.stringify(body) } : raw !== undefined ? { body: raw } : {}),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers };
  }

  /** The route with nothing in it that could do harm: unknown ids, an empty body. */
  probe(id: RouteId, as?: string): Promise<Answer> {
    const route = routes[id];
    const path = route.path.replace(/:\w+/g, 'nothing');
    return this.call(path, { method: route.method, as, ...('body' in route ? { body: {} } : {}) });
  }

  /** Opens the connections and waits until the file is read. */
  async connect(): Promise<void> {
    await this.plant.connect();
    await until(() => this.plant.stream.stats().ingested >= 30, 'the log is read', 10_000);
    await this.plant.settle();
  }

  signal(name: string): number {
    return this.plant.host.model.signalByPath.get(`t/s/a/m1/${name}`)!.id;
  }

  async #listen(): Promise<void> {
    await this.plant.http.listen({ host: '127.0.0.1', port: 0 });
    this.url = `http://127.0.0.1:${(this.plant.http.server.address() as { port: number }).port}`;
  }
}

function compose(folder: string, options: Partial<PlantOptions>): Promise<RunningPlant> {
  return composePlant({
    dataDir: join(folder, 'data'),
    plantFile: join(folder, 'plant.yaml'),
    clock: systemClock,
    log: silentLogger,
    language: 'ko',
    version: '0.0.0',
    demo: false,
    workers: 0,
    requestsPerMinute: 100_000,
    ...options,
  });
}

export function sessionOf(answer: Answer): string {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return /deungdae_session=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')![0];
}

/** An `ApiError` with this code, in full. */
export function assertRefused(answer: Answer, status: number, code: string): void {
  const error = answer.body as ApiError;
  assert.deepEqual({ status: answer.status, code: error?.code }, { status, code }, JSON.stringify(error));
  assert.ok(error.message.length > 0 && error.advice.length > 0);
  assert.doesNotMatch(error.message + error.advice, /\{\w+\}/, 'every hole is filled');
}

export const korean = /[가-힣]/;
