import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The client id of a connection: made once and kept in its state folder, because the broker keeps the session (and what
 * it holds for us) under this name. 23 letters and digits, which every broker must take (MQTT 3.1.1 §3.1.3.1).
 */
export function keptClientId(stateDir: string): string {
  const file = join(stateDir, 'client-id');
  try {
    const kept = readFileSync(file, 'utf8').trim();
    if (/^[0-9A-Za-z]{8,23}$/.test(kept)) return kept;
  } catch {
    // Not made yet.
  }
  const made = temporaryClientId();
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(file, `${made}\n`);
  return made;
}

export function temporaryClientId(): string {
  return `deungdae${randomBytes(7).toString('hex')}`;
}
