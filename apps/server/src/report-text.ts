import type { PlantReport } from './report.ts';
import { say } from './terminal.ts';

const stateNames: Record<string, [string, string]> = {
  running: ['가동', 'running'],
  idle: ['대기', 'idle'],
  setup: ['준비', 'set-up'],
  plannedStop: ['계획정지', 'planned stop'],
  unplannedStop: ['비가동', 'unplanned stop'],
  off: ['꺼짐', 'off'],
  noData: ['자료 없음', 'no data'],
};

export function printReport(report: PlantReport, language: string): void {
  const ko = language === 'ko';
  const time = (us: number) => new Date(us / 1000).toISOString().replace('T', ' ').slice(0, 19);
  for (const machine of report.machines) {
    say(`\n${machine.equipment}   ${time(machine.from)} – ${time(machine.to)} UTC`);
    say(ko ? '  상태별 시간' : '  time per state');
    for (const [state, hours] of Object.entries(machine.stateHours))
      say(`    ${(stateNames[state]?.[ko ? 0 : 1] ?? state).padEnd(16)} ${hours.toFixed(4).padStart(12)} h`);
    for (const { signal, values } of machine.valueHours) {
      say(`  ${signal.split('/').at(-1)}`);
      for (const { value, hours } of values)
        say(`    ${String(value ?? (ko ? '(자료 없음)' : '(gap)')).padEnd(24)} ${hours.toFixed(4).padStart(12)} h`);
    }
    say(
      ko ? '  신호별 표본 (받음 / 남음: 되풀이는 하나로)' : '  samples by signal (received / kept: repeats count once)',
    );
    for (const s of machine.signals)
      say(
        `    ${(s.path.split('/').at(-1) ?? s.path).padEnd(28)} ${s.received === null ? '' : `${s.received.toLocaleString('en').padStart(10)} / `}${s.kept.toLocaleString('en').padStart(10)}`,
      );
  }
  printAlarms(report, ko);
}

function printAlarms(report: PlantReport, ko: boolean): void {
  say(`\n${ko ? '알람 (울린 횟수, 지속 시간)' : 'alarms (times raised, time active)'}: ${report.alarms.total}`);
  for (const row of report.alarms.pareto.slice(0, 20))
    say(`  ${String(row.count).padStart(5)}  ${(row.activeMs / 3_600_000).toFixed(2).padStart(9)} h  ${row.name}`);
  if (report.conditions.length === 0) return;
  const lines = report.conditions.reduce((sum, row) => sum + row.count, 0);
  say(`\n${ko ? '설비가 말한 이상 (줄 수)' : 'faults and warnings as the machines told them (lines)'}: ${lines}`);
  for (const row of report.conditions.slice(0, 20))
    say(`  ${String(row.count).padStart(5)}  ${row.level.padEnd(8)} ${row.code.padEnd(12)} ${row.text}`);
}
