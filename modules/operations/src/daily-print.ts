import type { DailyReport } from '@deungdae/contracts/daily-report.ts';
import { localText } from '@deungdae/contracts/text.ts';
import { unnamedScrap } from '@deungdae/contracts/work-order.ts';

const words = {
  ko: {
    title: '작업일보',
    machine: '설비',
    day: '생산일자',
    shift: '근무',
    order: '작업지시',
    item: '품목',
    operation: '공정',
    tool: '금형/치공구',
    planned: '지시',
    good: '양품',
    scrap: '불량',
    rework: '재작업',
    counted: '설비 카운트',
    defects: '불량 유형',
    unnamed: '유형 없음',
    lots: '로트',
    stops: '비가동',
    reason: '사유',
    count: '횟수',
    minutes: '분',
    time: '시간 (분)',
    shiftMinutes: '조업시간',
    runMinutes: '가동시간',
    downMinutes: '비가동합계',
    plannedStopMinutes: '계획정지합계',
    availability: '시간가동율',
    utilisation: '설비가동율',
    unmanned: '무인',
    people: '작업자',
    name: '이름',
    kind: '구분',
    span: '시각',
    hours: '공수 (시간)',
    direct: '직접',
    indirect: '간접',
    handover: '인수인계',
    written: '작성',
    reviewed: '검토',
    approved: '승인',
    none: '없음',
    noReason: '사유 미입력',
    minorStop: '짧은 정지',
    open: '마감 전',
    closed: '마감',
    total: '합계',
  },
  en: {
    title: 'Daily work report',
    machine: 'Machine',
    day: 'Day',
    shift: 'Shift',
    order: 'Work order',
    item: 'Item',
    operation: 'Operation',
    tool: 'Tool',
    planned: 'Planned',
    good: 'Good',
    scrap: 'Scrap',
    rework: 'Rework',
    counted: 'Counted',
    defects: 'Defects',
    unnamed: 'Not named',
    lots: 'Lots',
    stops: 'Downtime',
    reason: 'Reason',
    count: 'Times',
    minutes: 'Minutes',
    time: 'Time (minutes)',
    shiftMinutes: 'Shift',
    runMinutes: 'Running',
    downMinutes: 'Down',
    plannedStopMinutes: 'Planned stops',
    availability: 'Availability',
    utilisation: 'Utilisation',
    unmanned: 'Unmanned',
    people: 'People',
    name: 'Name',
    kind: 'Kind',
    span: 'From – to',
    hours: 'Man-hours',
    direct: 'Direct',
    indirect: 'Indirect',
    handover: 'Hand-over',
    written: 'Written',
    reviewed: 'Reviewed',
    approved: 'Approved',
    none: 'None',
    noReason: 'No reason given',
    minorStop: 'Minor stops',
    open: 'Not locked',
    closed: 'Locked',
    total: 'Total',
  },
} as const;

const style = `
@page { size: A4 portrait; margin: 12mm }
* { box-sizing: border-box }
body { font: 9.5pt/1.35 "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 186mm; padding: 0 }
header { display: flex; justify-content: space-between; align-items: flex-start; gap: 8mm; margin-bottom: 4mm }
h1 { font-size: 17pt; margin: 0 0 2mm; letter-spacing: .06em }
h2 { font-size: 10.5pt; margin: 4mm 0 1.5mm; break-after: avoid }
.row { display: grid; grid-template-columns: 2fr 3fr; gap: 6mm; align-items: start }
table { border-collapse: collapse; width: 100% }
th, td { border: .25mm solid #444; padding: .9mm 1.5mm; vertical-align: top; text-align: left; word-break: keep-all }
.code, th { white-space: nowrap } td small { white-space: nowrap }
th { background: #eee; font-weight: 600 }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
table.sign { width: 78mm; flex: none } table.sign td { height: 15mm; text-align: center; vertical-align: middle; font-size: 9pt }
table.sign th { text-align: center; padding: .6mm }
.state { border: .25mm solid #444; border-radius: 1mm; padding: 0 1.5mm; font-size: 9pt; font-weight: 400; letter-spacing: 0; vertical-align: 2pt }
.facts { margin: 0 } .none { color: #555 } .facts.sum { margin-top: 1.5mm } .facts span { margin-right: 6mm; white-space: nowrap; display: inline-block } small { color: #333 }
tr { break-inside: avoid }
@media screen { body { padding: 12mm 4mm } }
`;

