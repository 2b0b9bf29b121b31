import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { composePlant, type RunningPlant } from './compose.ts';
import { serverError } from './errors.ts';
import { say } from './terminal.ts';
import { version } from './version.ts';

export interface ServeOptions {
  plantFile: string;
  dataDir: string;
  ledger?: string;
  host: string;
  port: number;
  demo: boolean;
  language: string;
  tlsKey?: string;
  tlsCert?: string;
  logLevel?: string;
  /** Called when the page is up, before the first connection opens. */
  beforeConnections?: (running: RunningPlant) => Promise<void>;
  /** Called while the plant stops, before its stores close. */
  onStop?: () => Promise<void>;
}

/** Starts a plant, prints its one address, and runs until told to stop. */
export async function serve(options: ServeOptions): Promise<RunningPlant> {
  const log = createLogger({ level: options.logLevel ?? process.env.DEUNGDAE_LOG ?? 'warn' });
  if (!options.tlsKey !== !options.tlsCert) throw serverError('server.tlsHalf');
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65_535)
    throw serverError('server.inputWrong', { path: '--port', detail: '0 … 65535' });
  const tls =
    options.tlsKey && options.tlsCert
      ? { key: readFileSync(options.tlsKey, 'utf8'), cert: readFileSync(options.tlsCert, 'utf8') }
      : undefined;
  const running = await composePlant({
    dataDir: resolve(options.dataDir),
    plantFile: resolve(options.plantFile),
    clock: systemClock,
    log,
    language: options.language,
    version,
    demo: options.demo,
    ...(options.ledger ? { ledger: options.ledger } : {}),
    ...(tls ? { tls } : {}),
  });
  try {
    await running.http.listen({ host: options.host, port: options.port });
  } catch (error) {
    await running.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw serverError('server.portTaken', { port: options.port });
    throw error;
  }
  const address = `${tls ? 'https' : 'http'}://${options.host === '0.0.0.0' ? 'localhost' : options.host}:${options.port}`;
  const token = await running.identity.setupToken();
  announce(address, token, options);
  stopOnSignal(running, options);
  await options.beforeConnections?.(running);
  await running.connect();
  return running;
}

function announce(address: string, token: string | null, options: ServeOptions): void {
  const korean = options.language === 'ko';
  say('');
  say(`  등대 Deungdae ${version}   ${address}`);
  if (token) {
    say('');
    say(
      korean
        ? '  처음이시네요. 아래 링크에서 관리자 비밀번호를 정하세요 (한 번만 쓸 수 있어요):'
        : '  First run: set the administrator’s password with this link (it works once):',
    );
    say(`  ${address}/setup?token=${token}`);
  }
  if (options.host !== '127.0.0.1' && options.host !== 'localhost' && options.host !== '::1' && !options.tlsKey) {
    say('');
    say(
      korean
        ? '  주의: 암호화 없이 다른 컴퓨터에 열려 있어요. --tls-key 와 --tls-cert 를 주세요.'
        : '  Note: open to other computers without encryption. Give --tls-key and --tls-cert.',
    );
  }
  say('');
  say(korean ? '  멈추려면 Ctrl+C' : '  Ctrl+C stops it');
}

function stopOnSignal(running: RunningPlant, options: ServeOptions): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    try {
      await options.onStop?.();
      await running.close();
      process.exit(0);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    }
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
