import { readFileSync } from 'node:fs';
import { secretValues } from '@deungdae/connector-kit/secrets.ts';
import type { Logger } from '@deungdae/kernel/log.ts';

/**
 * Passwords need not stand in the plant file: a setting `env:NAME` is read from the environment, `file:/path` from a
 * file (its first line; a PEM key or certificate whole). What cannot be read stays as written, so that signing in fails
 * and says so; the log names it.
 * Only settings that the schema marks as secret are read: their values never appear in answers and logs, while a
 * reference in another setting would carry the server's environment into error texts.
 */
export function withSecrets<T>(
  settings: T,
  source: { schema: unknown; where: string; env: NodeJS.ProcessEnv; log: Logger },
): T {
  const { schema, where, env, log } = source;
  const marked = new Set(secretValues(schema, settings));
  const read = (text: string): string => {
    if (!marked.has(text)) return text;
    const name = /^env:([A-Za-z_]\w*)$/.exec(text)?.[1];
    const file = /^file:(\/.+)$/.exec(text)?.[1];
    if (!name && !file) return text;
    try {
      const found = name ? env[name] : secretOf(readFileSync(file!, 'utf8'));
      if (found) return found;
    } catch {}
    log.warn({ where, reference: text }, 'a secret of the plant file cannot be read');
    return text;
  };
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') return read(value);
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, replaced(v)]));
    return value;
  };
  return replaced(settings) as T;
}

function secretOf(content: string): string | undefined {
  return content.startsWith('-----BEGIN ') ? content : content.split(/\r?\n/)[0];
}
