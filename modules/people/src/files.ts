import type { Handlers } from '@deungdae/contracts/api.ts';
import type { SafetyRecord, Training } from '@deungdae/contracts/person.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { OutCell } from '@deungdae/tabular/csv-write.ts';
import { tableAnswer, wallTime } from '@deungdae/tabular/table-answer.ts';
import { withSkills } from './people.ts';
import type { PeopleTables } from './schema.ts';

/** Rows of one file. */
const mostRows = 20_000;

interface Deps {
  ledger: Ledger;
  clock: Clock;
  masterdata: MasterDataModule;
  timeZone(): string;
}
type Language = 'ko' | 'en';

const names = {
  ko: { skills: '숙련도', trainings: '교육기록', safety: '안전기록' },
  en: { skills: 'skills', trainings: 'trainings', safety: 'safety' },
} as const;
const heads = {
  trainings: {
    ko: ['일시', '교육', '구분', '강사', '분', '참석자', '합격', '부여한 숙련', '내용'],
    en: ['Held', 'Training', 'Kind', 'Trainer', 'Minutes', 'Attended', 'Passed', 'Skills given', 'Text'],
  },
  safety: {
    ko: [
      '번호',
      '구분',
      '일시',
      '장소',
      '내용',
      '작성자',
      '참석',
      '위험요인',
      '가능성',
      '중대성',
      '위험성',
      '조치',
      '조치 끝',
      '상태',
    ],
    en: 'Number|Kind|Time|Place|What|By|Attended|Hazard|Likelihood|Severity|Risk|Measures|Measures done|State'.split(
      '|',
    ),
  },
} as const;
const words: Record<string, { ko: string; en: string }> = {
  job: { ko: '직무', en: 'job' },
  quality: { ko: '품질', en: 'quality' },
  safety: { ko: '안전', en: 'safety' },
  other: { ko: '기타', en: 'other' },
  nearMiss: { ko: '아차사고', en: 'near miss' },
  riskAssessment: { ko: '위험성평가', en: 'risk assessment' },
  toolboxMeeting: { ko: 'TBM', en: 'toolbox meeting' },
  open: { ko: '진행 중', en: 'open' },
  closed: { ko: '종결', en: 'closed' },
};

/** Skill matrix, training log and safety records as CSV or Excel, as an auditor or the labour office asks for them. */
export function fileHandlers(deps: Deps): Handlers {
  return {
    async peopleFile({ query: { what, format } }, caller) {
      const language: Language = caller.language === 'ko' ? 'ko' : 'en';
      return tableAnswer(names[language][what], format, await makers[what](deps, language));
    },
  };
}

const makers = {
  async skills({ ledger, clock, masterdata, timeZone }: Deps, language: Language): Promise<OutCell[][]> {
    const db = ledger.read<PeopleTables>();
    const rows = await db
      .selectFrom('people')
      .selectAll()
      .where('active', '=', 1)
      .orderBy('name')
      .limit(mostRows)
      .execute();
    const skills = await masterdata.list('skill', clock.nowUs());
    const ko = language === 'ko';
    const head = [ko ? '사원증' : 'Badge', ko ? '이름' : 'Name', ko ? '조·반' : 'Team'];
    const until = ko ? '유효' : 'valid until';
    return [
      [...head, ...skills.flatMap((skill) => [skill.data.name, `${skill.data.name} ${until}`])],
      ...(await withSkills(db, rows)).map((person) => [
        ...[person.badge, person.name, person.team],
        ...skills.flatMap((skill) => {
          const held = person.skills.find((each) => each.skill === skill.code);
          return [held?.level ?? null, wallTime(held?.expiresAt ?? null, timeZone())];
        }),
      ]),
    ];
  },

  /** One row for each who attended. */
  async trainings({ ledger, timeZone }: Deps, language: Language): Promise<OutCell[][]> {
    const db = ledger.read<PeopleTables>();
    const found = await db
      .selectFrom('people_trainings')
      .select('data')
      .orderBy('held_at', 'desc')
      .limit(mostRows)
      .execute();
    const named = await namesOf(ledger);
    const rows = found.flatMap(({ data }) => {
      const training = JSON.parse(data) as Training;
      const grants = training.grants.map((grant) => `${grant.skill} ${grant.level}`).join(', ');
      return training.attendees.map(({ person, passed }): OutCell[] => [
        ...[wallTime(training.heldAt, timeZone()), training.title, word(training.kind, language), training.trainer],
        ...[training.minutes, named.get(person) ?? person, passed ? 'O' : 'X', passed ? grants : '', training.text],
      ]);
    });
    return [[...heads.trainings[language]], ...rows.slice(0, mostRows)];
  },

  /** One row for each hazard, or for a record without one. */
  async safety({ ledger, timeZone }: Deps, language: Language): Promise<OutCell[][]> {
    const db = ledger.read<PeopleTables>();
    const found = await db
      .selectFrom('safety_records')
      .select('data')
      .orderBy('time', 'desc')
      .limit(mostRows)
      .execute();
    const named = await namesOf(ledger);
    const name = (id: string) => named.get(id) ?? id;
    const rows = found.flatMap(({ data }) => {
      const record = JSON.parse(data) as SafetyRecord;
      const start: OutCell[] = [
        ...[record.number, word(record.kind, language), wallTime(record.time, timeZone()), record.place, record.text],
        ...[name(record.reporter), record.people.map(name).join(', ')],
      ];
      const end: OutCell[] = [
        record.measures.map((measure) => measure.text).join(', '),
        `${record.measures.filter((measure) => measure.doneAt !== null).length}/${record.measures.length}`,
        word(record.status, language),
      ];
      if (record.hazards.length === 0) return [[...start, null, null, null, null, ...end]];
      return record.hazards.map(({ hazard, likelihood, severity }): OutCell[] => [
        ...[...start, hazard, likelihood, severity, likelihood * severity],
        ...end,
      ]);
    });
    return [[...heads.safety[language]], ...rows.slice(0, mostRows)];
  },
};

const word = (code: string, language: Language) => words[code]?.[language] ?? code;

async function namesOf(ledger: Ledger): Promise<ReadonlyMap<string, string>> {
  const rows = await ledger.read<PeopleTables>().selectFrom('people').select(['id', 'name']).limit(mostRows).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
