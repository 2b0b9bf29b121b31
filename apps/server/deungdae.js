#!/usr/bin/env node
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Where the command line begins. JavaScript, because an old Node reads nothing else and could not say so, and because the
 * cache has to be on before the first TypeScript file: else the type stripper is loaded at each start.
 */
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Node ${process.versions.node} 로는 돌지 않아요. \`npm ci\` 뒤에 \`npm start\` 로 시작하면 맞는 버전을 써요.\n` +
      `Node ${process.versions.node} is too old. After \`npm ci\`, start with \`npm start\`: it uses the right version.\n` +
      '(server.runtimeTooOld)\n',
  );
  process.exit(1);
}
beginAgainSparing();
cacheCompiledCode();
await import('./src/main.ts');

/**
 * glibc keeps what each thread frees for that thread: with sixteen threads 25 MB after half a minute, and growing. It reads
 * its setting only when a process begins, as V8 does its flags (those of `npm start`), so the process begins again: same
 * number, same output, 40 ms. Elsewhere than on Linux it goes on as it is.
 */
function beginAgainSparing() {
  if (process.platform !== 'linux' || process.env.MALLOC_ARENA_MAX || !process.execve) return;
  const flags = ['--optimize-for-size', '--max-semi-space-size=4'].filter((flag) => !process.execArgv.includes(flag));
  const again = [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, again, { ...process.env, MALLOC_ARENA_MAX: '2' });
}

/**
 * From the second start on the code comes compiled, types taken out: half the time to load, and neither the process nor
 * its threads hold a compiler in memory. The cache lies beside the packages, so only who may change the code may write it;
 * where nobody may, there is none.
 */
function cacheCompiledCode() {
  const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'deungdae');
  const { directory } = enableCompileCache(process.env.NODE_COMPILE_CACHE ?? folder);
  if (!directory) return;
  // Threads and the demo's machines take it from here.
  process.env.NODE_COMPILE_CACHE ??= folder;
  // Written at the end of the process too, which a kill does not wait for.
  setTimeout(flushCompileCache, 20_000).unref();
}
