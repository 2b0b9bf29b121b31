import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface TextProblem {
  kind: 'missing' | 'unused' | 'parameters' | 'empty';
  key: string;
  detail: string;
}
export type Texts = Record<string, string>;

const root = join(import.meta.dirname, '../src');

/**
 * Compares the language files with each other and with what the sources use. A key counts as used where it stands as a
 * quoted text, or where a template such as `state.${…}` covers it by its beginning and end.
 */
export function findTextProblems(languages: Record<string, Texts>, sources: readonly string[]): TextProblem[] {
  const problems: TextProblem[] = [];
  const all = new Set(Object.values(languages).flatMap((texts) => Object.keys(texts)));
  const code = sources.join('\n');
  const templates = [...code.matchAll(/`([a-zA-Z]+\.[\w.]*)\$\{[^`]*?\}([\w.]*)`/g)].map((m) => ({
    start: m[1]!,
    end: m[2]!,
  }));
  for (const key of all) {
    const written = Object.entries(languages);
    for (const [language, texts] of written) {
      if (texts[key] === undefined) problems.push({ kind: 'missing', key, detail: language });
      else if (texts[key].trim() === '') problems.push({ kind: 'empty', key, detail: language });
    }
    const holes = new Set(
      written.filter(([, texts]) => texts[key] !== undefined).map(([, texts]) => holesOf(texts[key]!)),
    );
    if (holes.size > 1) problems.push({ kind: 'parameters', key, detail: [...holes].join(' ≠ ') });
    const quoted = code.includes(`'${key}'`) || code.includes(`"${key}"`);
    if (
      !quoted &&
      !templates.some((t) => key.startsWith(t.start) && key.endsWith(t.end) && key.length > t.start.length)
    )
      problems.push({ kind: 'unused', key, detail: '' });
  }
  for (const [, key] of code.matchAll(/\b(?:t|translate)\(\s*'([^']+)'/g))
    if (!all.has(key!)) problems.push({ kind: 'missing', key: key!, detail: 'every language' });
  return problems;
}

function holesOf(text: string): string {
  return [...text.matchAll(/\{(\w+)\}/g)]
    .map((m) => m[1]!)
    .sort()
    .join(',');
}

/** The problems of this app's own texts: none, or the check fails. */
export async function checkTexts(): Promise<TextProblem[]> {
  const files = await readdir(root, { recursive: true });
  const sources = await Promise.all(
    files.filter((f) => /\.tsx?$/.test(f) && !f.endsWith('.test.ts')).map((f) => readFile(join(root, f), 'utf8')),
  );
  const languages: Record<string, Texts> = {};
  // `ko.json` holds the shell's texts, `<area>.ko.json` those of an area.
  for (const file of files.filter((f) => /i18n[\\/](\w+\.)?(ko|en)\.json$/.test(f))) {
    const language = file.replace(/.*\b(\w+)\.json$/, '$1');
    languages[language] = { ...languages[language], ...(await readTexts(file)) };
  }
  return [...findTextProblems(languages, sources), ...(await kioskProblems(files))];
}

async function readTexts(file: string): Promise<Texts> {
  return JSON.parse(await readFile(join(root, file), 'utf8')) as Texts;
}

/** The kiosk speaks more languages, each a file `kiosk.<language>.json`: every one is as complete as the Korean. */
async function kioskProblems(files: readonly string[]): Promise<TextProblem[]> {
  const languages: Record<string, Texts> = {};
  for (const file of files.filter((f) => /i18n[\\/]kiosk\.[\w-]+\.json$/.test(f)))
    languages[file.replace(/.*kiosk\.([\w-]+)\.json$/, '$1')] = await readTexts(file);
  const used = [
    Object.keys(languages.ko ?? {})
      .map((key) => `'${key}'`)
      .join(' '),
  ];
  return findTextProblems(languages, used);
}

if (import.meta.main) {
  const problems = await checkTexts();
  for (const problem of problems) console.error(`${problem.kind}: ${problem.key} ${problem.detail}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
