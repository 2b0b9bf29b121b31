import type { CheckDue, CheckSheet, Subject } from '@deungdae/contracts/maintenance.ts';
import { checkPeriod, periodBefore } from './domain/period.ts';
import { type Db, keyOf, type MaintenanceDeps } from './parts.ts';

/** Sheets × machines that are looked through for what is due. */
const mostDue = 5000;

/** The sheets in force. */
export async function sheets(db: Db): Promise<CheckSheet[]> {
  const rows = await db
    .selectFrom('mt_sheets')
    .select('data')
    .where('current', '=', 1)
    .orderBy('code')
    .limit(1000)
    .execute();
  return rows.map((row) => JSON.parse(row.data) as CheckSheet);
}

/** Checks that belong in the running period and are not done, the overdue first. */
export async function checksDue(
  deps: MaintenanceDeps,
  db: Db,
  query: { kind?: Subject['kind'] | undefined; subject?: string | undefined },
): Promise<CheckDue[]> {
  const now = deps.clock.nowUs();
  const due: CheckDue[] = [];
  let looked = 0;
  for (const sheet of await sheets(db)) {
    if (!sheet.active) continue;
    for (const subject of sheet.subjects) {
      if (query.subject !== undefined && subject.id !== query.subject) continue;
      if (query.kind !== undefined && subject.kind !== query.kind) continue;
      if (++looked > mostDue) break;
      const found = await dueOf(deps, db, sheet, subject, now);
      if (found) due.push(found);
    }
  }
  return due.sort((a, b) => Number(b.overdue) - Number(a.overdue) || a.dueAt - b.dueAt);
}

async function dueOf(
  deps: MaintenanceDeps,
  db: Db,
  sheet: CheckSheet,
  subject: Subject,
  now: number,
): Promise<CheckDue | null> {
  const place = placeOf(deps, subject);
  const period = checkPeriod(sheet.every, now, place);
  if (!period) return null;
  const last = await db
    .selectFrom('mt_checks')
    .select('time')
    .where('sheet', '=', sheet.code)
    .where('subject', '=', keyOf(subject))
    .orderBy('time', 'desc')
    .limit(1)
    .executeTakeFirst();
  const lastAt = last?.time ?? null;
  if (lastAt !== null && lastAt >= period.from) return null;
  const before = periodBefore(sheet.every, period.from, place);
  // A sheet that was never used is due, not overdue: nobody has missed it yet.
  const overdue = lastAt !== null && before !== null && lastAt < before.from;
  return { sheet, subject, lastAt, dueAt: period.to, overdue };
}

/** Calendar and zone of a machine; a tool goes by those of the first machine. */
function placeOf(deps: MaintenanceDeps, subject: Subject) {
  const machine = subject.kind === 'machine' ? deps.plant().equipment.get(subject.id) : undefined;
  const any = machine ?? [...deps.plant().equipment.values()][0];
  return { calendar: any?.calendar ?? null, timeZone: any?.timeZone ?? 'UTC' };
}
