import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { addConnection, connectionId } from './add-connection.ts';

const added = { id: 'press', name: '프레스: "1"', type: 'modbus', config: { host: '10.0.0.1', port: 502, unit: 'on' } };
const expected = { id: 'press', name: '프레스: "1"', type: 'modbus', host: '10.0.0.1', port: 502, unit: 'on' };

for (const [name, text] of Object.entries({
  'an indented list':
    'deungdae: 1\nconnections:\n  - id: a # kept\n    type: opcua\n\n# sites below\nsites:\n  - id: s\n',
  'a list at the edge': 'connections:\n- id: a # kept\n  type: opcua\nsites:\n- id: s\n',
  'an empty list': 'connections: []\nsites:\n  - id: s\n',
  'no list at all': 'sites:\n  - id: s',
  'a list at the end': 'sites:\n  - id: s\nconnections:\n  - id: a # kept\n    type: opcua',
})) {
  test(`a connection is added to ${name}, and comments stay`, () => {
    const result = addConnection(text, added);
    const plant = parse(result) as { connections: { id: string }[]; sites: unknown };
    assert.deepEqual(plant.connections.at(-1), expected);
    assert.equal(plant.connections.length, text.includes('- id: a') ? 2 : 1);
    assert.deepEqual(plant.sites, [{ id: 's' }]);
    assert.equal(result.includes('# kept'), text.includes('# kept'));
  });
}

test('ids are valid and not taken', () => {
  assert.equal(connectionId('opc.tcp://10.0.0.1:4840', new Set()), 'opc-tcp-10-0-0-1-4840');
  assert.equal(connectionId('Press', new Set(['press', 'press-2'])), 'press-3');
  assert.equal(connectionId('프레스', new Set()), 'connection');
});
