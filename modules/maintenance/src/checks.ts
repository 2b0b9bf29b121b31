import type { Handlers } from '@deungdae/contracts/api.ts';
import type { CheckDone, CheckItem, CheckResult, CheckSheet } from '@deungdae/contracts/maintenance.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import { once } from '@deungdae/ledger/once.ts';
import type { z } from 'zod';
import { checksDue, sheets } from './due.ts';
import { maintenanceError } from './errors.ts';
import { openOrder } from './orders.ts';
import { type Db, keyOf, type MaintenanceDeps, needSubject, whoOf } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';

type Result = z.infer<typeof CheckResult>;
/** A UCUM code as people write it; most are written as they are. */
const unitText = (code: string) => (code === 'Cel' ? '°C' : code.replace(/^\{(.+)\}$/, '$1'));

/** A measured value outside its limits is a failed item, whatever was ticked. */
function judged(item: CheckItem, result: Result): Result {
  if (item.kind === 'value') {
    if (result.value === null) throw maintenanceError('maintenance.valueMissing', { item: item.text }, { status: 400 });
    const inside =
      (item.lower === undefined || result.value >= item.lower) &&
      (item.upper === undefined || result.value <= item.upper);
    result = { ...result, ok: inside };
  }
  if (item.picture && result.document === null)
    throw maintenanceError('maintenance.pictureMissing', { item: item.text }, { status: 400 });
  return result;
}

/** Every item once, none that is not on the sheet; in the sheet's order. */
function complete(sheet: CheckSheet, results: readonly Result[]): Result[] {
  const given = new Map(results.map((result) => [result.item, result]));
  const unknown = [...given.keys()].filter((id) => !sheet.items.some((item) => item.id === id));
  if (unknown.length > 0)
    throw maintenanceError('maintenance.itemUnknown', { items: unknown.join(', ') }, { status: 400 });
  const missing = sheet.items.filter((item) => !given.has(item.id)).map((item) => item.text);
  if (missing.length > 0)
    throw maintenanceError('maintenance.itemMissing', { items: missing.join(', ') }, { status: 400 });
  return sheet.items.map((item) => judged(item, given.get(item.id)!));
}

export function checkHandlers(deps: MaintenanceDeps): Handlers {
  const { ledger, clock } = deps;
  const needSheet = async (db: Db, code: string) => {
    const found = (await sheets(db)).find((sheet) => sheet.code === code && sheet.active);
    if (!found) throw maintenanceError('maintenance.sheetNotFound', { code }, { status: 404 });
    return found;
  };
  return {
    checkSheets: () => sheets(ledger.read<MaintenanceTables>()),

    async putCheckSheet({ params, body }, caller) {
      for (const subject of body.subjects) await needSubject(deps, subject);
      return ledger.transaction<MaintenanceTables, CheckSheet>(async (db, emit) => {
        const before = (await sheets(db)).find((sheet) => sheet.code === params.code);
        const sheet: CheckSheet = { code: params.code, version: (before?.version ?? 0) + 1, ...body };
        await db.updateTable('mt_sheets').set({ current: 0 }).where('code', '=', params.code).execute();
        await db
          .insertInto('mt_sheets')
          .values({ code: sheet.code, version: sheet.version, current: 1, data: JSON.stringify(sheet) })
          .execute();
        await emit({
          type: 'checkSheet.changed',
          subject: `checkSheet/${sheet.code}`,
          actor: actorOf(caller),
          data: { ...sheet },
        });
        return sheet;
      });
    },

    checksDue: ({ query }) => checksDue(deps, ledger.read<MaintenanceTables>(), query),

    async checksDone({ query }) {
      let rows = ledger
        .read<MaintenanceTables>()
        .selectFrom('mt_checks')
        .select('data')
        .orderBy('time', 'desc')
        .limit(query.limit);
      if (query.sheet !== undefined) rows = rows.where('sheet', '=', query.sheet);
      if (query.subject !== undefined)
        rows = rows.where('subject', '=', keyOf({ kind: query.kind ?? 'machine', id: query.subject }));
      return (await rows.execute()).map((row) => JSON.parse(row.data) as CheckDone);
    },

    async doCheck({ body }, caller) {
      const person = await whoOf(deps, body.badge, caller);
      const now = clock.nowUs();
      return ledger.transaction<MaintenanceTables, CheckDone>((db, emit) =>
        once(
          { db, emit },
          body.entryId,
          async () => {
            const sheet = await needSheet(db, body.sheet);
            if (!sheet.subjects.some((subject) => keyOf(subject) === keyOf(body.subject)))
              throw maintenanceError(
                'maintenance.notOfSheet',
                { subject: body.subject.id, sheet: sheet.name },
                { status: 409 },
              );
            const results = complete(sheet, body.results);
            const orders: string[] = [];
            for (const [i, result] of results.entries()) {
              if (result.ok) continue;
              const item = sheet.items[i]!;
              const value =
                result.value === null ? '' : ` ${result.value}${item.unit ? ` ${unitText(item.unit)}` : ''}`;
              const order = await openOrder(
                { db, emit },
                {
                  ...{ kind: 'corrective', subject: body.subject, priority: 'normal', requestedBy: person },
                  text: `${sheet.name}: ${item.text}${value}${result.note ? ` – ${result.note}` : ''}`,
                  documents: result.document === null ? [] : [result.document],
                },
                now,
                actorOf(caller),
              );
              orders.push(order.number);
            }
            const done: CheckDone = {
              ...{ id: uuidv7(Math.floor(now / 1000)), sheet: sheet.code, sheetVersion: sheet.version },
              ...{ subject: body.subject, person, time: Math.min(body.time ?? now, now), results, orders },
              failed: orders.length,
            };
            await db
              .insertInto('mt_checks')
              .values({
                ...{ id: done.id, sheet: done.sheet, subject: keyOf(done.subject), time: done.time },
                data: JSON.stringify(done),
              })
              .execute();
            await emit({
              type: 'check.done',
              subject: keyOf(done.subject),
              actor: actorOf(caller),
              data: { sheet: done.sheet, version: done.sheetVersion, person, failed: done.failed, results },
            });
            return done;
          },
          { kind: 'check', timeUs: now },
        ),
      );
    },
  };
}
