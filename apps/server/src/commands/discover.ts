import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSupervisor } from '@deungdae/connector-kit/supervisor.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { stringify } from 'yaml';
import { connectorSources } from '../connectors.ts';
import { serverError } from '../errors.ts';
import { say } from '../terminal.ts';

/** Prints what the device offers as YAML, ready to paste under an equipment's `signals:`. */
export async function run(args: string[], language: string): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      set: { type: 'string', multiple: true, default: [] },
      limit: { type: 'string', default: '2000' },
      connection: { type: 'string', default: 'new-connection' },
      seconds: { type: 'string', default: '60' },
    },
  });
  const type = positionals[0];
  if (!type || !connectorSources.some((s) => s.type === type)) {
    throw serverError('server.inputWrong', { path: 'type', detail: connectorSources.map((s) => s.type).join(' | ') });
  }
  const stateDir = await mkdtemp(join(tmpdir(), 'deungdae-discover-'));
  const supervisor = createSupervisor({
    stream: { ingest: async () => {} },
    connectors: connectorSources,
    stateDir,
    clock: systemClock,
    log: createLogger({ level: 'error' }),
    workers: 0,
  });
  try {
    const abort = AbortSignal.timeout(Number(values.seconds) * 1000);
    const signals = [];
    for await (const p of supervisor.discover(
      { type, config: configOf(values.set) },
      { limit: Number(values.limit), abort },
    )) {
      process.stderr.write(`\r${signals.length + 1}  ${p.devicePath.join(' / ').slice(-60).padEnd(60)}`);
      signals.push({
        id: p.id,
        name: p.name,
        kind: p.kind,
        ...(p.unit ? { unit: p.unit } : {}),
        source: { connection: values.connection, ...p.address },
      });
    }
    process.stderr.write('\n');
    say(stringify({ signals }, { lineWidth: 140 }));
    if (signals.length === 0) say(language === 'ko' ? '# 찾은 신호가 없어요' : '# nothing found');
  } finally {
    await supervisor.close();
    await rm(stateDir, { recursive: true, force: true });
  }
}

/** `--set security.mode=None --set endpoint=opc.tcp://…` as nested settings; numbers, true and false are recognised. */
function configOf(pairs: readonly string[]): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw serverError('server.inputWrong', { path: '--set', detail: pair });
    const keys = pair.slice(0, at).split('.');
    const text = pair.slice(at + 1);
    let target = config;
    for (const key of keys.slice(0, -1)) {
      target[key] ??= {};
      target = target[key] as Record<string, unknown>;
    }
    target[keys.at(-1)!] = /^-?\d+(\.\d+)?$/.test(text)
      ? Number(text)
      : text === 'true'
        ? true
        : text === 'false'
          ? false
          : text;
  }
  return config;
}
