import type { Downtime, OeeReport } from '@deungdae/contracts/api-entities.ts';
import { intervals, type MockMachine, noise } from './model.ts';

type Report = OeeReport;

/** A report whose time model closes, from the made-up intervals; ms in, µs in the report's window. */
export function report(
  path: string,
  machines: readonly MockMachine[],
  from: number,
  to: number,
  extra: Partial<Report> = {},
): Report {
  const stateMs = { running: 0, idle: 0, setup: 0, plannedStop: 0, unplannedStop: 0, off: 0, noData: 0 };
  let planned = 0;
  let produced = 0;
  for (const machine of machines) {
    if (machine.cycleS === 0) continue;
    for (const i of intervals(machine, from, to)) stateMs[i.state] += Math.round(i.to - i.from);
    const run = intervals(machine, from, to).reduce((s, i) => s + (i.state === 'running' ? i.to - i.from : 0), 0);
    const pieces = Math.floor(run / 1000 / (machine.cycleS * (1.02 + 0.1 * noise(machine.seed, 4))));
    produced += pieces;
    planned += pieces * machine.cycleS * 1000;
  }
  const apt = stateMs.running;
  const pot = Object.values(stateMs).reduce((a, b) => a + b, 0);
  const pbt = pot - stateMs.plannedStop - stateMs.off - stateMs.noData;
  const good = Math.floor(produced * 0.985);
  const goodRun = Math.round(planned * 0.985);
  const ratio = (numerator: number, denominator: number) => ({
    numerator,
    denominator,
    value: denominator > 0 ? numerator / denominator : null,
  });
  return {
    equipment: path,
    from: from * 1000,
    to: to * 1000,
    shift: null,
    product: null,
    time: {
      calendarMs: pot,
      potMs: pot,
      plannedDownMs: stateMs.plannedStop + stateMs.off,
      pbtMs: pbt,
      adotMs: stateMs.idle,
      adetMs: stateMs.unplannedStop,
      asutMs: stateMs.setup,
      aptMs: apt,
      aubtMs: pbt - stateMs.idle,
      auptMs: apt + stateMs.setup,
      noDataMs: stateMs.noData,
    },
    counts: { produced, good, scrap: produced - good, rework: 0 },
    plannedRunMs: planned,
    goodRunMs: goodRun,
    availability: ratio(apt, pbt),
    effectiveness: ratio(planned, apt),
    qualityRatio: ratio(goodRun, planned),
    oee: ratio(goodRun, pbt),
    nee: ratio(Math.round(((apt + stateMs.setup) / Math.max(1, apt)) * goodRun), pbt),
    kpis: {
      allocationEfficiency: ratio(pbt - stateMs.idle, pbt),
      utilizationEfficiency: ratio(apt, pbt - stateMs.idle),
      technicalEfficiency: ratio(apt, apt + stateMs.unplannedStop),
      setupRate: ratio(stateMs.setup, apt + stateMs.setup),
      scrapRatio: ratio(produced - good, produced),
    },
    waterfall: [
      { step: 'pbt', ms: pbt },
      { step: 'adot', ms: -stateMs.idle },
      { step: 'adet', ms: -stateMs.unplannedStop },
      { step: 'asut', ms: -stateMs.setup },
      { step: 'speed', ms: -(apt - planned) },
      { step: 'quality', ms: -(planned - goodRun) },
      { step: 'good', ms: goodRun },
    ],
    losses: [
      { loss: 'breakdown', ms: Math.round(stateMs.unplannedStop * 0.7) },
      { loss: 'minorStop', ms: Math.round(stateMs.unplannedStop * 0.3) },
      { loss: 'setup', ms: stateMs.setup },
      { loss: 'speed', ms: apt - planned },
      { loss: 'productionReject', ms: planned - goodRun },
      { loss: 'noOrder', ms: stateMs.idle },
    ],
    stateMs,
    flags: stateMs.noData > pot * 0.01 ? ['noDataShare'] : [],
    ...extra,
  };
}

const reasonIds = ['breakdown', 'material', 'mould-change', 'quality', null];

export function downtimes(machines: readonly MockMachine[], from: number, to: number): Downtime[] {
  return machines
    .filter((machine) => machine.cycleS > 0)
    .flatMap((machine) =>
      intervals(machine, from, to)
        .filter((i) => i.state === 'unplannedStop' || i.state === 'setup' || i.state === 'idle')
        .map((i, index): Downtime => {
          const reason =
            i.state === 'setup' ? 'mould-change' : (reasonIds[(machine.seed + index) % reasonIds.length] ?? null);
          return {
            id: `d-${machine.seed}-${Math.round(i.from)}`,
            equipment: machine.path,
            from: Math.round(i.from) * 1000,
            to: Math.round(i.to) * 1000,
            state: i.state,
            cause: i.cause,
            reason,
            loss: reason === null ? null : i.state === 'setup' ? 'setup' : 'breakdown',
            note: index === 0 ? '노즐 막힘, 청소 후 재개' : '',
            by: reason === null ? null : '이작업',
            history:
              index === 0 && reason
                ? [
                    {
                      at: Math.round(i.to) * 1000,
                      by: '이작업',
                      reason: 'material',
                      note: '',
                      from: Math.round(i.from) * 1000,
                      to: Math.round(i.to) * 1000,
                    },
                  ]
                : [],
          };
        }),
    )
    .sort((a, b) => b.from - a.from);
}
