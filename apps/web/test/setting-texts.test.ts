import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectorSchemas } from '@deungdae/server/connectors.ts';
import { z } from 'zod';
import { allFields, fieldsOf, type JsonSchema } from '../src/features/connections/schema-fields.ts';
import en from '../src/i18n/en.ts';
import ko from '../src/i18n/ko.ts';

const texts: Record<string, Record<string, string>> = { ko, en };
const forms = connectorSchemas.map((c) => ({
  type: c.type,
  fields: allFields(fieldsOf(z.toJSONSchema(c.config, { io: 'input', unrepresentable: 'any' }) as JsonSchema)),
}));

for (const language of Object.keys(texts))
  test(`every setting of every connector has a name (${language}), not the schema's`, () => {
    const missing = forms.flatMap(({ type, fields }) =>
      fields.filter((f) => !texts[language]![`setting.${f.path}`]).map((f) => `${type}: setting.${f.path}`),
    );
    assert.deepEqual(missing, []);
    assert.ok(forms.flatMap((f) => f.fields).length > 90, 'the forms were read');
  });

test('no name or help is of a setting that no connector has', () => {
  const known = new Set(forms.flatMap(({ fields }) => fields.map((f) => f.path)));
  const stray = Object.keys(ko)
    .filter((key) => /^setting(Help)?\./.test(key))
    .filter((key) => !known.has(key.replace(/^\w+\./, '')));
  assert.deepEqual(stray, []);
});

test('a setting that is drawn as raw JSON is one that has no simpler form', () => {
  const raw = forms.flatMap(({ type, fields }) =>
    fields.filter((f) => f.kind === 'json').map((f) => `${type} ${f.path}`),
  );
  assert.deepEqual(raw, ['modbus holes', 'modbus units']);
});
