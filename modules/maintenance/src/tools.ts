import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { MaintenanceOrder, ToolCard, ToolEvent } from '@deungdae/contracts/maintenance.ts';
import type { MasterRecord } from '@deungdae/contracts/master.ts';
import type { Run } from '@deungdae/contracts/work-order.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import { once } from '@deungdae/ledger/once.ts';
import { maintenanceError } from './errors.ts';
import { type Db, type MaintenanceDeps, needSubject, type Tx, whoOf } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';

const monthUs = 30.4375 * 86_400_000_000;
/** Events of one tool that are shown. */
const mostEvents = 1000;

/** Pieces become shots by the cavities that are open. */
function shotsOf(run: Pick<Run, 'counted' | 'good' | 'scrap' | 'rework'>, openCavities: number): number {
  const pieces = run.counted?.total ?? run.good + run.scrap + run.rework;
  return Math.ceil(pieces / Math.max(1, openCavities));
}

export async function shotsNow(db: Db, tool: string): Promise<number> {
  const row = await db
    .selectFrom('mt_tool_shots')
    .select((q) => q.fn.sum<number>('shots').as('shots'))
    .where('tool', '=', tool)
    .executeTakeFirst();
  return Number(row?.shots ?? 0);
}

/** Writes what runs have made; a run's figure may only grow. */
export async function countShots(deps: MaintenanceDeps, runs: readonly Run[]): Promise<void> {
  const now = deps.clock.nowUs();
  const rows: { tool: string; run: string; shots: number }[] = [];
  for (const run of runs) {
    if (run.tool === null) continue;
    const tool = await deps.masterdata.find('tool', run.tool, now);
    if (!tool) continue;
    const open = tool.data.cavities - tool.data.blockedCavities.length;
    const shots = shotsOf(run, open);
    if (shots > 0) rows.push({ tool: run.tool, run: run.id, shots });
  }
  if (rows.length === 0) return;
  await deps.ledger.transaction<MaintenanceTables, void>(async (db) => {
    for (const row of rows) {
      const known = await db
        .selectFrom('mt_tool_shots')
        .select('shots')
        .where('tool', '=', row.tool)
        .where('run', '=', row.run)
        .executeTakeFirst();
      if (known && known.shots >= row.shots) continue;
      await db
        .insertInto('mt_tool_shots')
        .values(row)
        .onConflict((c) => c.columns(['tool', 'run']).doUpdateSet({ shots: row.shots }))
        .execute();
    }
  });
}

async function eventsOf(db: Db, tool: string): Promise<ToolEvent[]> {
  const rows = await db
    .selectFrom('mt_tool_events')
    .select('data')
    .where('tool', '=', tool)
    .orderBy('time', 'desc')
    .limit(mostEvents)
    .execute();
  return rows.map((row) => JSON.parse(row.data) as ToolEvent);
}

export async function cardOf(db: Db, tool: MasterRecord<'tool'>): Promise<ToolCard> {
  const events = await eventsOf(db, tool.code);
  const shots = await shotsNow(db, tool.code);
  const newest = (...kinds: ToolEvent['kind'][]) => events.find((event) => kinds.includes(event.kind));
  const mount = newest('mounted', 'dismounted');
  const calibrated = newest('calibrated');
  const since = shots - (newest('serviced')?.shots ?? 0);
  const { serviceShots, lifeShots, calibrationMonths } = tool.data;
  return {
    ...{ tool: tool.code, name: tool.data.name, kind: tool.data.kind, cavities: tool.data.cavities },
    blockedCavities: tool.data.blockedCavities,
    machine: mount?.kind === 'mounted' ? mount.machine : null,
    ...{ shots, shotsSinceService: since, serviceShots: serviceShots ?? null, lifeShots: lifeShots ?? null },
    share: serviceShots ? since / serviceShots : null,
    // A gauge that was never calibrated is due at once.
    calibrationDue: calibrationMonths ? (calibrated?.time ?? 0) + Math.round(calibrationMonths * monthUs) : null,
    calibrationPassed: calibrated?.passed ?? null,
  };
}

/** Cards of all tools, or of one kind, the nearest to service first. */
export async function toolCards(deps: MaintenanceDeps, kind?: string): Promise<ToolCard[]> {
  const db = deps.ledger.read<MaintenanceTables>();
  const cards: ToolCard[] = [];
  for (const tool of await deps.masterdata.list('tool', deps.clock.nowUs()))
    if (kind === undefined || tool.data.kind === kind) cards.push(await cardOf(db, tool));
  return cards.sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || (a.tool < b.tool ? -1 : 1));
}

