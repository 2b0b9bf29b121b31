import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { composePlant, type RunningPlant } from './compose.ts';
import { serverError } from './errors.ts';
import { say } from './terminal.ts';
import type { PlantAuthority } from './tls/authority.ts';
import { hostNames, reachableAddress } from './tls/host-names.ts';
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
  /** Port of the encrypted door with the plant's own certificate. */
  httpsPort?: number;
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
  if (options.tlsKey && options.httpsPort !== undefined) throw serverError('server.httpsTwice');
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
    https: options.httpsPort !== undefined,
  });
  try {
    await running.http.listen({ host: options.host, port: options.port });
    if (options.httpsPort !== undefined) await running.listenHttps({ host: options.host, port: options.httpsPort });
  } catch (error) {
    await running.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw serverError('server.portTaken', { port: options.port });
    throw error;
  }
  const address = `${tls ? 'https' : 'http'}://${options.host === '0.0.0.0' ? 'localhost' : options.host}:${options.port}`;
  const token = await running.identity.setupToken();
  announce(address, token, options);
  if (running.authority) announceTrust(running.authority, options);
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
  if (
    options.host !== '127.0.0.1' &&
    options.host !== 'localhost' &&
    options.host !== '::1' &&
    !options.tlsKey &&
    options.httpsPort === undefined
  ) {
    say('');
    say(
      korean
        ? '  주의: 암호화 없이 다른 컴퓨터에 열려 있어요. --https 를 주세요 (또는 --tls-key 와 --tls-cert).'
        : '  Note: open to other computers without encryption. Give --https (or --tls-key and --tls-cert).',
    );
  }
  say('');
  say(korean ? '  멈추려면 Ctrl+C' : '  Ctrl+C stops it');
}

function announceTrust(authority: PlantAuthority, options: ServeOptions): void {
  const host = reachableAddress(hostNames());
  const korean = options.language === 'ko';
  say('');
  say(korean ? '  태블릿에서 처음 한 번 여는 주소:' : '  Open this once on each tablet:');
  say(`  http://${host}:${options.port}/trust`);
  say(
    korean
      ? `  그다음부터: https://${host}:${options.httpsPort}`
      : `  From then on: https://${host}:${options.httpsPort}`,
  );
  say(`  SHA-256 ${authority.fingerprint}`);
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