/** The report as one HTML page for paper: A4, black on white, signature boxes, nothing to load from elsewhere. */
export function printDaily(report: DailyReport, language: 'ko' | 'en', timeZone: string): string {
  const w = words[language];
  const clock = (us: number) =>
    new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
      ...{ timeZone, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    }).format(us / 1000);
  const number = (value: number, digits = 0) =>
    value.toLocaleString(language === 'ko' ? 'ko-KR' : 'en-GB', { maximumFractionDigits: digits });
  const share = (value: number | null) => (value === null ? '–' : `${number(value * 100, 1)} %`);
  const status = report.status === 'closed' ? w.closed : w.open;
  const title = `${w.title} ${localText(report.machineName, language)} ${report.day}`;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${text(title)}</title><style>${style}</style></head><body>
<header><div><h1>${w.title} <span class="state">${status}</span></h1>
<p class="facts"><span>${w.machine}: <b>${text(localText(report.machineName, language))}</b></span>
<span>${w.day}: <b>${report.day}</b></span><span>${w.shift}: <b>${text(localText(report.shiftName, language))}</b></span>
<br><small>${clock(report.from)} – ${clock(report.to)}</small></p></div>
${signBox(report, w, clock)}</header>
${linesTable(report, w, number)}
<h2>${w.time}</h2>${timeTable(report, w, number, share)}
<div class="row"><section><h2>${w.stops}</h2>${stopsTable(report, w, language, number)}</section>
<section><h2>${w.people}</h2>${labourTable(report, w, number, spanClock(report, timeZone, language))}</section></div>
<h2>${w.handover}</h2><p class="facts">${report.handover ? text(report.handover).replaceAll('\n', '<br>') : `<span class="none">${w.none}</span>`}</p>
</body></html>
`;
}

/** Clock time; with its day where that is not the shift's. */
function spanClock(report: DailyReport, timeZone: string, language: 'ko' | 'en'): (us: number) => string {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
  const day = new Intl.DateTimeFormat(locale, { timeZone, month: '2-digit', day: '2-digit' });
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const own = day.format(report.from / 1000);
  return (us) => {
    const of = day.format(us / 1000);
    return of === own ? time.format(us / 1000) : `${of} ${time.format(us / 1000)}`;
  };
}

type Words = (typeof words)['ko' | 'en'];
type Show = (value: number, digits?: number) => string;

function text(value: string): string {
  return value.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
}

function signBox(report: DailyReport, w: Words, clock: (us: number) => string): string {
  const steps = ['written', 'reviewed', 'approved'] as const;
  const cells = steps.map((step) => {
    const signed = report.signatures.findLast((s) => s.step === step && !s.undone);
    return `<td>${signed ? `${text(signed.name)}<br><small>${clock(signed.at)}</small>` : ''}</td>`;
  });
  const heads = steps.map((step) => `<th>${w[step]}</th>`);
  return `<table class="sign"><tr>${heads.join('')}</tr><tr>${cells.join('')}</tr></table>`;
}

/** Bad pieces by their names, and those that nobody named. */
function defectsIn(of: Pick<DailyReport, 'scrap' | 'defects'>, w: Words, number: Show): string[] {
  const unnamed = unnamedScrap(of);
  return [...of.defects, ...(unnamed > 0 ? [{ name: w.unnamed, quantity: unnamed }] : [])].map(
    (d) => `${text(d.name)} ${number(d.quantity, 3)}`,
  );
}

function linesTable(report: DailyReport, w: Words, number: Show): string {
  const rows = report.lines.map((l) => {
    const defects = defectsIn(l, w, number)
      .map((d) => `<span class="code">${d}</span>`)
      .join(', ');
    return `<tr><td class="code">${text(l.workOrderNumber)}</td><td>${text(l.itemName)}<br><small>${text(l.item)}</small></td>
