import { readFileSync } from 'node:fs';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { ConnectionModel } from '@deungdae/kernel/plant-model.ts';

/**
 * Passwords need not stand in the plant file: a setting `env:NAME` is read from the environment, `file:/path` from a
 * file (its first line). What cannot be read stays as written, so that signing in fails and says so; the log names it.
 */
export function withSecrets(
  connections: Iterable<ConnectionModel>,
  env: NodeJS.ProcessEnv,
  log: Logger,
): ConnectionModel[] {
  const read = (text: string, connection: string): string => {
    const name = /^env:([A-Za-z_]\w*)$/.exec(text)?.[1];
    const file = /^file:(\/.+)$/.exec(text)?.[1];
    if (!name && !file) return text;
    try {
      const found = name ? env[name] : readFileSync(file!, 'utf8').split(/\r?\n/)[0];
      if (found) return found;
    } catch {}
    log.warn({ connection, reference: text }, 'a secret of the plant file cannot be read');
    return text;
  };
  const replaced = (value: unknown, connection: string): unknown => {
    if (typeof value === 'string') return read(value, connection);
    if (Array.isArray(value)) return value.map((v) => replaced(v, connection));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replaced(v, connection)]));
    return value;
  };
  return [...connections].map((c) => ({ ...c, config: replaced(c.config, c.id) as Record<string, unknown> }));
}
