import { advise, CodedError, explain } from '@deungdae/kernel/errors.ts';
import type { PlantProblem } from '@deungdae/kernel/plant-file.ts';

export function terminalLanguage(): string {
  return /^en|^C\b|^POSIX/i.test(process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? 'ko')
    ? 'en'
    : 'ko';
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printError(error: unknown, language: string): void {
  if (error instanceof CodedError) {
    process.stderr.write(
      `\n${explain(error.code, error.params, language)}\n${advise(error.code, error.params, language)}\n(${error.code})\n`,
    );
  } else if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`\n${error.message}\n`);
  } else process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  const { problems } = error as { problems?: PlantProblem[] };
  if (problems) printProblems(problems);
}

export function printProblems(problems: readonly PlantProblem[], file = 'plant.yaml'): void {
  for (const p of problems)
    process.stderr.write(
      `  ${file}:${p.line}:${p.column}  ${p.message}${p.suggestion ? ` → ${p.suggestion}` : ''}  (${p.code})\n`,
    );
}

/** A line that rewrites itself on a terminal, and is written every ten per cent elsewhere. */
export function progressBar(label: string): (share: number) => void {
  const started = performance.now();
  let lastTenth = -1;
  return (share) => {
    const percent = Math.floor(Math.min(1, share) * 100);
    const elapsedS = (performance.now() - started) / 1000;
    const leftS = share > 0.02 ? Math.round((elapsedS / share) * (1 - share)) : null;
    const left = leftS === null || share >= 1 ? '' : ` ~${leftS} s`;
    if (process.stdout.isTTY) {
      process.stdout.write(`\r${label} ${String(percent).padStart(3)} %${left}   ${share >= 1 ? '\n' : ''}`);
    } else if (Math.floor(percent / 10) !== lastTenth) {
      lastTenth = Math.floor(percent / 10);
      process.stdout.write(`${label} ${percent} %${left}\n`);
    }
  };
}
