import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Subject, ToolCard } from '@deungdae/contracts/maintenance.ts';
import { checksDue, sheets } from './due.ts';
import { maintenanceError } from './errors.ts';
import { listOrders } from './orders.ts';
import { keyOf, type MaintenanceDeps } from './parts.ts';
import { isNear, type Plans } from './plans.ts';
import type { MaintenanceTables } from './schema.ts';
import { spareParts } from './spare-parts.ts';
import { cardOf, toolCards } from './tools.ts';

const calibrationAheadUs = 30 * 86_400_000_000;
/** Share of the service interval or of the life at which a tool is shown. */
const toolNear = 0.9;
const mostOrders = 500;

/** What a technician starts the day with, and what a scanned machine or tool wants. */
export function todayHandlers(deps: MaintenanceDeps, plans: Plans): Handlers {
  const { ledger, clock, masterdata } = deps;
  return {
    async maintenanceToday() {
      const db = ledger.read<MaintenanceTables>();
      const now = clock.nowUs();
      const cards = await toolCards(deps);
      return {
        checks: await checksDue(deps, db, {}),
        plans: (await plans.list({})).filter(isNear),
        orders: await listOrders(db, { open: true, limit: mostOrders }),
        calibrations: cards.filter((card) => calibrationNear(card, now)),
        tools: cards.filter(wornTool),
        shortParts: (await spareParts(deps)).filter((part) => part.short),
      };
    },

    async maintenanceSubject({ query }) {
      const subject = await subjectOf(deps, query.code);
      const db = ledger.read<MaintenanceTables>();
      const due = await checksDue(deps, db, { kind: subject.kind, subject: subject.id });
      const tool = subject.kind === 'tool' ? await masterdata.need('tool', subject.id, clock.nowUs()) : null;
      const ofSubject = (await sheets(db)).filter(
        (sheet) => sheet.active && sheet.subjects.some((each) => keyOf(each) === keyOf(subject)),
      );
      return {
        ...{ subject, name: tool?.data.name ?? machineName(deps, subject.id), due },
        sheets: ofSubject.filter((sheet) => !due.some((each) => each.sheet.code === sheet.code)),
        orders: await listOrders(db, { subject, open: true, limit: 50 }),
        plans: await plans.list({ kind: subject.kind, subject: subject.id }),
        tool: tool ? await cardOf(db, tool) : null,
      };
    },
  };
}

/** Due within 30 days, failed, or never done. */
function calibrationNear(card: ToolCard, nowUs: number): boolean {
  if (card.calibrationDue === null) return false;
  return card.calibrationPassed === false || card.calibrationDue <= nowUs + calibrationAheadUs;
}

const wornTool = (card: ToolCard) =>
  (card.share !== null && card.share >= toolNear) ||
  (card.lifeShots !== null && card.shots >= card.lifeShots * toolNear);

function machineName(deps: MaintenanceDeps, path: string): string {
  const name = deps.plant().equipment.get(path)?.name ?? path;
  return typeof name === 'string' ? name : (name.ko ?? path);
}

/** What stands on a label: a path or code, our mark `DD1:<plant>:<code>`, or an address with `code=`. */
function codeOf(scanned: string): string {
  const own = /^DD1:[^:]{1,200}:(.{1,300})$/.exec(scanned);
  if (own) return own[1]!;
  const address = /^https?:\/\/.*[?&]code=([^&#]{1,600})/.exec(scanned);
  return address ? decodeURIComponent(address[1]!) : scanned;
}

/** Throws `maintenance.subjectUnknown`. A machine is also found by the last part of its path when only one has it. */
async function subjectOf(deps: MaintenanceDeps, scanned: string): Promise<Subject> {
  const code = codeOf(scanned.trim());
  const machines = deps.plant().equipment;
  if (machines.has(code)) return { kind: 'machine', id: code };
  if (await deps.masterdata.find('tool', code, deps.clock.nowUs())) return { kind: 'tool', id: code };
  const ending = [...machines.keys()].filter((path) => path.toLowerCase().endsWith(`/${code.toLowerCase()}`));
  if (ending.length === 1) return { kind: 'machine', id: ending[0]! };
  throw maintenanceError('maintenance.subjectUnknown', { subject: code.slice(0, 80) }, { status: 404 });
}
