import type { Alarm, ConnectionHealth, MachineCard, SignalInfo } from '@deungdae/contracts/api-entities.ts';
import type { MachineState } from '@deungdae/contracts/equipment.ts';

/** A made-up plant to look at the screens with, before and apart from the server. Development only. */
export interface MockMachine {
  path: string;
  area: string;
  line: string | null;
  name: { ko: string; en: string };
  cycleS: number;
  signals: SignalInfo[];
  seed: number;
}

export interface MockPlant {
  machines: MockMachine[];
  nodes: {
    path: string;
    name: { ko: string; en: string };
    level: 'enterprise' | 'site' | 'area' | 'line' | 'equipment';
    parent: string | null;
  }[];
  signals: Map<number, SignalInfo>;
  connections: ConnectionHealth[];
}

const root = 'hanbit/gimcheon';
const areas = [
  {
    id: 'molding',
    ko: '사출',
    en: 'Moulding',
    prefix: 'imm',
    machineKo: '사출',
    machineEn: 'Moulder',
    count: 6,
    cycleS: 28,
  },
  {
    id: 'press',
    ko: '프레스',
    en: 'Press',
    prefix: 'prs',
    machineKo: '프레스',
    machineEn: 'Press',
    count: 4,
    cycleS: 4,
  },
  {
    id: 'heat',
    ko: '열처리',
    en: 'Heat treatment',
    prefix: 'fur',
    machineKo: '연속로',
    machineEn: 'Furnace',
    count: 2,
    cycleS: 40,
  },
  {
    id: 'assembly',
    ko: '조립',
    en: 'Assembly',
    prefix: 'asm',
    machineKo: '조립기',
    machineEn: 'Assembler',
    count: 4,
    cycleS: 9,
  },
  {
    id: 'packing',
    ko: '포장',
    en: 'Packing',
    prefix: 'pck',
    machineKo: '포장기',
    machineEn: 'Packer',
    count: 2,
    cycleS: 15,
  },
  {
    id: 'utility',
    ko: '유틸리티',
    en: 'Utilities',
    prefix: 'cmp',
    machineKo: '공기압축기',
    machineEn: 'Compressor',
    count: 2,
    cycleS: 0,
  },
];

