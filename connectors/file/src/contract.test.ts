import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectorContract } from '@deungdae/connector-kit/contract-suite.ts';
import { formatTimeUs } from '@deungdae/connector-mtconnect/shdr-time.ts';
import { connector as fileConnector } from './connector.ts';

const tags = ['load', 'speed', 'program'];
const base = Date.UTC(2026, 0, 1) * 1000;

/** A log that grows, as a machine's own logger writes it. */
class GrowingLog {
  readonly port = 0;
  readonly #format: 'shdr' | 'ndjson';
  dir = '';

  constructor(format: 'shdr' | 'ndjson') {
    this.#format = format;
  }

  async start(): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    await appendFile(join(this.dir, 'a.txt'), '');
  }

  async stop(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  async change(round: number) {
    const values: Record<string, number | string> = { load: round, speed: round * 1.5, program: `P${round}.NC` };
    const at = formatTimeUs(base + round * 1_000_000);
    const lines = tags.map((tag) =>
      this.#format === 'shdr' ? `${at}|${tag}|${values[tag]}` : JSON.stringify({ time: at, tag, value: values[tag] }),
    );
    await appendFile(join(this.dir, 'a.txt'), `${lines.join('\n')}\n`);
    return Object.fromEntries(tags.map((tag) => [`plant/mill/${tag}`, values[tag]!]));
  }
}

for (const format of ['shdr', 'ndjson'] as const)
  connectorContract<GrowingLog>({
    name: `file (${format})`,
    definition: fileConnector,
    peer: async () => {
      const log = new GrowingLog(format);
      log.dir = await mkdtemp(join(tmpdir(), 'deungdae-log-'));
      return log;
    },
    config: (_port, log) => ({ path: log.dir, format, follow: true }),
    signals: tags.map((tag) => ({
      path: `plant/mill/${tag}`,
      kind: tag === 'program' ? ('text' as const) : ('number' as const),
      address: { tag },
    })),
    network: false,
    everyChange: true,
    redelivers: true,
  });