export function toolHandlers(deps: MaintenanceDeps, ordersOf: (tool: string) => Promise<MaintenanceOrder[]>): Handlers {
  const { ledger, clock, masterdata } = deps;
  const needTool = async (code: string) => {
    await needSubject(deps, { kind: 'tool', id: code });
    return masterdata.need('tool', code, clock.nowUs());
  };
  return {
    toolCards: ({ query }) => toolCards(deps, query.kind),

    async toolHistory({ params }) {
      const db = ledger.read<MaintenanceTables>();
      const tool = await needTool(params.code);
      return {
        card: await cardOf(db, tool),
        events: await eventsOf(db, params.code),
        orders: await ordersOf(params.code),
      };
    },

    async recordToolEvent({ params, body }, caller) {
      const tool = await needTool(params.code);
      const person = await whoOf(deps, body.badge, caller);
      if (body.machine !== null) await needSubject(deps, { kind: 'machine', id: body.machine });
      const now = clock.nowUs();
      return ledger.transaction<MaintenanceTables, ToolCard>((db, emit) =>
        once(
          { db, emit },
          body.entryId,
          async () => {
            const before = await cardOf(db, tool);
            checkEvent(tool, before, body);
            const { entryId: _entry, badge: _badge, time, ...fields } = body;
            const event: ToolEvent = {
              ...{ id: uuidv7(Math.floor(now / 1000)), tool: tool.code, ...fields },
              ...{ time: Math.min(time ?? now, now), person, shots: before.shots, nonconformities: [] },
            };
            event.nonconformities = await inDoubt(deps, { db, emit }, tool, event, actorOf(caller));
            await db
              .insertInto('mt_tool_events')
              .values({
                ...{ id: event.id, tool: event.tool, kind: event.kind, time: event.time, shots: event.shots },
                data: JSON.stringify(event),
              })
              .execute();
            await emit({
              type: `tool.${event.kind}`,
              subject: `tool/${tool.code}`,
              actor: actorOf(caller),
              data: { ...event },
            });
            const blocked = blockedAfter(tool.data.blockedCavities, event);
            if (blocked === tool.data.blockedCavities) return cardOf(db, tool);
            const data = { ...tool.data, blockedCavities: blocked };
            const record = { kind: 'tool' as const, code: tool.code, revision: tool.revision, data };
            await masterdata.put([record], actorOf(caller), { db, emit });
            return cardOf(db, { ...tool, data });
          },
          { kind: 'toolEvent', timeUs: now },
        ),
      );
    },
  };
}

/** A gauge that failed puts in doubt what it measured since it last passed; quality holds those lots. */
async function inDoubt(
  deps: MaintenanceDeps,
  tx: Tx,
  tool: MasterRecord<'tool'>,
  event: ToolEvent,
  actor: Actor,
): Promise<string[]> {
  if (event.kind !== 'calibrated' || event.passed !== false) return [];
  const good = (await eventsOf(tx.db, tool.code)).find(
    (each) => each.kind === 'calibrated' && each.passed && each.time <= event.time,
  );
  const text = `${tool.data.name} (${tool.code}): 교정 불합격${event.text === '' ? '' : ` – ${event.text}`}`;
  const found = await deps.quality.gaugeFailed(tx, {
    ...{ gauge: tool.code, from: good?.time ?? 0, to: event.time, text, time: event.time, actor },
  });
  return found.nonconformities.map((each) => each.number);
}

type Given = Pick<ToolEvent, 'kind' | 'machine' | 'cavity' | 'passed'>;

function checkEvent(tool: MasterRecord<'tool'>, card: ToolCard, given: Given): void {
  const name = tool.data.name;
  if (given.kind === 'mounted' && card.machine !== null && card.machine !== given.machine)
    throw maintenanceError('maintenance.mountedElsewhere', { tool: name, machine: card.machine }, { status: 409 });
  if (given.kind === 'cavityBlocked' || given.kind === 'cavityOpened') {
    const cavity = given.cavity ?? 0;
    if (cavity < 1 || cavity > tool.data.cavities)
      throw maintenanceError(
        'maintenance.noCavity',
        { tool: name, cavity, cavities: tool.data.cavities },
        { status: 400 },
      );
  }
  if (given.kind === 'calibrated') {
    if (tool.data.kind !== 'gauge') throw maintenanceError('maintenance.notAGauge', { tool: name }, { status: 400 });
    if (given.passed === null) throw maintenanceError('maintenance.calibrationResult', {}, { status: 400 });
  }
}

/** Blocked cavities after an event; the same list when it changes none. */
function blockedAfter(blocked: number[], event: Pick<ToolEvent, 'kind' | 'cavity'>): number[] {
  const { kind, cavity } = event;
  if (cavity === null) return blocked;
  if (kind === 'cavityBlocked' && !blocked.includes(cavity)) return [...blocked, cavity].sort((a, b) => a - b);
  if (kind === 'cavityOpened' && blocked.includes(cavity)) return blocked.filter((c) => c !== cavity);
  return blocked;
}
