import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LedgerPlace } from '@deungdae/ledger/open.ts';
import { serverError } from './errors.ts';

/** Where the ledger of a data folder lies when it is not in it; without its password. */
const markerOf = (dataDir: string) => join(dataDir, 'ledger.json');

/**
 * The ledger of a plant by the setting `--ledger` (or DEUNGDAE_LEDGER): `sqlite`, the file in the data folder, which is
 * the default; or `postgresql://user:password@host:5432/database`, which may come from `env:NAME` or `file:/path` so that
 * the password stands in no process list. A folder whose ledger went to PostgreSQL is not answered with a new, empty
 * one: `server.ledgerElsewhere`.
 */
export function ledgerPlace(
  dataDir: string,
  setting: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): LedgerPlace {
  const wanted = setting ?? env.DEUNGDAE_LEDGER ?? '';
  if (wanted !== '' && wanted !== 'sqlite') return { url: resolved(wanted, env) };
  const marker = markerOf(dataDir);
  if (existsSync(marker))
    throw serverError('server.ledgerElsewhere', { where: JSON.parse(readFileSync(marker, 'utf8')).postgresql });
  return { file: join(dataDir, 'ledger.sqlite') };
}

function resolved(wanted: string, env: NodeJS.ProcessEnv): string {
  const name = /^env:([A-Za-z_]\w*)$/.exec(wanted)?.[1];
  const file = /^file:(.+)$/.exec(wanted)?.[1];
  let found: string | undefined = wanted;
  try {
    if (name) found = env[name];
    if (file) found = readFileSync(file, 'utf8').split(/\r?\n/)[0];
  } catch {
    found = undefined;
  }
  if (!found) throw serverError('server.ledgerSecret', { reference: wanted });
  if (!/^postgres(ql)?:\/\//.test(found)) throw serverError('server.ledgerSetting', {});
  return found;
}

/** Remembered once the ledger could be opened there. */
export function rememberPlace(dataDir: string, place: LedgerPlace): void {
  if (!('url' in place)) return;
  const { host, pathname } = new URL(place.url);
  const text = `${JSON.stringify({ postgresql: `${host}${pathname}` })}\n`;
  const marker = markerOf(dataDir);
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== text) writeFileSync(marker, text, { mode: 0o600 });
}

/** A misspelt folder must not be answered with a new, empty plant. Throws `server.noData`. */
export function requireData(dataDir: string, place: LedgerPlace): void {
  if (('file' in place && !existsSync(place.file)) || !existsSync(join(dataDir, 'history')))
    throw serverError('server.noData', { directory: resolve(dataDir) });
}
