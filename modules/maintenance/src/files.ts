import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { CheckDone, MaintenanceOrder, Subject, ToolEvent } from '@deungdae/contracts/maintenance.ts';
import type { OutCell } from '@deungdae/tabular/csv-write.ts';
import { tableAnswer, wallTime } from '@deungdae/tabular/table-answer.ts';
import { sheets } from './due.ts';
import { listOrders } from './orders.ts';
import type { MaintenanceDeps } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';
import { spareParts } from './spare-parts.ts';

/** Rows of one file. */
const mostRows = 50_000;

const heads = {
  orders: {
    ko: [
      '번호',
      '종류',
      '설비·금형',
      '코드',
      '내용',
      '상태',
      '요청',
      '요청자',
      '시작',
      '완료',
      '원인',
      '조치',
      '작업 분',
      '예비품',
    ],
    en: 'Number|Kind|Machine or tool|Code|What|State|Requested|By|Started|Done|Cause|Action|Minutes|Parts'.split('|'),
  },
  checks: {
    ko: ['시각', '점검표', '판', '설비·금형', '점검자', '항목', '결과', '측정값', '메모'],
    en: ['Time', 'Sheet', 'Version', 'Machine or tool', 'By', 'Item', 'Result', 'Value', 'Note'],
  },
  tools: {
    ko: ['시각', '코드', '이름', '한 일', '쇼트', '설비', '캐비티', '합격', '부적합', '메모', '작성자'],
    en: 'Time|Code|Name|What|Shots|Machine|Cavity|Passed|Nonconformities|Note|By'.split('|'),
  },
  parts: {
    ko: ['품번', '품명', '단위', '재고', '안전재고', '모자람', '1년 사용'],
    en: ['Item', 'Name', 'Unit', 'In stock', 'Safety stock', 'Short by', 'Used in a year'],
  },
} as const;
const names = {
  ko: { orders: '보전작업', checks: '점검기록', tools: '금형이력', parts: '예비품' },
  en: { orders: 'maintenance-orders', checks: 'checks', tools: 'tool-history', parts: 'spare-parts' },
} as const;

/** Words of codes in the files; what is not here stands as it is. */
const words: Record<string, { ko: string; en: string }> = {
  corrective: { ko: '사후', en: 'corrective' },
  preventive: { ko: '예방', en: 'preventive' },
  calibration: { ko: '교정', en: 'calibration' },
  improvement: { ko: '개선', en: 'improvement' },
  requested: { ko: '요청', en: 'requested' },
  accepted: { ko: '접수', en: 'accepted' },
  inProgress: { ko: '작업 중', en: 'in progress' },
  done: { ko: '확인 대기', en: 'to be verified' },
  verified: { ko: '완료', en: 'verified' },
  cancelled: { ko: '취소', en: 'cancelled' },
  mounted: { ko: '장착', en: 'mounted' },
  dismounted: { ko: '탈착', en: 'dismounted' },
  serviced: { ko: '정기 정비', en: 'serviced' },
  cleaned: { ko: '세척', en: 'cleaned' },
  repaired: { ko: '수리', en: 'repaired' },
  cavityBlocked: { ko: '캐비티 막음', en: 'cavity blocked' },
  cavityOpened: { ko: '캐비티 열음', en: 'cavity opened' },
  calibrated: { ko: '교정', en: 'calibrated' },
  ok: { ko: '양호', en: 'OK' },
  ng: { ko: '불량', en: 'NG' },
};

type Language = 'ko' | 'en';

/** Histories as CSV or Excel, with names instead of codes, in the plant's time and the caller's language. */
export function fileHandlers(deps: MaintenanceDeps): Handlers {
  return {
    async maintenanceFile({ query: { what, format, from, to } }, caller: Caller) {
      const language: Language = caller.language === 'ko' ? 'ko' : 'en';
      const sheet = await Writer.of(deps, language);
      const rows = await sheet[what](from ?? 0, to ?? deps.clock.nowUs());
      return tableAnswer(names[language][what], format, [heads[what][language], ...rows]);
    },
  };
}

class Writer {
  readonly #deps: MaintenanceDeps;
  readonly #language: Language;
  readonly #tools: ReadonlyMap<string, string>;
  readonly #zone: string;
  readonly #people = new Map<string, string>();

