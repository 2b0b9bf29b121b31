import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { chown, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server of this process alone, in a temporary folder; it ends, and the folder goes, with the process. */
export interface PrivatePostgresql {
  /** An empty database; its address. */
  createDatabase(): Promise<string>;
  /** Ends the server at once, as a power cut would (`immediate`), or in order; `start` brings it back on the same data. */
  stop(how?: 'immediate' | 'fast'): Promise<void>;
  start(): Promise<void>;
  /** The address of its maintenance database. */
  readonly url: string;
}

const password = 'only-for-tests';

function programs(): string | null {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    process.env.DEUNGDAE_POSTGRESQL_BIN ?? '',
    ...versions.map((v) => join(home, v, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((f) => f !== '' && existsSync(join(f, 'initdb')) && existsSync(join(f, 'postgres'))) ?? null;
}

/** PostgreSQL refuses to run as root; then it runs as its own system user or as nobody. */
function runAs(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const entry = lines.find((l) => l.startsWith('postgres:')) ?? lines.find((l) => l.startsWith('nobody:'));
  const [, , uid, gid] = entry?.split(':') ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

/** Why no private server can be started here; null when it can. */
export function postgresqlAbsence(): string | null {
  if (process.platform === 'win32') return 'a private PostgreSQL server is not started on Windows';
  return programs() ? null : 'PostgreSQL is not installed (Debian: postgresql-15)';
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * The shell waits for its input to end, which happens when this process does, however it ends; then it stops the
 * server and removes the folder.
 */
const keeper = `
bin="$1"; dir="$2"; port="$3"; init="$4"
if [ "$init" = yes ]; then
  "$bin/initdb" -D "$dir/data" -U tester --pwfile="$dir/password" -A scram-sha-256 -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 || exit 1
fi
"$bin/postgres" -D "$dir/data" -p "$port" -k "$dir" -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \\
  -c shared_buffers=32MB -c max_connections=200 -c autovacuum_naptime=10min >>"$dir/server.log" 2>&1 &
server=$!
read -r how
if [ "$how" = fast ]; then kill -INT $server; else kill -QUIT $server; fi
wait $server
[ "$how" = "" ] && rm -rf "$dir"
exit 0
`;

let databases = 0;

async function createDatabase(maintenance: string): Promise<string> {
  // Processes with one server may have the same id one after the other.
  const name = `test_${process.pid}_${Date.now().toString(36)}_${++databases}`;
  await ask(maintenance, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
  return maintenance.replace(/\/[^/]*$/, `/${name}`);
}

/** A database that `createDatabase` made goes, whoever is still connected to it. */
export async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await ask(url.replace(/\/[^/]*$/, '/postgres'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

class Server implements PrivatePostgresql {
  readonly #bin: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #user = runAs();
  #child: ChildProcess | null = null;

  constructor(bin: string, folder: string, port: number) {
    this.#bin = bin;
    this.#folder = folder;
    this.#port = port;
  }

  get url(): string {
    return this.#address('postgres');
  }

  #address(database: string): string {
    return `postgresql://tester:${password}@127.0.0.1:${this.#port}/${database}`;
  }

  async start(): Promise<void> {
    const init = existsSync(join(this.#folder, 'data')) ? 'no' : 'yes';
    if (init === 'yes') {
      await writeFile(join(this.#folder, 'password'), `${password}\n`, { mode: 0o600 });
      if (this.#user) {
        await chown(join(this.#folder, 'password'), this.#user.uid, this.#user.gid);
        await chown(this.#folder, this.#user.uid, this.#user.gid);
      }
    }
    const args = ['-c', keeper, 'keeper', this.#bin, this.#folder, String(this.#port), init];
    const child = spawn('sh', args, {
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: this.#folder,
      detached: true,
      ...(this.#user ?? {}),
    });
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    this.#child = child;
    await this.#answers(child);
  }

  createDatabase(): Promise<string> {
    return createDatabase(this.url);
  }

  async stop(how: 'immediate' | 'fast' = 'immediate'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = null;
    // Stopped servers keep their data for `start`; the folder goes with the process.
    process.once('exit', () => rmSync(this.#folder, { recursive: true, force: true }));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.ref();
    child.stdin!.write(`${how}\n`);
    await ended;
  }

  async #answers(child: ChildProcess): Promise<void> {
    const until = Date.now() + 60_000;
    for (;;) {
      const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 2000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query('SELECT 1');
        await client.end();
        return;
      } catch (error) {
        await client.end().catch(() => undefined);
        if (child.exitCode !== null || Date.now() > until) {
          const read = (name: string) => readFile(join(this.#folder, name), 'utf8').catch(() => '');
          const logs = (await read('initdb.log')) + (await read('server.log'));
          throw new Error(`PostgreSQL did not start: ${logs.slice(-2000)}`, { cause: error });
        }
        await wait(50);
      }
    }
  }
}

export async function startPrivatePostgresql(): Promise<PrivatePostgresql> {
  const absence = postgresqlAbsence();
  if (absence) throw new Error(absence);
  const server = new Server(programs()!, await mkdtemp(join(tmpdir(), 'deungdae-postgresql-')), await freePort());
  await server.start();
  return server;
}

type Databases = Pick<PrivatePostgresql, 'url' | 'createDatabase'>;

let shared: Promise<Databases> | null = null;

/**
 * The one server of this process, started when first asked for; or the one that a whole run of tests has in common
 * (`DEUNGDAE_TEST_POSTGRESQL`, the address of its maintenance database).
 */
export function privatePostgresql(): Promise<Databases> {
  const url = process.env.DEUNGDAE_TEST_POSTGRESQL;
  shared ??= url ? Promise.resolve({ url, createDatabase: () => createDatabase(url) }) : startPrivatePostgresql();
  return shared;
}
