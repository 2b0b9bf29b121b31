import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

type Chunk = Rolldown.OutputChunk & {
  viteMetadata?: { importedCss?: ReadonlySet<string>; importedAssets?: ReadonlySet<string> };
};

const worker = 'kiosk-worker.js';
/** Loaded by the start of the app, before any page. */
const always = /[\\/]i18n[\\/](ko|en)\.ts$/;
const kioskPage = /[\\/]features[\\/]kiosk[\\/]kiosk-page\.tsx$/;

/** Builds the kiosk's service worker beside the app and writes into it the files that the kiosk needs without a network. */
export function kioskWorker(): Plugin {
  return {
    name: 'kiosk-worker',
    apply: 'build',
    buildStart() {
      const id = join(import.meta.dirname, '../src/features/kiosk/worker/worker.ts');
      this.emitFile({ type: 'chunk', id, fileName: worker });
    },
    generateBundle(_options, bundle) {
      const chunk = bundle[worker];
      if (chunk?.type !== 'chunk') return;
      const files = filesOfKiosk(bundle).map((file) => `/${file}`);
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
      chunk.code = chunk.code
        .replace(/["'`]__KIOSK_FILES__["'`]/g, JSON.stringify(files))
        .replaceAll('__KIOSK_VERSION__', version);
      if (files.length < 3 || chunk.imports.length > 0)
        this.error(`the kiosk's worker is not whole: ${files.length} files, imports ${chunk.imports.join(', ')}`);
    },
  };
}

/** Scripts, styles and the code reader; fonts are kept when they are used. */
function filesOfKiosk(bundle: Rolldown.OutputBundle): string[] {
  const files = new Set<string>();
  const add = (name: string, dynamic: boolean) => {
    const chunk = bundle[name] as Chunk | undefined;
    if (chunk?.type !== 'chunk' || files.has(name)) return;
    files.add(name);
    for (const file of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])])
      if (!/\.woff2?$/.test(file)) files.add(file);
    for (const next of chunk.imports) add(next, dynamic);
    if (dynamic) for (const next of chunk.dynamicImports) add(next, false);
  };
  const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
  for (const chunk of chunks) {
    const id = chunk.facadeModuleId ?? '';
    if (chunk.isEntry && chunk.fileName !== worker) add(chunk.fileName, false);
    if (always.test(id)) add(chunk.fileName, false);
    if (kioskPage.test(id)) add(chunk.fileName, true);
  }
  return [...files].sort();
}
