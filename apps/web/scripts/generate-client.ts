import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Route, routes } from '@deungdae/contracts/api.ts';

const target = join(import.meta.dirname, '../src/api/client.generated.ts');
const biome = join(import.meta.dirname, '../../../node_modules/.bin/biome');

/** One typed function per route of the contract, as source text. */
export function clientSource(table: Record<string, Route>): string {
  const functions = Object.entries(table).map(([id, route]) => functionSource(id, route));
  const text = `// Written by scripts/generate-client.ts from packages/contracts/src/api.ts; not by hand.
import type { RouteOutput } from '@deungdae/contracts/api.ts';
import { address, type BodyOf, type ParamsOf, type QueryOf, type RequestOptions, request } from './http.ts';

export const api = {
${functions.join('\n')}
};
`;
  return execFileSync(biome, ['format', '--stdin-file-path', target], { input: text, encoding: 'utf8' });
}

function functionSource(id: string, route: Route): string {
  const path = JSON.stringify(route.path);
  const names: string[] = [];
  const parameters: string[] = [];
  for (const [part, type] of [
    ['params', 'ParamsOf'],
    ['query', 'QueryOf'],
    ['body', 'BodyOf'],
  ] as const) {
    if (!route[part]) continue;
    names.push(part);
    parameters.push(`${part}: ${type}<'${id}'>`);
  }
  const call = `{ ${names.join(', ')} }`;
  const comment = `/** ${route.summary} (${route.method} ${route.path}) */`;
  if (route.contentType)
    return `${comment}\n${id}Address: (${parameters.join(', ')}): string => address(${path}, ${call}),`;
  parameters.push('options?: RequestOptions');
  return `${comment}\n${id}: (${parameters.join(', ')}): Promise<RouteOutput<'${id}'>> => request('${route.method}', ${path}, ${call}, options),`;
}

/** Writes the client; with `check` only says whether the file on disk is the one that would be written. */
export async function generateClient(options: { check: boolean }): Promise<{ file: string; stale: boolean }> {
  const wanted = clientSource(routes);
  const present = await readFile(target, 'utf8').catch(() => '');
  const stale = present !== wanted;
  if (stale && !options.check) await writeFile(target, wanted);
  return { file: 'apps/web/src/api/client.generated.ts', stale };
}

if (import.meta.main) {
  const result = await generateClient({ check: process.argv.includes('--check') });
  if (result.stale && process.argv.includes('--check')) {
    console.error(`stale: ${result.file}; run npm run generate`);
    process.exitCode = 1;
  }
}
