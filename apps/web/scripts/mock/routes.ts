import type { RouteId, RouteOutput } from '@deungdae/contracts/api.ts';
import type { Alarm, Downtime } from '@deungdae/contracts/api-entities.ts';
import type { LiveFrame, LiveRequest } from '@deungdae/contracts/live.ts';
import { mockAlarms, mockJournal } from './alarms.ts';
import { card, intervals, mockPlant, noise, valueAt } from './model.ts';
import { downtimes, report } from './oee.ts';
import { type Answer, type Input, type MockOptions, peopleHandlers, refuse } from './people.ts';
import { configSchemas, plantFileText, proposals, reasons } from './plant-file.ts';

const hour = 3_600_000;
const zoneMs = 9 * hour;
/** Day and night shift of 12 hours from 08:00 and 20:00 in Seoul. */
function shiftStart(ms: number): number {
  return Math.floor((ms + zoneMs - 8 * hour) / (12 * hour)) * 12 * hour + 8 * hour - zoneMs;
}

export function mockRoutes(options: MockOptions) {
  const plant = mockPlant(options.machines, options.long);
  const alarms = mockAlarms(plant);
  const edited = new Map<string, Downtime>();
  const people = peopleHandlers(options);
  const { me } = people;
  let file = plantFileText;
  let revision = 'r1';
  const within = (path: string) => plant.machines.filter((m) => m.path === path || m.path.startsWith(`${path}/`));
  const ms = (text: string | undefined) => Number(text) / 1000;
  const cards = () => {
    const now = Date.now();
    const from = shiftStart(now);
    return plant.machines.map((machine) => card(machine, now, from, from + 12 * hour, alarms));
  };
  const stops = (path: string, from: number, to: number) =>
    downtimes(within(path), from, to).map((d) => edited.get(d.id) ?? d);
  const change = (ids: readonly string[], patch: (alarm: Alarm) => Partial<Alarm>): Alarm[] =>
    alarms.filter((a) => ids.includes(a.id)).map((a) => Object.assign(a, patch(a)));
  const valuesNow = (ids: readonly number[]) =>
    ids.flatMap((id) => {
      const signal = plant.signals.get(id);
      if (!signal) return [];
      const now = Date.now();
      return [
        {
          id,
          time: now * 1000,
          value: valueAt(signal, now),
          quality: id % 41 === 0 ? ('gap' as const) : ('good' as const),
          stale: id % 37 === 0,
        },
      ];
    });

  const typed: { [Id in RouteId]?: (input: Input) => Answer | { body: RouteOutput<Id> } } = {
    ...people.handlers,
    plant: () => ({
      body: {
        name: '한빛 김천공장',
        timeZone: 'Asia/Seoul',
        nodes: plant.nodes,
        reasons,
        revision,
      },
    }),
    plantFile: () => ({ body: { text: file, revision, path: 'plant.yaml', problems: [] } }),
    checkPlantFile: ({ body }) => {
      const lines = String(body.text).split('\n');
      const line = lines.findIndex((l) => l.includes('unti:'));
      const problems =
        line < 0
          ? []
          : [
              {
                code: 'plant.unknownKey',
                message: "'unti'라는 항목은 없어요.",
                advice: "'unit'을 쓰려던 것이면 고치세요.",
                line: line + 1,
                column: lines[line]!.indexOf('unti') + 1,
                path: 'types[0].signals[0].unti',
                suggestion: 'unit',
              },
            ];
      return {
        body: {
          problems,
          changes: problems.length
            ? null
            : {
                connectionsAdded: [],
                connectionsChanged: ['molding-opcua'],
                connectionsRemoved: [],
                signalsAdded: 2,
                signalsRemoved: 0,
              },
        },
      };
    },
    savePlantFile: ({ body }) => {
      if (body.revision !== revision)
        return refuse(
          409,
          'server.plantFileChanged',
          '그사이 다른 사람이 공장 파일을 저장했어요.',
          '저장된 파일을 불러와 합친 뒤 다시 저장하세요.',
        );
      file = String(body.text);
      revision = `r${Date.now()}`;
      return { body: { revision } };
    },
    addBindings: ({ body }) => ({ body: { revision, added: (body.proposals as unknown[]).length } }),
    floor: () => ({ body: { at: Date.now() * 1000, machines: cards() } }),
    machine: ({ query }) => {
      const machine = plant.machines.find((m) => m.path === query.equipment);
      if (!machine)
        return refuse(
          404,
          'server.unknownEquipment',
          '그런 설비가 없어요.',
          '공장 파일에서 이름이 바뀌었는지 확인하세요.',
        );
      const ids = machine.signals.map((s) => s.id);
      const list = intervals(machine, ms(query.from), Math.min(Date.now(), ms(query.to)));
      return {
        body: {
          card: cards().find((c) => c.equipment === machine.path)!,
          intervals: list.map((i, n) => ({
            from: Math.round(i.from * 1000),
            to: n === list.length - 1 ? null : Math.round(i.to * 1000),
            state: i.state,
            cause: i.cause,
          })),
          signals: machine.signals,
          values: valuesNow(ids),
          alarms: alarms.filter((a) => a.equipment === machine.path),
          downtimes: stops(machine.path, ms(query.from), ms(query.to)),
        },
      };
    },
    states: ({ query }) => {
      const machine = plant.machines.find((m) => m.path === query.equipment)!;
      return {
        body: intervals(machine, ms(query.from), Math.min(Date.now(), ms(query.to))).map((i) => ({
          ...i,
          from: Math.round(i.from * 1000),
          to: Math.round(i.to * 1000),
        })),
      };
    },
    oee: ({ query }) => {
      const [from, to] = [ms(query.from), Math.min(Date.now(), ms(query.to))];
      const path = query.path!;
      const total = report(path, within(path), from, to);
      const slices = (width: number, start: number) => {
        const parts = [];
        for (let at = start; at < to; at += width)
          parts.push(
            report(path, within(path), Math.max(at, from), Math.min(at + width, to), {
              shift: width < 24 * hour ? (((at + zoneMs) / hour) % 24 < 12 ? 'day' : 'night') : null,
            }),
          );
        return parts;
      };
      const parts =
        query.by === 'machine'
          ? within(path)
              .filter((m) => m.cycleS > 0)
              .map((m) => report(m.path, [m], from, to))
          : query.by === 'line'
            ? plant.nodes.filter((n) => n.level === 'area').map((n) => report(n.path, within(n.path), from, to))
            : query.by === 'product'
              ? ['HC-75', 'HC-100', 'HC-125'].map((product) => report(path, within(path), from, to, { product }))
              : query.by === 'day'
                ? slices(24 * hour, Math.floor((from + zoneMs) / (24 * hour)) * 24 * hour - zoneMs)
                : query.by === 'shift'
                  ? slices(12 * hour, shiftStart(from))
                  : [];
      return {
        body: {
          total,
          parts,
          target: 0.85,
        },
      };
    },
    downtimes: ({ query }) => ({ body: stops(query.path!, ms(query.from), Math.min(Date.now(), ms(query.to))) }),
    downtimePareto: ({ query }) => {
      const rows = new Map<string | null, { reason: string | null; loss: string | null; count: number; ms: number }>();
      for (const d of stops(query.path!, ms(query.from), Math.min(Date.now(), ms(query.to)))) {
        const row = rows.get(d.reason) ?? { reason: d.reason, loss: d.loss, count: 0, ms: 0 };
        row.count++;
        row.ms += (d.to! - d.from) / 1000;
        rows.set(d.reason, row);
      }
      return { body: [...rows.values()].sort((a, b) => b.ms - a.ms) };
    },
    setDowntimeReason: ({ params, body }) => {
      const seed = Number(params.id!.split('-')[1]);
      const from = Number(params.id!.split('-')[2]);
      const machine = plant.machines.find((m) => m.seed === seed)!;
      const original =
        edited.get(params.id!) ??
        downtimes([machine], from - 1, from + 4 * hour).find((d) => d.equipment === machine.path)!;
      const next: Downtime = {
        ...original,
        id: params.id!,
        reason: String(body.reason),
        note: String(body.note ?? ''),
        by: me.displayName,
        loss: 'breakdown',
        history: [
          ...original.history,
          {
            at: Date.now() * 1000,
            by: original.by ?? '–',
            reason: original.reason,
            note: original.note,
            from: original.from,
            to: original.to,
          },
        ],
      };
      edited.set(next.id, next);
      return { body: next };
    },
    splitDowntime: () => ({ body: [] }),
    addDowntime: ({ body }) => ({
      body: {
        id: 'new',
        equipment: String(body.equipment),
        from: Number(body.from),
        to: Number(body.to),
        state: 'setup',
        cause: 'person',
        reason: null,
        loss: null,
        note: '',
        by: me.name,
        history: [],
      },
    }),
    shifts: ({ query }) => {
      const list = [];
      for (let at = shiftStart(ms(query.from)); at < ms(query.to); at += 12 * hour) {
        const isDay = ((at + zoneMs) / hour) % 24 === 8;
        list.push({
          id: isDay ? 'day' : 'night',
          name: isDay ? { ko: '주간', en: 'Day shift' } : { ko: '야간', en: 'Night shift' },
          day: '',
          from: at * 1000,
          to: (at + 12 * hour) * 1000,
        });
      }
      return { body: list };
    },
    signals: ({ query }) => ({
      body: [...plant.signals.values()]
        .filter((s) => !query.equipment || s.equipment === query.equipment)
        .slice(0, Number(query.limit ?? 500)),
    }),
    latest: ({ query }) => ({ body: valuesNow(query.ids!.split(',').map(Number)) }),
    trend: ({ query }) => ({
      body: {
        series: query
          .ids!.split(',')
          .map((id) => series(Number(id), ms(query.from), ms(query.to), Number(query.width ?? 2000))),
      },
    }),
    export: () => ({ raw: 'path,time,value,quality\r\n' }),
    alarms: ({ query }) => ({
      body: alarms.filter((a) => !query.equipment || a.equipment.startsWith(query.equipment)),
    }),
    alarmJournal: ({ query }) => ({ body: mockJournal(alarms, Number(query.from), Number(query.to)) }),
    alarmKpis: ({ query }) => {
      const [from, to] = [Number(query.from), Number(query.to)];
      const width = 6e8;
      const bins = Array.from({ length: Math.min(1000, Math.ceil((to - from) / width)) }, (_, i) => ({
        from: from + i * width,
        count: Math.floor(noise(i, 3) ** 6 * 14),
      })).filter((b) => b.count > 0);
      const total = bins.reduce((s, b) => s + b.count, 0);
      return {
        body: {
          from,
          to,
          total,
          perTenMinutes: total / Math.max(1, (to - from) / width),
          bins,
          largestTenMinuteWindow: 13,
          floods: [{ from: from + width * 4, to: from + width * 6, count: 23 }],
          floodShare: 0.04,
          topTenShare: 0.71,
          pareto: alarms.slice(0, 10).map((a, i) => ({
            rule: a.rule,
            name: typeof a.name === 'string' ? a.name : a.name.ko,
            count: 30 - i * 3,
            activeMs: 3.6e6 / (i + 1),
          })),
          chattering: alarms.slice(0, 2).map((a) => a.rule),
          stale: alarms.slice(2, 3).map((a) => a.rule),
          standing: 4,
          byPriority: { critical: 3, high: 21, medium: 44, low: 60 },
        },
      };
    },
    acknowledgeAlarms: ({ body }) => ({
      body: change(body.ids as string[], (a) => ({
        state: a.active ? 'acknowledged' : 'normal',
        acknowledgedBy: me.displayName,
        acknowledgedAt: Date.now() * 1000,
      })),
    }),
    shelveAlarm: ({ params, body }) => ({
      body: change([params.id!], () => ({
        state: 'shelved',
        shelvedUntil: (Date.now() + Number(body.minutes) * 60_000) * 1000,
        shelvedBy: me.displayName,
        shelveReason: String(body.reason),
      }))[0]!,
    }),
    unshelveAlarm: ({ params }) => ({
      body: change([params.id!], () => ({ state: 'unacknowledged', shelvedUntil: null }))[0]!,
    }),
    outOfService: ({ params, body }) => ({
      body: change([params.id!], () => ({ state: body.inService ? 'unacknowledged' : 'outOfService' }))[0]!,
    }),
    connections: () => ({ body: plant.connections }),
    connectors: () => ({ body: configSchemas }),
    testConnection: ({ body }) =>
      JSON.stringify(body).includes('wrong')
        ? {
            body: {
              ok: false,
              device: '',
              roundTripMs: 0,
              signals: [],
              error: {
                code: 'OPCUA_UNREACHABLE',
                message: 'opc.tcp://wrong:4840에 닿지 않아요.',
                advice: '주소와 포트, 방화벽을 확인하세요.',
                params: {},
              },
            },
          }
        : {
            body: { ok: true, device: 'Engel e-victory 120 · firmware 4.2', roundTripMs: 12, error: null, signals: [] },
          },
    testExisting: ({ params }) => ({
      body: {
        ok: params.id !== 'heat-modbus',
        device: 'Engel e-victory 120',
        roundTripMs: 12,
        error:
          params.id === 'heat-modbus'
            ? {
                code: 'MODBUS_TIMEOUT',
                message: '2초 안에 답이 없어요.',
                advice: '전원과 통신선을 확인하세요.',
                params: {},
              }
            : null,
        signals: [{ path: 'barrel-temp-1', value: '221.4', error: null }],
      },
    }),
    discover: () => ({ body: { proposals, truncated: false, error: null } }),
    audit: () => ({
      body: Array.from({ length: 60 }, (_, i) => ({
        id: `e${i}`,
        type: ['alarm.acknowledged', 'downtime.reasonSet', 'session.signedIn', 'plant.saved'][i % 4]!,
        time: Date.now() * 1000 - i * 4e8,
        subject: 'hanbit/gimcheon/molding/imm-03',
        actor: ['김반장', '이작업', 'admin'][i % 3]!,
        actorName: ['김반장', '이작업', 'admin'][i % 3]!,
        subjectName: null,
        data: { reason: 'breakdown', note: '노즐 막힘' },
        hash: `9f2c${(i * 7919).toString(16).padStart(8, '0')}ab41d0e7`,
      })),
    }),
    verifyAudit: () => ({ body: { ok: true, events: 18_234, firstBroken: null } }),
    system: () => ({
      body: {
        version: '0.1.0',
        startedAt: Date.now() * 1000 - 3.2e11,
        node: 'v24.21.0',
        memoryMb: 231,
        history: { samples: 1_234_567_890, bytes: 3.2e9, sealedFiles: 214, hotSamples: 8_400_000 },
        stream: { ingested: 98_123_456, pendingSamples: 340, samplesPerSecond: 1636 },
        diskFreeMb: 182_000,
        demo: true,
      },
    }),
    backup: ({ body }) => ({ body: { directory: `backups/${body.name}`, bytes: 3.1e9 } }),
  };

  function series(id: number, from: number, to: number, width: number) {
    const signal = plant.signals.get(id);
    const empty = {
      id,
      time: [] as number[],
      min: [] as (number | null)[],
      max: [] as (number | null)[],
      mean: [] as (number | null)[],
      last: [] as (number | null)[],
      text: null as string[] | null,
    };
    if (!signal) return empty;
    const step = Math.max(1000, (to - from) / width);
    const end = Math.min(to, Date.now());
    if (signal.kind === 'enum' || signal.kind === 'text') empty.text = [];
    for (let at = from; at < end; at += step) {
      const value = valueAt(signal, at);
      const gap = noise(id, Math.floor(at / 1_200_000)) > 0.96;
      if (typeof value === 'string') {
        if (empty.text!.at(-1) === value) continue;
        empty.text!.push(value);
        empty.time.push(Math.round(at * 1000));
        for (const key of ['min', 'max', 'mean', 'last'] as const) empty[key].push(null);
        continue;
      }
      const spread = Math.min(2, step / 20_000) * (0.5 + noise(id, Math.floor(at / step)));
      empty.time.push(Math.round(at * 1000));
      empty.mean.push(gap ? null : value);
      empty.last.push(gap ? null : value);
      empty.min.push(gap ? null : value - spread);
      empty.max.push(gap ? null : value + spread);
    }
    return empty;
  }

  function frame(wanted: LiveRequest, first: boolean): LiveFrame {
    return {
      at: Date.now() * 1000,
      ...(wanted.floor ? { machines: cards() } : {}),
      ...(wanted.signals.length ? { values: valuesNow(wanted.signals) } : {}),
      ...(wanted.alarms && first ? { alarms } : {}),
      ...(wanted.connections && first ? { connections: plant.connections } : {}),
      plantRevision: revision,
    };
  }
  return { handlers: typed as { [Id in RouteId]?: (input: Input) => Answer }, frame };
}
