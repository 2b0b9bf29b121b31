import type { Actor } from '@deungdae/contracts/event.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import { figuresOf } from './machine-data.ts';
import { type Figures, reportOf } from './oee.ts';
import { periodsOf } from './planned.ts';
import { loadMachine, type ReportSources, tellsOee } from './reports.ts';
import type { EquipmentTables } from './schema.ts';
import type { EquipmentStore } from './store.ts';

/** A period is closed this long after its end, so that the last samples are in, µs. */
const settleUs = 60_000_000;
/** Periods older than this that were never closed (the system was off) stay open: they are computed when asked for, µs. */
const reachUs = 7 * 86_400_000_000;
const everyMs = 60_000;

export interface KpiVersion {
  from: number;
  to: number;
  shift: string;
  version: number;
  /** When it was computed, µs. */
  computedAt: number;
  /** Why: `closed` for the first, then what changed. */
  why: string;
  figures: Figures;
}

/**
 * Keeps the figures of every closed shift. When late data or a correction changes one, the new figures are added as the
 * next version and an event tells both values and the reason: what was reported before stays readable.
 */
export class KpiVersions {
  readonly #store: EquipmentStore;
  readonly #sources: ReportSources;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #machines: () => Iterable<EquipmentModel>;
  #closedTo = new Map<string, number>();
  #cancel: (() => void) | null = null;
  #work: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(deps: {
    store: EquipmentStore;
    sources: ReportSources;
    clock: Clock;
    log: Logger;
    machines: () => Iterable<EquipmentModel>;
  }) {
    this.#store = deps.store;
    this.#sources = deps.sources;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#machines = deps.machines;
  }

  async open(): Promise<void> {
    this.#closedTo = await this.#store.closedTo();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#cancel = this.#clock.after(everyMs, () => {
      void this.closePeriods()
        .catch((error: unknown) =>
          this.#log.error({ error: String(error) }, 'shift figures could not be closed; tried again'),
        )
        .finally(() => this.#schedule());
    });
  }

  /** Computes and keeps the figures of every period that has ended. */
  closePeriods(): Promise<void> {
    return this.#exclusive(async () => {
      const now = this.#clock.nowUs();
      for (const machine of this.#machines()) {
        if (!tellsOee(machine)) continue;
        const since = Math.max(this.#closedTo.get(machine.path) ?? now - 86_400_000_000, now - reachUs);
        for (const period of periodsOf(machine, since, now)) {
          if (period.from < since || period.to + settleUs > now) continue;
          const data = await loadMachine(this.#sources, machine, period.from, period.to);
          const figures = figuresOf(data, period.from, period.to);
          await this.#store.addKpi(
            this.#row(machine.path, period.from, period.to, period.id, 1, 'closed', figures),
            null,
          );
          this.#closedTo.set(machine.path, period.to);
        }
      }
    });
  }

  /** Whether figures that reach beyond `from` are closed. */
  isClosed(equipment: string, from: number): boolean {
    return (this.#closedTo.get(equipment) ?? Number.NEGATIVE_INFINITY) > from;
  }

  /** Computes closed periods that touch [from, to) again; those that come out otherwise get a new version. Returns how many. */
  changed(machine: EquipmentModel, from: number, to: number, why: string, actor: Actor): Promise<number> {
    return this.#exclusive(async () => {
      let count = 0;
      for (const row of newest(await this.#store.kpis(machine.path, from, to))) {
        const [start, end] = [Number(row.from_us), Number(row.to_us)];
        const figures = figuresOf(await loadMachine(this.#sources, machine, start, end), start, end);
        const text = JSON.stringify(figures);
        if (text === row.figures) continue;
        const next = this.#row(machine.path, start, end, row.shift, row.version + 1, why, figures);
        const head = { equipment: machine.path, from: start, to: end };
        await this.#store.addKpi(next, {
          type: 'kpi.recomputed',
          subject: machine.path,
          actor,
          data: {
            ...{ from: start, to: end, shift: row.shift, why, version: next.version },
            former: reportOf(head, JSON.parse(row.figures) as Figures).oee,
            now: reportOf(head, figures).oee,
          },
        });
        count++;
      }
      return count;
    });
  }

  /** All versions of the closed periods in [from, to), oldest first. */
  async versions(equipment: string, from: number, to: number): Promise<KpiVersion[]> {
    return (await this.#store.kpis(equipment, from, to)).map((r) => ({
      ...{ from: Number(r.from_us), to: Number(r.to_us), shift: r.shift, version: r.version },
      ...{ computedAt: Number(r.computed_us), why: r.why, figures: JSON.parse(r.figures) as Figures },
    }));
  }

  async recomputed(equipment: string, from: number, to: number): Promise<boolean> {
    return (await this.#store.kpis(equipment, from, to)).some((r) => r.version > 1);
  }

  #row(
    equipment: string,
    from: number,
    to: number,
    shift: string,
    version: number,
    why: string,
    figures: Figures,
  ): EquipmentTables['equipment_kpis'] {
    const computed = { version, computed_us: this.#clock.nowUs(), why, figures: JSON.stringify(figures) };
    return { equipment, from_us: from, to_us: to, shift, ...computed };
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work, work);
    this.#work = done.catch(() => {});
    return done;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#work;
  }
}

function newest(rows: readonly EquipmentTables['equipment_kpis'][]): EquipmentTables['equipment_kpis'][] {
  return [...new Map(rows.map((row) => [Number(row.from_us), row])).values()];
}
