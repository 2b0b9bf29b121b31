import { z } from 'zod';

/** Settings of a `file` connection. */
export const FileConfig = z.strictObject({
  path: z.string().min(1).meta({
    description: 'A file, a folder (all its files, in order of name) or a pattern such as /logs/mill-*.txt.',
  }),
  format: z.enum(['shdr', 'csv', 'ndjson']).default('shdr'),
  speed: z
    .union([z.enum(['original', 'max']), z.number().positive().max(1_000_000)])
    .default('max')
    .meta({
      description: 'max: as fast as it goes. original: as the times in the file say. A number: so many times faster.',
    }),
  follow: z
    .boolean()
    .default(false)
    .meta({ description: 'Stay at the end and read what is written later (like tail -f).' }),
  encoding: z.enum(['utf-8', 'cp949']).default('utf-8'),
  timeColumn: z
    .string()
    .optional()
    .meta({ description: 'CSV: column of the time. NDJSON: key of the time (default time).' }),
  timeFormat: z
    .enum(['auto', 'iso', 'epochS', 'epochMs', 'epochUs', 'excel'])
    .default('auto')
    .meta({ description: 'How the time is written; auto tells them apart. excel: serial days since 1899-12-30.' }),
  timeZone: z.string().default('UTC').meta({ description: 'IANA zone of times that name none, such as Asia/Seoul.' }),
  separator: z.enum([',', ';', '\t', '|']).default(',').meta({ description: 'CSV: what stands between fields.' }),
  decimal: z.enum(['.', ',']).default('.').meta({ description: 'CSV: the decimal sign.' }),
  tagColumn: z.string().optional().meta({ description: 'CSV with one value a row: column that names the tag.' }),
  valueColumn: z.string().optional().meta({ description: 'CSV with one value a row: column of the value.' }),
});
export type FileConfig = z.infer<typeof FileConfig>;

/** Binding of one signal: a tag (SHDR, NDJSON, CSV with a tag column) or a column of a CSV. */
export const FileAddress = z.union([
  z.strictObject({
    tag: z.string().min(1).meta({ description: 'Tag as it stands in the file; @assets for asset changes of SHDR.' }),
    shape: z
      .enum(['value', 'condition', 'message', 'timeSeries', 'dataSet', 'table'])
      .optional()
      .meta({ description: 'SHDR: fields after the tag; by the kind of the signal when left out.' }),
  }),
  z.strictObject({ column: z.string().min(1).meta({ description: 'Name in the header of the CSV.' }) }),
]);
export type FileAddress = z.infer<typeof FileAddress>;
