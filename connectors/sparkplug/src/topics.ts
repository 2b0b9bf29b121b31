/** The Sparkplug B topic namespace (specification 3.0, chapter 4). */
export const namespace = 'spBv1.0';

export type EdgeVerb = 'NBIRTH' | 'NDEATH' | 'NDATA' | 'DBIRTH' | 'DDEATH' | 'DDATA';
export type CommandVerb = 'NCMD' | 'DCMD';

const nodeVerbs = new Set(['NBIRTH', 'NDEATH', 'NDATA', 'NCMD']);
const deviceVerbs = new Set(['DBIRTH', 'DDEATH', 'DDATA', 'DCMD']);

export interface SparkplugTopic {
  group: string;
  verb: EdgeVerb | CommandVerb;
  node: string;
  device: string | null;
}

/** Null for anything that is no message of an edge node or a command to one. */
export function parseTopic(topic: string): SparkplugTopic | null {
  const [first, group, verb, node, device, more] = topic.split('/');
  if (first !== namespace || !group || !verb || !node || more !== undefined) return null;
  if (device === undefined ? !nodeVerbs.has(verb) : !deviceVerbs.has(verb) || device === '') return null;
  return { group, verb: verb as EdgeVerb, node, device: device ?? null };
}

export function topicOf(t: SparkplugTopic): string {
  const device = t.device === null ? '' : `/${t.device}`;
  return `${namespace}/${t.group}/${t.verb}/${t.node}${device}`;
}

export function stateTopic(hostId: string): string {
  return `${namespace}/STATE/${hostId}`;
}

/** STATE of Sparkplug 2.x, which had the plain texts ONLINE and OFFLINE. */
export function legacyStateTopic(hostId: string): string {
  return `STATE/${hostId}`;
}

/** Group, node, device and host ids: any UTF-8 text without + / # and NUL. */
export const idPattern = /^[^+/#\0]+$/;
