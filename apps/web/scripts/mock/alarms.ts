import type { Alarm, AlarmJournalEntry } from '@deungdae/contracts/api-entities.ts';
import { type MockPlant, noise } from './model.ts';

const texts = [
  {
    id: 'high',
    ko: '실린더온도 높음',
    en: 'Barrel temperature high',
    priority: 'high',
    message: '실린더온도 1이 232 °C를 넘었어요 (236.4 °C)',
    action: { ko: '히터 밴드와 냉각수 밸브를 확인하세요.', en: 'Check the heater band and the cooling valve.' },
  },
  {
    id: 'door',
    ko: '안전문 열림',
    en: 'Safety door open',
    priority: 'critical',
    message: '안전문이 열린 채 운전 요청이 들어왔어요',
    action: { ko: '안전문을 닫고 리셋하세요.', en: 'Close the door and reset.' },
  },
  {
    id: 'cushion',
    ko: '쿠션량 변화',
    en: 'Cushion drift',
    priority: 'medium',
    message: '쿠션량이 1분에 0.8 mm 넘게 변했어요',
    action: null,
  },
  {
    id: 'lube',
    ko: '윤활유 부족',
    en: 'Lubricant low',
    priority: 'low',
    message: '윤활유가 20%보다 적어요',
    action: { ko: '교대 전에 보충하세요.', en: 'Refill before the shift ends.' },
  },
] as const;

export function mockAlarms(plant: MockPlant): Alarm[] {
  const now = Date.now() * 1000;
  return plant.machines.flatMap((machine, index): Alarm[] => {
    if (noise(machine.seed, 77) < 0.45 && index !== 2) return [];
    const text = texts[index % texts.length]!;
    const states = [
      'unacknowledged',
      'acknowledged',
      'unacknowledged',
      'returnedUnacknowledged',
      'shelved',
      'outOfService',
    ] as const;
    const state = index === 2 ? 'unacknowledged' : states[Math.floor(noise(machine.seed, 5) * 6)]!;
    const raisedAt = now - Math.floor(noise(machine.seed, 8) * 9e9);
    return [
      {
        id: `alarm-${index}`,
        rule: `${machine.signals[0]!.path}#${text.id}`,
        equipment: machine.path,
        signal: machine.signals[0]!.path,
        name: { ko: text.ko, en: text.en },
        message: text.message,
        action: text.action,
        priority: text.priority,
        state,
        active: state !== 'returnedUnacknowledged',
        raisedAt,
        clearedAt: state === 'returnedUnacknowledged' ? raisedAt + 6e7 : null,
        acknowledgedAt: state === 'acknowledged' ? raisedAt + 9e7 : null,
        acknowledgedBy: state === 'acknowledged' ? '김반장' : null,
        shelvedUntil: state === 'shelved' ? now + 3.6e9 : null,
        shelvedBy: state === 'shelved' ? '김반장' : null,
        shelveReason: state === 'shelved' ? '센서 교체 기다리는 중' : null,
        value: 236.4,
        occurrences: 1 + (index % 5),
        flood: index < 6 ? 'flood-1' : null,
      },
    ];
  });
}

export function mockJournal(alarms: readonly Alarm[], from: number, to: number): AlarmJournalEntry[] {
  const events = ['raised', 'acknowledged', 'cleared', 'shelved'] as const;
  return Array.from({ length: 120 }, (_, i) => {
    const alarm = alarms[i % Math.max(1, alarms.length)];
    if (!alarm) return [];
    const event = events[i % 4]!;
    return [
      {
        id: `j${i}`,
        alarm: alarm.id,
        rule: alarm.rule,
        equipment: alarm.equipment,
        time: to - Math.floor(((to - from) * i) / 120),
        event,
        from: 'normal' as const,
        to: 'unacknowledged' as const,
        priority: alarm.priority,
        message: alarm.message,
        by: event === 'acknowledged' || event === 'shelved' ? '김반장' : null,
        note: event === 'shelved' ? '센서 교체 기다리는 중' : '',
      },
    ];
  }).flat();
}
