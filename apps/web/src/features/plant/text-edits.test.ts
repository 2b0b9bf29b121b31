import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indent, newLine, offsetOf, outdent, placeOf, type Selected, toggleComment } from './text-edits.ts';

/** `|` marks the caret, or the two ends of a selection. */
function at(marked: string): Selected {
  const start = marked.indexOf('|');
  const rest = marked.slice(0, start) + marked.slice(start + 1);
  const second = rest.indexOf('|');
  return second < 0
    ? { text: rest, start, end: start }
    : { text: rest.slice(0, second) + rest.slice(second + 1), start, end: second };
}
function shown({ text, start, end }: Selected): string {
  return start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`;
}

test('tab goes to the next level, or moves the chosen lines', () => {
  assert.equal(shown(indent(at('a|'))), 'a |');
  assert.equal(shown(indent(at('|a'))), '  |a');
  assert.equal(shown(indent(at('x\n|a\nb|\ny'))), 'x\n|  a\n  b|\ny');
  assert.equal(shown(outdent(at('  a|'))), 'a|');
  assert.equal(shown(outdent(at('|    a\n b|'))), '|  a\nb|');
});

test('enter keeps the place of YAML', () => {
  assert.equal(shown(newLine(at('  id: a|'))), '  id: a\n  |');
  assert.equal(shown(newLine(at('sites:|'))), 'sites:\n  |');
  assert.equal(shown(newLine(at('  - id: a|'))), '  - id: a\n    |');
  assert.equal(shown(newLine(at('  - alarms:|'))), '  - alarms:\n      |');
});

test('comments come and go', () => {
  const commented = toggleComment(at('|  a: 1\n\n  b: 2|'));
  assert.equal(commented.text, '  # a: 1\n\n  # b: 2');
  assert.equal(toggleComment(commented).text, '  a: 1\n\n  b: 2');
});

test('lines and offsets are each other', () => {
  const text = 'ab\ncd\n\nef';
  assert.equal(offsetOf(text, 2, 2), 4);
  assert.deepEqual(placeOf(text, 4), { line: 2, column: 2 });
  assert.equal(offsetOf(text, 99), text.length);
  assert.equal(offsetOf(text, 3, 50), 6);
});
