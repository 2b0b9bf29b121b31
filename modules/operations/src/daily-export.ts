import type { DailyReport } from '@deungdae/contracts/daily-report.ts';
import { localText } from '@deungdae/contracts/text.ts';
import { unnamedScrap } from '@deungdae/contracts/work-order.ts';
import { BytesAnswer } from '@deungdae/kernel/answers.ts';
import type { OutCell } from '@deungdae/tabular/csv-write.ts';
import { writeXlsx } from '@deungdae/tabular/xlsx-write.ts';
import type { Context } from './context.ts';
import { dailyReport } from './daily-report.ts';
import { operationsError } from './errors.ts';
import { shiftsOfDay } from './shifts.ts';

/** Days, and reports, of one workbook. */
const mostDays = 31;
const mostReports = 3000;
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Results and the downtime sheet of days, with the columns that factories' own sheets have. */
export async function exportDaily(
  context: Context,
  query: { from: string; to: string; path?: string | undefined },
  language: 'ko' | 'en',
): Promise<BytesAnswer> {
  const reports: DailyReport[] = [];
  const machines = [...context.deps.plant().equipment.values()].filter(
    (m) => m.state !== null && (!query.path || m.path === query.path || m.path.startsWith(`${query.path}/`)),
  );
  for (const day of daysOf(query.from, query.to))
    for (const machine of machines)
      for (const shift of shiftsOfDay(machine, day)) {
        if (shift.from > context.now() || reports.length >= mostReports) continue;
        reports.push(await dailyReport(context, { machine: machine.path, day: shift.day, shift: shift.id }));
      }
  const ko = language === 'ko';
  const bytes = writeXlsx([
    { name: ko ? '생산실적' : 'Results', rows: [resultHead(ko), ...reports.flatMap((r) => resultRows(r, language))] },
    { name: ko ? '비가동 현황' : 'Downtime', rows: [downHead(ko), ...reports.map((r) => downRow(r, language))] },
    { name: ko ? '비가동 사유' : 'Stops', rows: [stopHead(ko), ...reports.flatMap((r) => stopRows(r, language))] },
  ]);
  return new BytesAnswer(bytes, { name: `daily-reports-${query.from}-${query.to}.xlsx`, type: xlsx });
}

function daysOf(from: string, to: string): string[] {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const days = Math.round((last - first) / 86_400_000) + 1;
  if (!(days >= 1) || days > mostDays)
    throw operationsError('operations.badWindow', { days: mostDays }, { status: 400 });
  return [...Array(days)].map((_, i) => new Date(first + i * 86_400_000).toISOString().slice(0, 10));
}

const minutes = (value: number) => Math.round(value * 10) / 10;
const share = (value: number | null): OutCell => (value === null ? null : Math.round(value * 1000) / 10);

function resultHead(ko: boolean): OutCell[] {
  return ko
    ? [
        '생산일자',
        '설비',
        '근무',
        '작업지시',
        '품목코드',
        '품목',
        '공정',
        '금형',
        '지시',
        '양품',
        '불량',
        '재작업',
        '설비 카운트',
        '불량 유형',
        '로트',
        '마감',
      ]
    : [
        'Day',
        'Machine',
        'Shift',
        'Work order',
        'Item',
        'Name',
        'Operation',
        'Tool',
        'Planned',
        'Good',
        'Scrap',
        'Rework',
        'Machine count',
        'Defects',
        'Lots',
        'Status',
      ];
}

function resultRows(r: DailyReport, language: 'ko' | 'en'): OutCell[][] {
  const place = [r.day, localText(r.machineName, language), localText(r.shiftName, language)];
  return r.lines.map((l) => [
    ...place,
    ...[l.workOrderNumber, l.item, l.itemName, `${l.operation} ${l.operationName}`, l.tool, l.planned],
    ...[l.good, l.scrap, l.rework, l.counted],
    ...[defectsIn(l, language), l.lots.join(', '), r.status],
  ]);
}

function defectsIn(line: DailyReport['lines'][number], language: 'ko' | 'en'): string {
  const unnamed = unnamedScrap(line);
  const rest = unnamed > 0 ? [{ name: language === 'ko' ? '유형 없음' : 'Not named', quantity: unnamed }] : [];
  return [...line.defects, ...rest].map((d) => `${d.name} ${d.quantity}`).join(', ');
}

/** Columns as the downtime sheet in use has them (생산일자 … 설비가동율); times in minutes, shares in per cent. */
function downHead(ko: boolean): OutCell[] {
  return ko
    ? [
        '생산일자',
        '공정',
        '설비/LINE',
        '주/야간',
        '무인',
        '조업시간(분)',
        '가동시간(분)',
        '비가동합계',
        '시간가동율',
        '계획정지합계',
        '설비가동율',
      ]
    : [
        'Day',
        'Process',
        'Machine/line',
        'Shift',
        'Unmanned',
        'Shift (min)',
        'Running (min)',
        'Down',
        'Availability',
        'Planned stops',
        'Utilisation',
      ];
}

function downRow(r: DailyReport, language: 'ko' | 'en'): OutCell[] {
  const { time } = r;
  return [
    ...[r.day, [...new Set(r.lines.map((l) => l.operationName))].join(', ')],
    ...[localText(r.machineName, language), localText(r.shiftName, language), minutes(time.unmannedMinutes)],
    ...[minutes(time.shiftMinutes), minutes(time.runMinutes), minutes(time.downMinutes), share(time.availability)],
    ...[minutes(time.plannedStopMinutes), share(time.utilisation)],
  ];
}

function stopHead(ko: boolean): OutCell[] {
  return ko
    ? ['생산일자', '설비', '근무', '사유', '구분', '횟수', '분']
    : ['Day', 'Machine', 'Shift', 'Reason', 'Loss', 'Times', 'Minutes'];
}

function stopRows(r: DailyReport, language: 'ko' | 'en'): OutCell[][] {
  return r.stops.map((s) => [
    ...[r.day, localText(r.machineName, language), localText(r.shiftName, language)],
    ...[s.name === null ? '' : localText(s.name, language), s.loss ?? '', s.count, minutes(s.minutes)],
  ]);
}
