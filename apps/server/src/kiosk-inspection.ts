import type { ExtraEntry } from '@deungdae/operations/module.ts';
import type { QualityModule } from '@deungdae/quality/module.ts';
import { z } from 'zod';
import { inputError } from './api-error.ts';
import { serverError } from './errors.ts';

/** Values of an inspection as a kiosk keeps them while it is offline. */
const InspectionEntry = z.object({
  inspection: z.string().max(60),
  results: z
    .array(
      z.object({
        characteristic: z.string().max(60),
        sample: z.number().int().min(1),
        value: z.number().optional(),
        pass: z.boolean().optional(),
        count: z.number().int().min(1).optional(),
        gauge: z.string().max(60).optional(),
        source: z.enum(['form', 'gauge']).optional(),
      }),
    )
    .max(2000),
  finish: z.boolean().default(false),
  note: z.string().max(1000).optional(),
  confirmed: z.boolean().optional(),
});

/**
 * A kiosk's entry of kind `inspection`: quality takes the values in the entry's own transaction. Only for inspections of
 * that machine, or of the run there: one of elsewhere is refused, and nothing of it stays.
 */
export function inspectionEntry(quality: Pick<QualityModule, 'record'>): ExtraEntry {
  return async (tx, { machine, run, data, time, actor }) => {
    const parsed = InspectionEntry.safeParse(data);
    if (!parsed.success) throw inputError('data', parsed.error);
    const done = await quality.record(tx, { ...parsed.data, inspector: actor.id, time, actor });
    const here = done.machine === null ? done.run !== null && done.run === run : done.machine === machine;
    if (!here) throw serverError('server.otherMachine', { machine: done.machine ?? '–' }, { status: 409 });
    return { inspection: done.id, number: done.number, status: done.status, verdict: done.verdict };
  };
}
