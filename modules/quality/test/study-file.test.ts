import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { StudyFile } from '@deungdae/contracts/api-quality.ts';
import type { MeasurementStudy } from '@deungdae/contracts/quality.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { type OutCell, writeCsv } from '@deungdae/tabular/csv-write.ts';
import { writeXlsx } from '@deungdae/tabular/xlsx-write.ts';
import { works } from './fixtures.ts';

const lee: Caller = { userId: 'e', name: 'lee', role: 'engineer', language: 'ko', via: 'session' };
/** AIAG MSA 4: rows are parts, columns appraisers A, B, C with three trials each. */
const aiag = `0.29,0.41,0.64,0.08,0.25,0.07,0.04,-0.11,-0.15
-0.56,-0.68,-0.58,-0.47,-1.22,-0.68,-1.38,-1.13,-0.96
1.34,1.17,1.27,1.19,0.94,1.34,0.88,1.09,0.67
0.47,0.50,0.64,0.01,1.03,0.20,0.14,0.20,0.11
-0.80,-0.92,-0.84,-0.56,-1.20,-1.28,-1.46,-1.07,-1.45
0.02,-0.11,-0.21,-0.20,0.22,0.06,-0.29,-0.67,-0.49
0.59,0.75,0.66,0.47,0.55,0.83,0.02,0.01,0.21
-0.31,-0.20,-0.17,-0.63,0.08,-0.34,-0.46,-0.56,-0.49
2.26,1.99,2.01,1.80,2.12,2.19,1.77,1.45,1.87
-1.36,-1.25,-1.31,-1.68,-1.62,-1.50,-1.49,-1.77,-2.16`
  .split('\n')
  .map((line) => line.split(',').map(Number));
const cell = (part: number, operator: number, trial: number) => aiag[part]![operator * 3 + trial]!;
const ten = Array.from({ length: 10 }, (_, i) => i);
const three = [0, 1, 2];
const mean = (some: readonly number[]) => some.reduce((a, b) => a + b, 0) / some.length;
const design = {
  ...{ kind: 'gageRange', name: '외경 마이크로미터', gauge: 'G1', item: null, characteristic: null, unit: 'mm' },
  ...{ parts: ten.map((i) => String(i + 1)), operators: ['A', 'B', 'C'], trials: 3, lower: null, upper: null },
  ...{ reference: null, alpha: 0.05, pool: null },
};

/** The form of the manual: a row for each appraiser and trial, average and range below, sums at the foot. */
function form(): OutCell[][] {
  const rows: OutCell[][] = [
    ['게이지 반복성 및 재현성 데이터 시트'],
    ['부품명', '75 커버', null, null, '게이지명', '마이크로미터', null, null, '일자', '2026-11-20'],
    [],
    ['측정자', '시행', ...ten.map((i) => i + 1), '평균'],
  ];
  for (const [o, name] of ['A', 'B', 'C'].entries()) {
    for (const t of three) {
      const values = ten.map((p) => cell(p, o, t));
      rows.push([t === 0 ? name : null, t + 1, ...values, mean(values)]);
    }
    const ofParts = ten.map((p) => three.map((t) => cell(p, o, t)));
    rows.push([null, '평균', ...ofParts.map(mean), mean(ofParts.map(mean))]);
    rows.push([null, '범위', ...ofParts.map((v) => Math.max(...v) - Math.min(...v)), 0.184]);
  }
  rows.push(['부품 평균', null, ...ten.map((p) => mean(aiag[p]!)), 0.0014], ['X̄diff = 0.4447, UCL = 0.880']);
  return rows;
}

/** Bytes of a text in CP949, by asking the decoder for each of its pairs. */
function cp949(text: string): Uint8Array {
  const decoder = new TextDecoder('euc-kr');
  const pairs = new Map<string, [number, number]>();
  for (let lead = 0xa1; lead <= 0xfe; lead++)
    for (let trail = 0xa1; trail <= 0xfe; trail++)
      pairs.set(decoder.decode(new Uint8Array([lead, trail])), [lead, trail]);
  return new Uint8Array([...text].flatMap((c) => (c.charCodeAt(0) < 128 ? [c.charCodeAt(0)] : pairs.get(c)!)));
}

