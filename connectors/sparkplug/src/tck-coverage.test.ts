import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { tckIds } from './tck-ids.ts';

/** Why a statement has no test here. Meant to become shorter. */
const broker = 'A statement about the MQTT server; ours is Mosquitto, and the host needs no Sparkplug-aware server.';
const readOnly = 'Not yet: connectors are read-only, no DCMD is ever sent; comes with the control module.';
const unique =
  'Uniqueness in the whole infrastructure; one program cannot prove it. The host tells of deaths that do not fit.';
const reasons: [RegExp, string][] = [
  [/^conformance-mqtt-/, broker],
  [/dcmd/, readOnly],
  [
    /^(intro-edge-node-id-uniqueness|topic-structure-namespace-unique-.*|payloads-nbirth-edge-node-descriptor|operational-behavior-host-application-host-id)$/,
    unique,
  ],
];

const files = ['tck-host.test.ts', 'tck-edge.test.ts'] as const;
const page = new URL('../TCK.md', import.meta.url);

/** Where each statement stands: the test file that names it, or the reason. */
function standing(): { id: string; file: string | null; reason: string | null }[] {
  const texts = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'));
  return tckIds.map((id) => {
    const at = texts.findIndex((text) => text.includes(`'${id}'`) || text.includes(`'tck-id-${id}'`));
    const reason = reasons.find(([pattern]) => pattern.test(id))?.[1] ?? null;
    return { id, file: at < 0 ? null : files[at]!, reason: at < 0 ? reason : null };
  });
}

function pageText(): string {
  const all = standing();
  const tested = all.filter((s) => s.file).length;
  return [
    '# Sparkplug 3.0: the testable statements and our tests',
    '',
    `The specification marks ${all.length} statements as testable. ${tested} have a test named after their id; the others say why not.`,
    'Written by `DEUNGDAE_WRITE_TCK=1 node --test connectors/sparkplug/src/tck-coverage.test.ts`.',
    '',
    'Each id (without `tck-id-`) with the file of its test, or the reason:',
    '',
    // A list and not a table: the formatter would align a table anew.
    ...all.map((s) => `- ${s.id}: ${s.file ?? s.reason}`),
    '',
  ].join('\n');
}

describe('coverage of the Sparkplug statements', () => {
  it('has a test or a reason for every testable statement', () => {
    assert.equal(tckIds.length, 299);
    assert.deepEqual(
      standing().filter((s) => !s.file && !s.reason),
      [],
    );
  });

  it('TCK.md is what this says', () => {
    if (process.env.DEUNGDAE_WRITE_TCK) writeFileSync(page, pageText());
    assert.equal(readFileSync(page, 'utf8'), pageText());
  });
});
