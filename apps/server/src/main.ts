import { CodedError } from '@deungdae/kernel/errors.ts';
import { commands } from './commands/index.ts';
import { printError, say, terminalLanguage } from './terminal.ts';

/** The command line: `deungdae <command> …`, started by `deungdae.js`. */
// Whoever read the output has gone (`| head`, a log collector that ended): no reason for a plant to stop.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
const language = terminalLanguage();
const [name = 'help', ...rest] = process.argv.slice(2);

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
