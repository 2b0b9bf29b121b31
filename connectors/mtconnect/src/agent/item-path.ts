import type { XmlElement } from '../xml.ts';
import type { AgentDevice, AgentItem } from './agent-model.ts';

/** Longest path taken, characters. */
const maxPath = 2_000;

interface Step {
  /** `//` or `/` before it. */
  deep: boolean;
  name: string;
  tests: { any: [attribute: string, value: string][] }[];
}

/**
 * The part of XPath that requests to agents use: steps of element names or `*`, predicates that compare attributes,
 * joined by `and` and `or`, and alternatives with `|`. Returns the ids of the data items at or below what is chosen;
 * null when it is no such path.
 */
export function itemsOfPath(path: string, devices: readonly AgentDevice[]): Set<AgentItem> | null {
  if (path.length > maxPath) return null;
  const ids = new Set<string>();
  for (const alternative of splitOutside(path, '|')) {
    const steps = parseSteps(alternative.trim());
    if (!steps) return null;
    for (const device of devices) walk({ ...root, children: [device.element] }, steps, 0, ids);
  }
  return new Set(devices.flatMap((d) => d.agentItems.filter((t) => ids.has(t.item.id))));
}

const root: XmlElement = { name: '', prefix: '', attributes: {}, children: [], text: '' };

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [''];
  let quote = '';
  for (const c of text) {
    if (quote === '' && c === separator) parts.push('');
    else {
      if (c === quote) quote = '';
      else if (quote === '' && (c === '"' || c === "'")) quote = c;
      parts[parts.length - 1] += c;
    }
  }
  return parts;
}

function parseSteps(path: string): Step[] | null {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== '') {
    const head = /^(\/\/?)?(?:\w+:)?([\w-]+|\*)/.exec(rest);
    if (!head || (head[1] === undefined && steps.length > 0)) return null;
    rest = rest.slice(head[0].length);
    const step: Step = { deep: head[1] !== '/', name: head[2]!, tests: [] };
    for (;;) {
      const predicate = /^\[((?:[^\]"']|"[^"]*"|'[^']*')*)\]/.exec(rest);
      if (!predicate) break;
      rest = rest.slice(predicate[0].length);
      for (const part of predicate[1]!.split(/\s+and\s+/)) {
        const any = part
          .split(/\s+or\s+/)
          .map((test) => /^\s*\(?\s*@([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')\s*\)?\s*$/.exec(test));
        if (any.some((test) => test === null)) return null;
        step.tests.push({ any: any.map((test) => [test![1]!, test![2] ?? test![3] ?? '']) });
      }
    }
    steps.push(step);
  }
  return steps.length > 0 ? steps : null;
}

function walk(element: XmlElement, steps: Step[], at: number, ids: Set<string>): void {
  const step = steps[at];
  if (!step) {
    collect(element, ids);
    return;
  }
  for (const child of element.children) {
    // `/MTConnectDevices/Devices` may lead the path; the walk starts at the device.
    if (matches(child, step)) walk(child, steps, at + 1, ids);
    if (step.deep) walk(child, steps, at, ids);
  }
  if (element === root || element.name === '') {
    if (step.name === 'MTConnectDevices' || step.name === 'Devices') walk(element, steps, at + 1, ids);
  }
}

function matches(element: XmlElement, step: Step): boolean {
  if (step.name !== '*' && step.name !== element.name) return false;
  return step.tests.every(({ any }) => any.some(([attribute, value]) => element.attributes[attribute] === value));
}

function collect(element: XmlElement, ids: Set<string>): void {
  if (element.name === 'DataItem' && element.attributes.id) ids.add(element.attributes.id);
  for (const child of element.children) collect(child, ids);
}