  private constructor(deps: MaintenanceDeps, language: Language, tools: ReadonlyMap<string, string>) {
    this.#deps = deps;
    this.#language = language;
    this.#tools = tools;
    this.#zone = [...deps.plant().equipment.values()][0]?.timeZone ?? 'UTC';
  }

  static async of(deps: MaintenanceDeps, language: Language): Promise<Writer> {
    const tools = await deps.masterdata.list('tool', deps.clock.nowUs());
    return new Writer(deps, language, new Map(tools.map((tool) => [tool.code, tool.data.name])));
  }

  async orders(from: number, to: number): Promise<OutCell[][]> {
    const orders = await listOrders(this.#db(), { from, to, limit: mostRows });
    return Promise.all(orders.map((order) => this.#orderRow(order)));
  }

  async #orderRow(order: MaintenanceOrder): Promise<OutCell[]> {
    return [
      ...[order.number, this.#word(order.kind), this.#subject(order.subject), order.subject.id, order.text],
      ...[this.#word(order.status), this.#time(order.requestedAt), await this.#person(order.requestedBy)],
      ...[this.#time(order.startedAt), this.#time(order.doneAt), order.cause, order.action],
      order.labour.reduce((sum, each) => sum + each.minutes, 0),
      order.parts.map((part) => `${part.item} ${part.quantity}`).join(', '),
    ];
  }

  async checks(from: number, to: number): Promise<OutCell[][]> {
    const known = new Map((await sheets(this.#db())).map((each) => [each.code, each]));
    const found = await this.#db()
      .selectFrom('mt_checks')
      .select('data')
      .where('time', '>=', from)
      .where('time', '<=', to)
      .orderBy('time', 'desc')
      .limit(mostRows / 10)
      .execute();
    const rows: OutCell[][] = [];
    for (const { data } of found) {
      const check = JSON.parse(data) as CheckDone;
      const used = known.get(check.sheet);
      const person = await this.#person(check.person);
      for (const result of check.results)
        rows.push([
          ...[this.#time(check.time), used?.name ?? check.sheet, check.sheetVersion, this.#subject(check.subject)],
          ...[person, used?.items.find((item) => item.id === result.item)?.text ?? result.item],
          ...[this.#word(result.ok ? 'ok' : 'ng'), result.value, result.note],
        ]);
    }
    return rows.slice(0, mostRows);
  }

  async tools(from: number, to: number): Promise<OutCell[][]> {
    const found = await this.#db()
      .selectFrom('mt_tool_events')
      .select('data')
      .where('time', '>=', from)
      .where('time', '<=', to)
      .orderBy('time', 'desc')
      .limit(mostRows)
      .execute();
    const rows: OutCell[][] = [];
    for (const { data } of found) {
      const event = JSON.parse(data) as ToolEvent;
      const machine = event.machine === null ? null : this.#subject({ kind: 'machine', id: event.machine });
      rows.push([
        ...[this.#time(event.time), event.tool, this.#tools.get(event.tool) ?? null, this.#word(event.kind)],
        ...[event.shots, machine, event.cavity, event.passed, event.nonconformities.join(', '), event.text],
        await this.#person(event.person),
      ]);
    }
    return rows;
  }

  async parts(): Promise<OutCell[][]> {
    return (await spareParts(this.#deps)).map((part) => [
      ...[part.item, part.name, part.unit, part.onHand, part.safetyStock],
      part.short ? (part.safetyStock ?? 0) - part.onHand : null,
      part.usedInYear,
    ]);
  }

  #db() {
    return this.#deps.ledger.read<MaintenanceTables>();
  }

  #word(code: string): string {
    return words[code]?.[this.#language] ?? code;
  }

  #time(timeUs: number | null) {
    return wallTime(timeUs, this.#zone);
  }

  #subject({ kind, id }: Subject): string {
    if (kind === 'tool') return this.#tools.get(id) ?? id;
    const name = this.#deps.plant().equipment.get(id)?.name;
    return name === undefined ? id : typeof name === 'string' ? name : (name[this.#language] ?? name.en);
  }

  async #person(id: string): Promise<string> {
    const known = this.#people.get(id);
    if (known !== undefined) return known;
    const name = (await this.#deps.people.person(id))?.name ?? id;
    this.#people.set(id, name);
    return name;
  }
}
