import type { Handlers } from '@deungdae/contracts/api.ts';
import { nameOf } from '@deungdae/kernel/actor.ts';
import { close, closingOut, closings, obstacles, periods, reopen } from '../closings.ts';
import { plantDay } from '../numbering.ts';
import { type HandlerParts, perform, readerOf } from './shared.ts';

export function closingHandlers(parts: HandlerParts): Handlers {
  const zone = () => parts.core.timeZone();
  const today = () => plantDay(parts.clock.nowUs(), zone());
  return {
    stockClosings: async () => (await closings(readerOf(parts))).map(closingOut),
    stockPeriods: ({ query }) => periods(readerOf(parts), today(), zone(), query.limit),
    checkClosing: async ({ query }) => ({
      day: query.day,
      obstacles: await obstacles(readerOf(parts), query.day, today(), zone()),
    }),
    closeStock: ({ body }, caller) =>
      perform(parts, 'closeStock', caller, {}, async (work) => {
        await close(work, { day: body.day, note: body.note ?? '', name: nameOf(caller) });
        return { ok: true as const };
      }),
    reopenStock: ({ params, body }, caller) =>
      perform(parts, 'reopenStock', caller, { reason: body.reason }, async (work) => {
        await reopen(work, { id: params.id, reason: body.reason, name: nameOf(caller) });
        return { ok: true as const };
      }),
  };
}