describe('values of a study by file', () => {
  let w: Awaited<ReturnType<typeof works>>;
  before(async () => {
    w = await works();
  });
  after(() => w.test.end());

  const call = (id: keyof Handlers, input: object) =>
    (w.quality.handlers[id] as (input: object, caller: Caller) => Promise<never>)(input, lee);
  const newStudy = (change: object = {}): Promise<MeasurementStudy> => {
    const study = { ...design, ...change };
    const values = study.parts.map(() => study.operators.map(() => Array(study.trials).fill(null)));
    return call('saveStudy', { body: { ...study, values } });
  };
  const read = (study: MeasurementStudy, bytes: Uint8Array, name = 'msa.xlsx', one = 'nonconforming') => {
    const body = (async function* () {
      yield bytes.subarray(0, 100);
      yield bytes.subarray(100);
    })();
    return call('readStudyFile', { params: { id: study.id }, query: { name, one }, body }) as Promise<StudyFile>;
  };
  const found = ({ problems }: StudyFile) => problems.map((p) => [p.row, p.letter, p.code.split('.')[1], p.value]);
  const whole = ten.map((p) => three.map((o) => three.map((t) => cell(p, o, t))));

  test('the form of the AIAG manual gives its published figures', async () => {
    const study = await newStudy();
    const file = await read(
      study,
      writeXlsx([
        { name: '표지', rows: [['MSA 보고서']] },
        { name: 'GRR', rows: form() },
      ]),
    );
    assert.deepEqual(file.problems, []);
    assert.deepEqual([file.sheet, file.rows, file.errors], ['GRR', 9, 0]);
    assert.deepEqual(file.values, whole);
    const { id, number: _n, createdAt: _a, createdBy: _b, result: _r, version: _v, warnings: _w, ...rest } = study;
    const done: MeasurementStudy = await call('saveStudy', { body: { ...rest, id, values: file.values } });
    const { grr, ev, ndc } = done.result as { grr: number; ev: number; ndc: number };
    assert.deepEqual([grr.toFixed(5), ev.toFixed(5), ndc], ['0.30577', '0.20186', 5]);
    await assert.rejects(read(done, writeXlsx([{ name: 'GRR', rows: form() }])), { code: 'quality.studyDone' });
  });

  test('the form with appraiser and trial in one column', async () => {
    const rows = form().map((row, i) => {
      if (i < 3 || i > 18) return row;
      const [operator, trial, ...rest] = row;
      return [i === 3 ? 'Appraiser / Trial #' : `${operator ?? ''} ${trial ?? ''}`, ...rest];
    });
    assert.deepEqual((await read(await newStudy(), writeCsv(rows), 'grr.csv')).values, whole);
  });

  test('a list in CP949, one row a value, in any order, with names as people write them', async () => {
    const lines = ten.flatMap((p) =>
      three.flatMap((o) => three.map((t) => `${p + 1}번,측정자 ${'ABC'[o]},${t + 1}차,${cell(p, o, t)}`)),
    );
    const bytes = cp949(`부품번호,측정자,회차,측정값(mm)\r\n${lines.reverse().join('\r\n')}\r\n`);
    const file = await read(await newStudy(), bytes, 'msa.csv');
    assert.deepEqual(found(file), []);
    assert.deepEqual([file.encoding, file.rows], ['cp949', 90]);
    assert.deepEqual(file.values, whole);
  });

  test('a table by part: the appraiser over his columns, or appraiser and trial in one word', async () => {
    const study = await newStudy();
    const rows = ten.map((p) => [`Part ${p + 1}`, ...aiag[p]!]);
    const over = [
      ['Part', 'A', null, null, 'B', null, null, 'C', null, null],
      [null, ...[1, 2, 3, 1, 2, 3, 1, 2, 3]],
    ];
    assert.deepEqual((await read(study, writeXlsx([{ name: 'x', rows: [...over, ...rows] }]))).values, whole);
    const joined = [['시료', ...three.flatMap((o) => three.map((t) => `${'ABC'[o]}-${t + 1}`))]];
    assert.deepEqual((await read(study, writeCsv([...joined, ...rows]), 'x.csv')).values, whole);
  });

  test('trials side by side, the part in a merged cell', async () => {
    const rows: OutCell[][] = [['Sample', 'Operator', 'Trial 1', 'Trial 2', 'Trial 3', 'Average']];
    for (const p of ten)
      for (const o of three)
        rows.push([o === 0 ? p + 1 : null, 'ABC'[o]!, ...three.map((t) => cell(p, o, t)), mean(whole[p]![o]!)]);
    assert.deepEqual((await read(await newStudy(), writeXlsx([{ name: 'x', rows }]))).values, whole);
  });

  test('what is wrong stands with its row; nothing is taken', async () => {
    const study = await newStudy({ parts: ['S-01', 'S-02'], operators: ['김검사', '이측정'], trials: 2 });
    const rows: OutCell[][] = [
      ['품번', '검사자', '회차', '측정값', '비고'],
      ['S-01', '김검사', 1, 10.01, ''],
      ['S-01', '김검사', 2, '10.02mm', ''],
      ['S-01', '이측정', 1, 10.03, ''],
      ['S-01', '이측정', 1, 10.04, '다시 잼'],
      ['S-03', '김검사', 1, 10.05, ''],
      ['S-02', '김검시', 2, 10.06, ''],
      ['S-02', '이측정', 3, 10.07, ''],
      ['S-02', '이측정', 2, null, ''],
    ];
    const file = await read(study, writeCsv(rows), '측정.csv');
    assert.equal(file.values, null);
    assert.deepEqual(found(file), [
      [3, 'D', 'notNumber', '10.02mm'],
      [5, 'D', 'studyFileTwice', '10.04'],
      [6, 'A', 'studyFilePart', 'S-03'],
      [7, 'B', 'studyFileOperator', '김검시'],
      [8, 'C', 'studyFileTrial', '3'],
      [9, 'D', 'studyFileEmpty', ''],
      [0, null, 'studyFileMissing', ''],
      [0, null, 'studyFileMissing', ''],
      [0, null, 'studyFileMissing', ''],
    ]);
    assert.deepEqual([file.problems[3]!.nearest, file.problems[3]!.column], ['김검사', '검사자']);
    assert.match(file.problems[1]!.message, /4행에도 있습니다/);
    assert.match(file.problems[7]!.message, /이측정의 2회차가 파일에 없습니다: 부품 S-01/);
    const { values } = (await call('study', { params: { id: study.id } })) as MeasurementStudy;
    assert.ok(
      values.flat(2).every((v) => v === null),
      'nothing is stored',
    );
  });

  test('a column that is none of the study is told, and keeps nothing out', async () => {
    const rows = form().map((row, i) => (i === 3 ? [...row, '시료 11'] : i > 3 && i < 7 ? [...row, 1] : row));
    const file = await read(await newStudy(), writeXlsx([{ name: 'x', rows }]));
    assert.deepEqual(
      file.problems.map((p) => [p.code, p.severity, p.column]),
      [['quality.studyFileIgnored', 'warning', '시료 11']],
    );
    assert.deepEqual(file.values, whole);
  });

  test('decisions: words, marks, 0 and 1 either way, with the reference', async () => {
    const study = await newStudy({ kind: 'attribute', parts: ['1', '2', '3'], operators: ['A', 'B'], trials: 2 });
    const rows: OutCell[][] = [
      ['Part', 'A-1', 'A-2', 'B-1', 'B-2', 'Reference', 'Code'],
      [1, 'OK', '합격', '○', 'pass', '양품', '+'],
      [2, 'NG', '불합격', '×', 'Fail', '불량', '-'],
      [3, 'OK', 'NG', 'O', 'X', 'ng', 'x'],
    ];
    const file = await read(study, writeXlsx([{ name: 'x', rows }]));
    assert.equal(JSON.stringify(file.values), '[[[0,0],[0,0]],[[1,1],[1,1]],[[0,1],[0,1]]]');
    assert.deepEqual(file.reference, [0, 1, 1]);
    const digits = writeCsv([['부품', '측정자', '회차', '판정', '기준'], ...twelve()]);
    assert.deepEqual((await read(study, digits, 'x.csv', 'conforming')).reference, [0, 1, 1]);
    assert.deepEqual((await read(study, digits, 'x.csv')).reference, [1, 0, 0]);
    const wrong = rows.map((row, i) => (i === 2 ? [2, '보류', ...row.slice(2, 5), null] : row));
    assert.deepEqual(found(await read(study, writeXlsx([{ name: 'x', rows: wrong }]))).slice(1), [
      [3, 'B', 'studyFileDecision', '보류'],
      [0, 'F', 'studyFileReferenceMissing', ''],
    ]);
  });

  test('what is no table of the study is refused with what to do', async () => {
    const study = await newStudy();
    const code = (error: unknown) => (error instanceof CodedError ? error.code : String(error));
    const other = writeCsv([
      ['품번', '품명', '재고'],
      ['A-1', '커버', 3],
    ]);
    assert.equal(await read(study, other, 'stock.csv').catch(code), 'quality.studyFileLayout');
    const pdf = new TextEncoder().encode('%PDF-1.7 not a table at all');
    assert.equal(await read(study, pdf, 'grr.pdf').catch(code), 'tabular.unknownFormat');
  });
});

/** Part, appraiser, trial, 0 or 1 with 1 for a good one, reference. */
function twelve(): OutCell[][] {
  const good = [1, 0, 0];
  return [0, 1, 2].flatMap((p) => ['A', 'B'].flatMap((o) => [1, 2].map((t) => [p + 1, o, t, good[p]!, good[p]!])));
}
