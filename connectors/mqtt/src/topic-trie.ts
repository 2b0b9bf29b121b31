import type { TopicPattern } from './topic-pattern.ts';

/** What the patterns of one filter hold, found again for every topic that matches it. */
export interface TrieEntry<T> {
  readonly pattern: TopicPattern;
  readonly items: T[];
}

interface Node<T> {
  children: Map<string, Node<T>>;
  plus: Node<T> | null;
  /** Entries of filters that end here, and of those that end here with `/#`. */
  here: TrieEntry<T>[];
  rest: TrieEntry<T>[];
}

/** Finds the patterns that a topic matches in a time that does not grow with their number. */
export class TopicTrie<T> {
  readonly #root: Node<T> = newNode();

  add(pattern: TopicPattern, item: T): void {
    let node = this.#root;
    const all = pattern.levels.at(-1) === '#';
    const levels = all ? pattern.levels.slice(0, -1) : pattern.levels;
    for (const level of levels) {
      if (level === '+') {
        node.plus ??= newNode();
        node = node.plus;
      } else {
        let child = node.children.get(level);
        if (!child) {
          child = newNode();
          node.children.set(level, child);
        }
        node = child;
      }
    }
    const list = all ? node.rest : node.here;
    const captures = pattern.captures.join('/');
    const entry = list.find((e) => e.pattern.captures.join('/') === captures);
    if (entry) entry.items.push(item);
    else list.push({ pattern, items: [item] });
  }

  match(topic: string): TrieEntry<T>[] {
    const found: TrieEntry<T>[] = [];
    this.#walk(this.#root, topic.split('/'), 0, found);
    return found;
  }

  #walk(node: Node<T>, levels: readonly string[], i: number, found: TrieEntry<T>[]): void {
    // MQTT 5.0 §4.7.2: a wildcard at the first level does not match topics that begin with $.
    const hidden = i === 0 && levels[0]!.startsWith('$');
    if (!hidden) found.push(...node.rest);
    if (i === levels.length) {
      found.push(...node.here);
      return;
    }
    const child = node.children.get(levels[i]!);
    if (child) this.#walk(child, levels, i + 1, found);
    if (node.plus && !hidden) this.#walk(node.plus, levels, i + 1, found);
  }
}

function newNode<T>(): Node<T> {
  return { children: new Map(), plus: null, here: [], rest: [] };
}
