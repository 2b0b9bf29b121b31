import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTexts, findTextProblems } from './check-texts.ts';

test('missing, unused, empty and unlike texts are found', () => {
  const problems = findTextProblems(
    {
      ko: { 'a.one': '하나 {n}', 'a.two': '둘', 'b.x': '엑스', old: '옛' },
      en: { 'a.one': 'one', 'b.x': ' ', old: 'old' },
    },
    ["t('a.one'); t('a.two'); t('gone')", `t(\`b.\${name}\`)`],
  );
  assert.deepEqual(problems.map((p) => `${p.kind} ${p.key}`).sort(), [
    'empty b.x',
    'missing a.two',
    'missing gone',
    'parameters a.one',
    'unused old',
  ]);
});

test('the texts of the app are complete in every language, and none is left over', async () => {
  assert.deepEqual(await checkTexts(), []);
});
