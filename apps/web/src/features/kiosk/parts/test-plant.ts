import type { Inspection } from '@deungdae/contracts/inspection.ts';
import type { KioskPerson, KioskState } from '@deungdae/contracts/kiosk.ts';
import type { DispatchEntry, Run, Step } from '@deungdae/contracts/work-order.ts';

/** One machine, its order and its people, made up for tests. */
export const person: KioskPerson = { id: 'p1', name: 'Kim', language: 'ko', team: null, skills: [] };

function step(id: string): Step {
  return {
    ...{ id, number: 10, name: 'Moulding', workCentre: 'WC', machines: [], machine: 'a/b/c', sequence: 1 },
    ...{ mode: 'inHouse', partner: null, optional: false, status: 'ready', planned: 500, good: 0, scrap: 0, rework: 0 },
    ...{
      cycleSeconds: 20,
      setupMinutes: 10,
      tools: [],
      skills: [],
      crew: 1,
      partners: [],
      atPartner: 0,
      documents: [],
    },
  };
}

export function dispatchEntry(number: string): DispatchEntry {
  return {
    step: step(`${number}-10`),
    order: {
      ...{ id: `id-${number}`, number, item: 'CAP-24', itemName: 'Cap', revision: 'A', quantity: 500 },
      ...{ unit: '{pcs}', due: null, priority: 5, status: 'released', customer: null },
    },
    ...{ available: 500, setupMinutes: 10, workMinutes: 60, late: false, material: [], tools: [], ready: true },
  };
}

export function run(more: Partial<Run> = {}): Run {
  return {
    ...{ id: 'r1', workOrder: 'id-WO-1', workOrderNumber: 'WO-1', step: 'WO-1-10', operation: 10, item: 'CAP-24' },
    ...{ machine: 'a/b/c', tool: null, operators: ['Kim'], workers: [], status: 'running', startedAt: 0 },
    ...{ productionStartedAt: 0, endedAt: null, counted: null, countedTo: 0, good: 0, scrap: 0, rework: 0 },
    ...{ defects: [], outputLots: [], inputLots: [], blocked: [], ...more },
  };
}

export function inspection(more: Partial<Inspection> = {}): Inspection {
  return {
    ...{ id: 'i1', number: 'IN-1', stage: 'first', plan: 'P', planName: 'First piece', planRevision: 'A' },
    ...{ item: 'CAP-24', operation: 10, lot: null, lotNumber: null, run: 'r1', workOrder: 'id-WO-1', machine: 'a/b/c' },
    ...{ supplier: null, status: 'due', verdict: null, lotSize: null, sampleSize: 1, acceptance: null, severity: null },
    ...{ codeLetter: null, askedAt: 0, dueAt: null, doneAt: null, inspector: null, note: '', nonconformity: null },
    ...{ characteristics: [], results: [], ...more },
  };
}

export function kioskState(more: Partial<KioskState> = {}): KioskState {
  return {
    at: 0,
    machine: {
      ...{ equipment: 'a/b/c', name: 'Press 3', area: 'a/b', hasState: true, state: 'running', since: 0, cause: '' },
      ...{ product: null, shift: null, produced: 0, good: 0, scrap: 0, target: 0, oee: null, availability: null },
      ...{ effectiveness: null, qualityRatio: null, flags: [] },
      alarms: { critical: 0, high: 0, medium: 0, low: 0, unacknowledged: 0 },
    },
    ...{ run: null, order: null, queue: [], proposed: null, produced: 0, target: 0, documents: [], inspections: [] },
    ...{ openStop: null, downtimeReasons: [], defectReasons: [], correctionReasons: [], calls: [], changes: [] },
    ...{ handover: null, languages: ['ko', 'en'], rejected: 0, ...more },
  };
}
