import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import type { FileAddress, FileConfig } from './config.ts';
import { csvFormat } from './csv-format.ts';
import { csvRecordEnd } from './csv-record.ts';
import type { FormatContext, RecordFormat } from './format.ts';
import { ndjsonFormat } from './ndjson-format.ts';
import { shdrFormat, targetsOf } from './shdr-format.ts';

/** The format of the settings for one file. `head`: the first text of the file, for the header of a CSV. */
export function openFormat(
  config: FileConfig,
  signals: readonly BoundSignal<FileAddress>[],
  context: FormatContext,
  name: string,
  head: string,
): RecordFormat {
  if (config.format === 'ndjson') return ndjsonFormat(config, signals, context);
  if (config.format === 'shdr') return shdrFormat(targetsOf(signals, context.setOf), context);
  const header = head.slice(0, Math.max(0, csvRecordEnd(head, 0, true)));
  return csvFormat(name, header, config, signals, context);
}
