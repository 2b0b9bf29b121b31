import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNodeAddress, portableNode, resolveNode } from './node-address.ts';

const namespaces = ['http://opcfoundation.org/UA/', 'urn:server', 'http://acme.example/a;b%'];

test('a namespace URI is found at whatever index the server has today, and escapes are undone', () => {
  const address = parseNodeAddress('nsu=http://acme.example/a%3Bb%25;s=Line;1=x');
  assert.deepEqual(address, { uri: 'http://acme.example/a;b%', identifier: 's=Line;1=x' });
  assert.equal(resolveNode(address!, namespaces)?.toString(), 'ns=2;s=Line;1=x');
  assert.equal(resolveNode(address!, namespaces.slice(0, 2)), null, 'not there: not guessed');
});

test('every kind of identifier goes there and back', () => {
  for (const identifier of ['i=4294967295', 's=한글 %', 'g=72962B91-FA75-4AE6-8D28-B404DC7DAF63', 'b=AAEC/w==']) {
    const text = `nsu=urn:server;${identifier}`;
    const node = resolveNode(parseNodeAddress(text)!, namespaces)!;
    assert.equal(portableNode(node, namespaces).toUpperCase(), text.toUpperCase());
  }
  assert.equal(portableNode(resolveNode(parseNodeAddress('i=85')!, namespaces)!, namespaces), 'i=85');
});

test('what is no node id is refused', () => {
  for (const text of ['', 's=', 'i=-1', 'i=4294967296', 'g=1234', 'b=!', 'nsu=;s=a', 'ns=70000;i=1', 'x=1'])
    assert.equal(parseNodeAddress(text), null, text);
});
