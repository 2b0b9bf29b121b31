import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { ledgerPlace, requireData } from '../ledger-place.ts';
import { openPlantCore } from '../plant-core.ts';
import { buildReport } from '../report.ts';
import { printReport } from '../report-text.ts';
import { say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: 'data' },
      plant: { type: 'string' },
      ledger: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const dataDir = resolve(values.data);
  requireData(dataDir, ledgerPlace(dataDir, values.ledger));
  const beside = join(dataDir, 'plant.yaml');
  const plantFile = resolve(values.plant ?? (existsSync(beside) ? beside : 'plant.yaml'));
  const core = await openPlantCore({
    dataDir,
    ...(values.ledger ? { ledger: values.ledger } : {}),
    plantFile,
    clock: systemClock,
    log: createLogger({ level: 'error' }),
    language,
  });
  try {
    const report = await buildReport(core);
    if (values.json) say(JSON.stringify(report, null, 2));
    else printReport(report, language);
  } finally {
    await core.close();
  }
}
