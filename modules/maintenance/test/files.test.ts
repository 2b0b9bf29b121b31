import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BytesAnswer } from '@deungdae/kernel/answers.ts';
import { type Bench, check, dayUs, morning, openBench, press, result, sheet, technician } from './fixtures.ts';

describe('histories as files', () => {
  let b: Bench;
  before(async () => {
    b = await openBench();
    await b.call('putCheckSheet', { params: { code: 'DAILY' }, body: sheet() });
    const results = [result('oil'), result('pressure', { value: 149.5, note: '=HYPERLINK("x")' })];
    await b.call('doCheck', { body: check({ results }) });
  });
  after(() => b.end());
  const file = async (query: object, by = technician) => {
    const answer = (await b.call('maintenanceFile', { query: { format: 'csv', ...query } }, by)) as BytesAnswer;
    return {
      name: answer.name,
      bytes: answer.bytes,
      lines: new TextDecoder().decode(answer.bytes).trim().split('\r\n'),
    };
  };

  test('names instead of codes, in the plant’s time and the caller’s language; a formula is only text', async () => {
    const ko = await file({ what: 'checks' });
    assert.equal(ko.name, '점검기록.csv');
    assert.match(ko.lines[0]!, /^시각,점검표,판,설비·금형,점검자,/);
    assert.match(ko.lines[1]!, /^2026-11-25 09:00(:00)?,프레스 일상점검,1,프레스 1호기,박보전,유압유 높이,양호,,$/);
    assert.match(ko.lines[2]!, /유압,불량,149\.5,"'=HYPERLINK\(""x""\)"$/);
    const en = await file({ what: 'orders' }, { ...technician, language: 'en' });
    assert.match(en.lines[1]!, new RegExp(`^MT-2026-00001,corrective,프레스 1호기,${press},.*,requested,`));
    assert.deepEqual((await file({ what: 'parts' })).lines[1]!.split(',').slice(0, 6), [
      ...['BEARING', '베어링 6204', 'EA', '0', '4', '4'],
    ]);
  });

  test('only the window that was asked for; Excel is a workbook', async () => {
    const later = await file({ what: 'checks', from: morning + dayUs });
    assert.equal(later.lines.length, 1, 'the heading alone');
    const { name, bytes } = await file({ what: 'orders', format: 'xlsx' });
    assert.equal(name, '보전작업.xlsx');
    assert.equal(new TextDecoder().decode(bytes.slice(0, 2)), 'PK');
  });
});
