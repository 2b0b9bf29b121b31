import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf } from './agreement-words.ts';

const of = (withinFleiss: number | null, referenceCohen: number | null) => ({ withinFleiss, referenceCohen });

test('a study says who wavers, who sees the reference otherwise, or that people differ; else it may be used', () => {
  assert.deepEqual(findingsOf({ appraisers: [of(0.9, 0.8), of(1, 0.75)], betweenFleiss: 0.8 }), [{ kind: 'good' }]);
  assert.deepEqual(findingsOf({ appraisers: [of(0.7, 0.5), of(0.9, 0.6)], betweenFleiss: 0.4 }), [
    { kind: 'unsure', who: [0] },
    { kind: 'offReference', who: [1] },
  ]);
  assert.deepEqual(findingsOf({ appraisers: [of(0.9, null), of(0.9, null)], betweenFleiss: 0.3 }), [
    { kind: 'disagree' },
  ]);
  assert.deepEqual(findingsOf({ appraisers: [of(null, null)], betweenFleiss: null }), [{ kind: 'good' }]);
});
