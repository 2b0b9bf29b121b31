#!/usr/bin/env -S node --optimize-for-size --max-semi-space-size=4
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { commands } from './commands/index.ts';
import { printError, say, terminalLanguage } from './terminal.ts';

/** The command line: `deungdae <command> …`. */
cacheCompiledCode();
// Whoever read the output has gone (`| head`, a log collector that ended): no reason for a plant to stop.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
const language = terminalLanguage();
const [name = 'help', ...rest] = process.argv.slice(2);

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  const { serverError } = await import('./errors.ts');
  printError(serverError('server.runtimeTooOld', { version: process.versions.node }), language);
  process.exit(1);
}

const command = commands[name];
if (!command || name === 'help' || rest.includes('--help')) {
  say(
    language === 'ko'
      ? '등대 — 한 명령으로 시작하는 스마트공장\n\n사용법: deungdae <명령> [옵션]\n'
      : 'Deungdae — a smart factory in one command\n\nUsage: deungdae <command> [options]\n',
  );
  for (const [key, { usage, ko, en }] of Object.entries(commands))
    say(`  ${`${key} ${usage}`.padEnd(58)} ${language === 'ko' ? ko : en}`);
  process.exitCode = command || name === 'help' ? 0 : 2;
} else {
  try {
    await command.run(rest, language);
  } catch (error) {
    printError(error, language);
    const { code } = error as { code?: unknown };
    const usage = typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
    process.exitCode = error instanceof CodedError ? 1 : usage ? 2 : 70;
  }
}

/**
 * From the second start on the code comes compiled, types taken out: half the time to load, and the threads hold no
 * compiler in memory. The cache lies beside the packages, so only who may change the code may write it; where nobody
 * may, there is none.
 */
function cacheCompiledCode(): void {
  const folder = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'deungdae');
  const { directory } = enableCompileCache(process.env.NODE_COMPILE_CACHE ?? folder);
  if (!directory) return;
  // Threads and the demo's machines take it from here.
  process.env.NODE_COMPILE_CACHE ??= folder;
  // Written at the end of the process too, which a kill does not wait for.
  setTimeout(flushCompileCache, 20_000).unref();
}
