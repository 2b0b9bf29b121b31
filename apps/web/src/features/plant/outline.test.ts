import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlineOf } from './outline.ts';

test('sections, machines and connections are found with their lines; signals are not listed', () => {
  const text = `deungdae: 1
connections:
  - id: opc # main
    type: opcua
sites:
  - id: gimcheon
    areas:
      - id: molding
        equipment:
          - id: imm-01
            signals:
              - id: temp
          - id: imm-02
`;
  assert.deepEqual(
    outlineOf(text).map((n) => [n.name, n.kind, n.line, n.depth]),
    [
      ['connections', 'section', 2, 0],
      ['opc', 'connections', 3, 1],
      ['sites', 'section', 5, 0],
      ['gimcheon', 'sites', 6, 1],
      ['molding', 'areas', 8, 2],
      ['imm-01', 'equipment', 10, 3],
      ['imm-02', 'equipment', 13, 3],
    ],
  );
});
