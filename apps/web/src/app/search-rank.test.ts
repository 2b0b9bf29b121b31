import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, rankCandidates } from './search-rank.ts';

const candidate = (kind: Candidate['kind'], name: string, detail = ''): Candidate => ({
  key: name,
  kind,
  name,
  detail,
  go: { to: '/' },
});
const all = [
  candidate('signal', '사출 3호기 · 사출압력', 'hanbit/gimcheon/molding/imm-03/pressure'),
  candidate('machine', '사출 3호기', 'hanbit/gimcheon/molding/imm-03'),
  candidate('machine', '프레스 1호기', 'hanbit/gimcheon/press/prs-01'),
  candidate('page', '설비종합효율'),
];

test('machines come before their signals, and all words must be found', () => {
  assert.deepEqual(
    rankCandidates(all, 'ㅅㅊ', 9).map((c) => c.name),
    ['사출 3호기', '사출 3호기 · 사출압력'],
  );
  assert.deepEqual(
    rankCandidates(all, 'imm-03 압력', 9).map((c) => c.name),
    ['사출 3호기 · 사출압력'],
  );
  assert.deepEqual(rankCandidates(all, '없는것', 9), []);
  assert.equal(rankCandidates(all, '', 2).length, 2);
});