<td class="code">${l.operation} ${text(l.operationName)}${l.tool ? `<br><small>${text(l.tool)}</small>` : ''}</td>
<td class="n">${number(l.planned, 3)}</td><td class="n">${number(l.good, 3)}</td><td class="n">${number(l.scrap, 3)}</td>
<td class="n">${number(l.rework, 3)}</td><td class="n">${l.counted === null ? '–' : number(l.counted)}</td>
<td>${defects || '–'}</td><td class="code">${l.lots.map(text).join('<br>') || '–'}</td></tr>`;
  });
  const sums = `<tr><th colspan="4">${w.total}</th><td class="n">${number(report.good, 3)}</td>
<td class="n">${number(report.scrap, 3)}</td><td class="n">${number(report.rework, 3)}</td><td></td><td colspan="2">${defectsIn(report, w, number).join(', ')}</td></tr>`;
  return `<table><tr><th>${w.order}</th><th>${w.item}</th><th>${w.operation}</th><th class="n">${w.planned}</th>
<th class="n">${w.good}</th><th class="n">${w.scrap}</th><th class="n">${w.rework}</th><th class="n">${w.counted}</th>
<th>${w.defects}</th><th>${w.lots}</th></tr>${rows.join('\n') || `<tr><td colspan="10">${w.none}</td></tr>`}${sums}</table>`;
}

function timeTable({ time }: DailyReport, w: Words, number: Show, share: (v: number | null) => string): string {
  return `<table><tr><th class="n">${w.shiftMinutes}</th><th class="n">${w.runMinutes}</th><th class="n">${w.downMinutes}</th>
<th class="n">${w.availability}</th><th class="n">${w.plannedStopMinutes}</th><th class="n">${w.utilisation}</th><th class="n">${w.unmanned}</th></tr>
<tr><td class="n">${number(time.shiftMinutes)}</td><td class="n">${number(time.runMinutes)}</td><td class="n">${number(time.downMinutes)}</td>
<td class="n">${share(time.availability)}</td><td class="n">${number(time.plannedStopMinutes)}</td><td class="n">${share(time.utilisation)}</td>
<td class="n">${number(time.unmannedMinutes)}</td></tr></table>`;
}

function stopsTable(report: DailyReport, w: Words, language: 'ko' | 'en', number: Show): string {
  // Stops of several kinds without a reason are one line to a reader.
  const byName = new Map<string, { count: number; minutes: number }>();
  for (const s of report.stops) {
    const none = s.loss === 'minorStop' ? w.minorStop : w.noReason;
    const name = s.name === null ? none : localText(s.name, language);
    const sum = byName.get(name) ?? { count: 0, minutes: 0 };
    byName.set(name, { count: sum.count + s.count, minutes: sum.minutes + s.minutes });
  }
  const rows = [...byName].map(
    ([name, s]) =>
      `<tr><td>${text(name)}</td><td class="n">${s.count}</td><td class="n">${number(s.minutes, 1)}</td></tr>`,
  );
  const none = `<tr><td colspan="3">${w.none}</td></tr>`;
  return `<table><tr><th>${w.reason}</th><th class="n">${w.count}</th><th class="n">${w.minutes}</th></tr>${rows.join('') || none}</table>`;
}

function labourTable(report: DailyReport, w: Words, number: Show, clock: (us: number) => string): string {
  const rows = report.labour.map(
    (l) => `<tr><td>${text(l.name)}</td><td>${l.kind === 'direct' ? w.direct : w.indirect}</td>
<td class="code">${text(l.workOrderNumber ?? l.activity)}</td><td class="code">${clock(l.from)} – ${l.to === null ? '' : clock(l.to)}</td></tr>`,
  );
  const none = `<tr><td colspan="4">${w.none}</td></tr>`;
  const sum = `${w.hours}: ${w.direct} ${number(report.directHours, 2)}, ${w.indirect} ${number(report.indirectHours, 2)}`;
  return `<table><tr><th>${w.name}</th><th>${w.kind}</th><th>${w.order}</th><th>${w.span}</th></tr>${rows.join('') || none}</table><p class="facts sum">${sum}</p>`;
}