/** Repeatable noise in 0..1 of any two numbers. */
export function noise(a: number, b: number): number {
  let h = (Math.imul(a | 0, 374761393) + Math.imul(b | 0, 668265263)) | 0;
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

const kinds = [
  {
    id: 'barrel-temp-1',
    ko: '실린더온도 1',
    en: 'Barrel temperature 1',
    unit: 'Cel',
    base: 221,
    swing: 4,
    limits: [180, 260],
    alarm: 232,
  },
  {
    id: 'mould-temp',
    ko: '금형온도',
    en: 'Mould temperature',
    unit: 'Cel',
    base: 46,
    swing: 3,
    limits: [20, 80],
    alarm: 55,
  },
  {
    id: 'injection-pressure',
    ko: '사출압력',
    en: 'Injection pressure',
    unit: 'bar',
    base: 820,
    swing: 60,
    limits: [0, 1400],
    alarm: 980,
  },
  { id: 'cushion', ko: '쿠션량', en: 'Cushion', unit: 'mm', base: 6.2, swing: 0.8, limits: [0, 20], alarm: null },
  { id: 'power', ko: '전력', en: 'Power', unit: 'kW', base: 31, swing: 14, limits: [0, 90], alarm: null },
];

export function mockPlant(machineCount: number | null, longNames: boolean): MockPlant {
  const nodes: MockPlant['nodes'] = [
    { path: 'hanbit', name: { ko: '한빛캐스터', en: 'Hanbit Caster' }, level: 'enterprise', parent: null },
    { path: root, name: { ko: '한빛 김천공장', en: 'Hanbit Gimcheon' }, level: 'site', parent: 'hanbit' },
  ];
  const machines: MockMachine[] = [];
  const signals = new Map<number, SignalInfo>();
  const total = areas.reduce((sum, area) => sum + area.count, 0);
  for (const area of areas) {
    const areaPath = `${root}/${area.id}`;
    const count = machineCount === null ? area.count : Math.round((area.count / total) * machineCount);
    if (count > 0) nodes.push({ path: areaPath, name: { ko: area.ko, en: area.en }, level: 'area', parent: root });
    for (let i = 1; i <= count; i++) {
      const path = `${areaPath}/${area.prefix}-${String(i).padStart(2, '0')}`;
      const name = longNames
        ? {
            ko: `${area.ko}동 남쪽 ${i}번 자리의 새로 들여온 유압식 다단 캐스터 하우징 ${area.machineKo}기`,
            en: `South hall ${area.machineEn} number ${i} for hydraulic caster housings`,
          }
        : { ko: `${area.machineKo} ${i}호기`, en: `${area.machineEn} ${i}` };
      nodes.push({ path, name, level: 'equipment', parent: areaPath });
      const machine: MockMachine = {
        path,
        area: areaPath,
        line: null,
        name,
        cycleS: area.cycleS,
        signals: [],
        seed: machines.length + 1,
      };
      addSignals(machine, signals);
      machines.push(machine);
    }
  }
  return { machines, nodes, signals, connections: machines.length === 0 ? [] : connections(machines.length) };
}

function addSignals(machine: MockMachine, all: Map<number, SignalInfo>): void {
  const add = (signal: Omit<SignalInfo, 'id' | 'equipment' | 'connection'>) => {
    const full: SignalInfo = { ...signal, id: all.size + 1, equipment: machine.path, connection: 'molding-opcua' };
    all.set(full.id, full);
    machine.signals.push(full);
  };
  for (const kind of kinds)
    add({
      path: `${machine.path}/${kind.id}`,
      name: { ko: kind.ko, en: kind.en },
      kind: 'number',
      unit: kind.unit,
      limits: { min: kind.limits[0]!, max: kind.limits[1]! },
      alarmLimits: kind.alarm === null ? [] : [{ type: 'high', limit: kind.alarm, priority: 'high' }],
      enumeration: null,
    });
  add({
    path: `${machine.path}/shot-count`,
    name: { ko: '타수', en: 'Shots' },
    kind: 'integer',
    unit: null,
    limits: null,
    alarmLimits: [],
    enumeration: null,
  });
  add({
    path: `${machine.path}/mode`,
    name: { ko: '운전 모드', en: 'Mode' },
    kind: 'enum',
    unit: null,
    limits: null,
    alarmLimits: [],
    enumeration: { AUTOMATIC: { ko: '자동', en: 'Automatic' }, MANUAL: { ko: '수동', en: 'Manual' } },
  });
  add({
    path: `${machine.path}/program`,
    name: { ko: '프로그램', en: 'Program' },
    kind: 'text',
    unit: null,
    limits: null,
    alarmLimits: [],
    enumeration: null,
  });
}

const cycle: readonly [MachineState, number, string][] = [
  ['running', 40, 'running'],
  ['unplannedStop', 3, 'fault'],
  ['running', 25, 'running'],
  ['idle', 4, 'waiting'],
  ['running', 50, 'running'],
  ['setup', 12, 'mould change'],
  ['running', 30, 'running'],
  ['plannedStop', 10, 'break'],
  ['running', 33, 'running'],
  ['noData', 2, 'connection lost'],
];

export interface MockInterval {
  from: number;
  to: number;
  state: MachineState;
  cause: string;
}

/** State intervals of a machine over a window, ms; the same for the same question. The last one lasts to `to`. */
export function intervals(machine: MockMachine, from: number, to: number): MockInterval[] {
  const result: MockInterval[] = [];
  const period = 220 * 60_000;
  let start = Math.floor((from - machine.seed * 1_234_567) / period) * period + machine.seed * 1_234_567;
  for (; start < to; start += period) {
    let at = start;
    for (const [index, [state, minutes, cause]] of cycle.entries()) {
      const spread = 0.6 + 0.8 * noise(machine.seed * 31 + index, Math.floor(start / 60_000));
      const length = index === cycle.length - 1 ? start + period - at : minutes * spread * 60_000;
      const end = Math.min(start + period, at + length);
      if (end > from && at < to && end > at)
        result.push({ from: Math.max(at, from), to: Math.min(end, to), state, cause });
      at = end;
    }
  }
  return result;
}

export function valueAt(signal: SignalInfo, ms: number): number | string {
  const kind = kinds.find((k) => signal.path.endsWith(`/${k.id}`));
  const seed = signal.id;
  if (kind) {
    const slow = Math.sin(ms / 1_700_000 + seed) * 0.5 + Math.sin(ms / 210_000 + seed * 3) * 0.3;
    return kind.base + kind.swing * (slow + 0.4 * (noise(seed, Math.floor(ms / 1000)) - 0.5));
  }
  if (signal.kind === 'integer') return Math.floor(ms / 28_000) % 65_536;
  if (signal.kind === 'enum') return noise(seed, Math.floor(ms / 3_600_000)) > 0.75 ? 'MANUAL' : 'AUTOMATIC';
  return `HC-${75 + 25 * (Math.floor(ms / 5_400_000) % 3)}`;
}

export function card(
  machine: MockMachine,
  now: number,
  shiftFrom: number,
  shiftTo: number,
  alarms: Alarm[],
): MachineCard {
  const list = intervals(machine, now - 6 * 3_600_000, now);
  const current = list.at(-1)!;
  const runMs = intervals(machine, shiftFrom, now).reduce(
    (sum, i) => sum + (i.state === 'running' ? i.to - i.from : 0),
    0,
  );
  const counted = machine.cycleS > 0;
  const produced = counted ? Math.floor(runMs / 1000 / (machine.cycleS * (1.02 + 0.1 * noise(machine.seed, 4)))) : null;
  const scrap = produced === null ? null : Math.floor(produced * 0.02 * noise(machine.seed, 9));
  const target = counted ? Math.floor((now - shiftFrom) / 1000 / machine.cycleS) : null;
  const mine = alarms.filter((a) => a.equipment === machine.path && a.active);
  const count = (p: string) => mine.filter((a) => a.priority === p).length;
  const availability = counted ? runMs / Math.max(1, now - shiftFrom) : null;
  return {
    equipment: machine.path,
    name: machine.name,
    area: machine.area,
    hasState: true,
    state: counted ? current.state : 'running',
    since: current.from * 1000,
    cause: current.cause,
    product: counted ? String(valueAt(machine.signals.at(-1)!, now)) : null,
    shift: { id: 'day', name: { ko: '주간', en: 'Day shift' }, from: shiftFrom * 1000, to: shiftTo * 1000 },
    produced,
    good: produced === null ? null : produced - scrap!,
    scrap,
    target,
    oee: availability === null ? null : availability * 0.94 * 0.99,
    availability,
    effectiveness: counted ? 0.94 : null,
    qualityRatio: counted ? 0.99 : null,
    flags: machine.seed % 7 === 0 ? ['performanceOver100'] : [],
    alarms: {
      critical: count('critical'),
      high: count('high'),
      medium: count('medium'),
      low: count('low'),
      unacknowledged: mine.filter((a) => a.state === 'unacknowledged').length,
    },
  };
}

function connections(machines: number): ConnectionHealth[] {
  const now = Date.now() * 1000;
  const base = {
    enabled: true,
    signals: machines * 2,
    samplesTotal: 12_345_678,
    duplicatesOrDropped: 0,
    reconnects: 1,
    lastSampleAt: now,
    lagMs: 42,
    lastError: null,
    notices: [],
  };
  return [
    {
      ...base,
      id: 'molding-opcua',
      name: { ko: '사출동 OPC UA', en: 'Moulding OPC UA' },
      type: 'opcua',
      status: 'connected',
      since: now - 7.2e9 * 3,
      samplesPerSecond: 1240,
    },
    {
      ...base,
      id: 'press-sparkplug',
      name: { ko: '프레스 Sparkplug', en: 'Press Sparkplug' },
      type: 'sparkplug',
      status: 'connected',
      since: now - 9e9,
      samplesPerSecond: 310,
      notices: [{ at: now - 5e8, code: 'SPARKPLUG_REBIRTH', message: '게이트웨이에 다시 태어나라고 요청했어요.' }],
    },
    {
      ...base,
      id: 'heat-modbus',
      name: { ko: '열처리로 Modbus', en: 'Furnace Modbus' },
      type: 'modbus',
      status: 'lost',
      since: now - 4.2e8,
      samplesPerSecond: 0,
      reconnects: 14,
      lastSampleAt: now - 4.2e8,
      lagMs: null,
      lastError: {
        code: 'MODBUS_TIMEOUT',
        message: '192.168.0.41의 장치 3번이 2초 안에 답하지 않았어요.',
        advice: '장치의 전원과 통신선을 확인하고, 게이트웨이의 장치 번호가 3번이 맞는지 보세요.',
        params: {},
        at: now - 3e6,
      },
    },
    {
      ...base,
      id: 'cnc-mtconnect',
      name: { ko: '가공 MTConnect', en: 'CNC MTConnect' },
      type: 'mtconnect',
      status: 'degraded',
      since: now - 6e8,
      samplesPerSecond: 86,
      duplicatesOrDropped: 12,
    },
    {
      ...base,
      id: 'old-csv',
      name: { ko: '지난 기록 CSV', en: 'Old CSV log' },
      type: 'file',
      enabled: false,
      status: 'disabled',
      since: now - 9e10,
      samplesPerSecond: 0,
      lastSampleAt: null,
      lagMs: null,
    },
  ];
}
