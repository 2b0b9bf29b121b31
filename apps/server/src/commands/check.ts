import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readPlantText } from '@deungdae/kernel/plant-file.ts';
import { connectorSchemas } from '../connectors.ts';
import { serverError } from '../errors.ts';
import { printProblems, say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const file = positionals[0] ?? 'plant.yaml';
  const text = await readFile(file, 'utf8').catch(() => {
    throw serverError('server.plantFileMissing', { file });
  });
  const { plant, problems } = readPlantText(text, { fileName: file, connectors: connectorSchemas, language });
  if (!plant) {
    printProblems(problems, file);
    throw serverError('server.plantFileBad', { count: problems.length });
  }
  say(language === 'ko' ? `${file}: 문제 없음` : `${file}: no problems`);
}
