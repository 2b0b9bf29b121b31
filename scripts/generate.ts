import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { routes } from '@deungdae/contracts/api.ts';
import { plantReference } from '@deungdae/kernel/plant-schema.ts';
import { connectorSchemas } from '@deungdae/server/connectors.ts';
import { openApiDocument } from '@deungdae/server/openapi.ts';
import { clientSource } from '../apps/web/scripts/generate-client.ts';
import { root } from './source-files.ts';

/** Files made from the contracts: path from the root → text. `npm run generate` writes them, `npm run check` compares. */
async function generatedFiles(): Promise<Record<string, string>> {
  return {
    'apps/web/src/api/client.generated.ts': clientSource(routes),
    'docs/reference/openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
    'docs/reference/plant-file.md': plantReference([...connectorSchemas]),
  };
}

/** One sentence for each generated file that is missing or out of date. */
export async function staleFiles(): Promise<string[]> {
  return Object.entries(await generatedFiles())
    .filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(([path]) => `${path} is out of date: npm run generate`);
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
}
