import { covers, isWild, parseTopicPattern, type TopicPattern } from './topic-pattern.ts';
import { TopicTrie } from './topic-trie.ts';

/** Wildcard filters beyond this are not compared with each other; a few messages may then come twice. */
const maxCompared = 1_000;

/**
 * The filters to subscribe to so that every pattern is served and, with a broker that delivers once a filter, no
 * message comes twice: those that another one covers are left out.
 */
export function filtersFor(patterns: readonly string[]): string[] {
  const unique = new Map<string, TopicPattern>();
  for (const text of patterns) {
    const pattern = parseTopicPattern(text);
    if (pattern) unique.set(pattern.filter, pattern);
  }
  const wild = [...unique.values()].filter(isWild);
  const widest =
    wild.length > maxCompared
      ? wild
      : wild.filter((inner) => !wild.some((outer) => outer !== inner && covers(outer.levels, inner.levels)));
  const trie = new TopicTrie<true>();
  for (const pattern of widest) trie.add(pattern, true);
  const exact = [...unique.values()].filter((p) => !isWild(p) && trie.match(p.filter).length === 0);
  return [...widest, ...exact].map((p) => p.filter);
}
