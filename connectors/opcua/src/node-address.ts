import { coerceNodeId, makeNodeId, type NodeId } from 'node-opcua-client';

/** A node address as written in the plant file; the namespace index is found anew at each connect. */
export interface NodeAddress {
  /** Namespace URI, where the address names one. */
  uri?: string;
  /** Namespace index, where the address uses one. */
  index?: number;
  /** `i=…`, `s=…`, `g=…` or `b=…` */
  identifier: string;
}

/** Parses `nsu=<uri>;s=…`, `ns=<n>;i=…` or `i=…`; null when it is none of these. Part 6 §5.3.1.10 escapes ; and % in URIs. */
export function parseNodeAddress(text: string): NodeAddress | null {
  const match = /^(?:nsu=([^;]+);|ns=(\d+);)?([isgb]=.+)$/s.exec(text);
  if (!match) return null;
  const [, uri, index, identifier] = match;
  if (!validIdentifier(identifier!)) return null;
  if (uri !== undefined) return { uri: uri.replace(/%3B/gi, ';').replace(/%25/g, '%'), identifier: identifier! };
  if (index !== undefined && Number(index) > 0xffff) return null;
  return { index: index === undefined ? 0 : Number(index), identifier: identifier! };
}

function validIdentifier(identifier: string): boolean {
  const value = identifier.slice(2);
  if (identifier[0] === 'i') return /^\d{1,10}$/.test(value) && Number(value) <= 0xffff_ffff;
  if (identifier[0] === 'g') return /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(value);
  if (identifier[0] === 'b') return /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  return true;
}

/** The NodeId on a server with these namespaces; null when the server lacks the namespace. */
export function resolveNode(address: NodeAddress, namespaces: readonly string[]): NodeId | null {
  const index = address.uri === undefined ? (address.index ?? 0) : namespaces.indexOf(address.uri);
  if (index < 0) return null;
  const { identifier } = address;
  const value = identifier.slice(2);
  if (identifier[0] === 'i') return makeNodeId(Number(value), index);
  if (identifier[0] === 's') return makeNodeId(value, index);
  if (identifier[0] === 'b') return makeNodeId(Buffer.from(value, 'base64'), index);
  return coerceNodeId(`ns=${index};${identifier}`);
}

/** Writes a NodeId with its namespace by URI, ready for the plant file. */
export function portableNode(node: NodeId, namespaces: readonly string[]): string {
  const text = node.toString().replace(/^ns=\d+;/, '');
  const identifier = node.value instanceof Buffer ? `b=${node.value.toString('base64')}` : text;
  if (node.namespace === 0) return identifier;
  const uri = namespaces[node.namespace];
  if (!uri) return `ns=${node.namespace};${identifier}`;
  return `nsu=${uri.replace(/%/g, '%25').replace(/;/g, '%3B')};${identifier}`;
}
