import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { isTest, root, sourceFiles } from './source-files.ts';

/**
 * Dependencies point one way: contracts ← kernel ← stream, history, ledger, connector-kit ← connectors, modules ← apps.
 * Lower numbers may not import higher ones; within one number there may be no cycle. Tests may look anywhere.
 */
const tiers: Record<string, number> = {
  'packages/contracts': 0,
  'packages/kernel': 1,
  'packages/stream': 2,
  'packages/history': 2,
  'packages/ledger': 2,
  'packages/tabular': 2,
  'packages/statistics': 2,
  'packages/connector-kit': 2,
  'packages/testing': 2,
  connectors: 4,
  modules: 4,
  demo: 5,
  apps: 6,
  bench: 7,
  tests: 7,
  scripts: 7,
};

interface Import {
  from: string;
  specifier: string;
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function workspaceOf(path: string): string {
  const [top, second] = path.split('/');
  return ['packages', 'connectors', 'modules', 'apps'].includes(top!) ? `${top}/${second}` : top!;
}

function tierOf(workspace: string): number {
  return tiers[workspace] ?? tiers[workspace.split('/')[0]!] ?? 0;
}

/** Problems as sentences; empty when the house is in order. */
export function checkBoundaries(): string[] {
  const problems: string[] = [];
  const manifests = new Map<string, { folder: string; dependencies: Set<string> }>();
  const files = sourceFiles();
  for (const workspace of new Set(files.map(workspaceOf))) {
    if (workspace === 'scripts') continue;
    const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
    const dependencies = new Set([
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.devDependencies ?? {}),
    ]);
    manifests.set(manifest.name, { folder: workspace, dependencies });
  }
  const byFolder = new Map([...manifests].map(([name, m]) => [m.folder, { name, ...m }]));
  const fileGraph = new Map<string, Set<string>>();
  const workspaceGraph = new Map<string, Set<string>>();

  for (const file of files.filter((path) => !isTest(path))) {
    for (const { specifier } of importsOf(file)) {
      const workspace = workspaceOf(file);
      if (specifier.startsWith('.')) {
        const target = normalize(join(dirname(file), specifier));
        if (workspaceOf(target) !== workspace && workspace !== 'scripts')
          problems.push(`${file} reaches into ${target}: import the package by its name`);
        edge(fileGraph, file, target);
        continue;
      }
      const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!;
      const own = byFolder.get(workspace);
      const target = manifests.get(name);
      if (target && target.folder !== workspace) {
        if (tierOf(target.folder) > tierOf(workspace))
          problems.push(`${file} imports ${specifier}: ${workspace} may not depend on ${target.folder}`);
        if (target.folder.startsWith('modules/') && !specifier.endsWith('/module.ts'))
          problems.push(`${file} goes past the door of ${target.folder}: ${specifier}`);
        edge(workspaceGraph, workspace, target.folder);
      }
      if (target && own && target.folder !== workspace && !own.dependencies.has(name))
        problems.push(`${workspace}/package.json does not name ${name}, which ${file} imports`);
    }
  }
  for (const cycle of cycles(workspaceGraph)) problems.push(`packages in a circle: ${cycle.join(' → ')}`);
  for (const cycle of cycles(fileGraph)) problems.push(`files in a circle: ${cycle.join(' → ')}`);
  return [...new Set(problems)];
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(importPattern)].map((match) => ({ from: file, specifier: (match[1] ?? match[2])! }));
}

function edge(graph: Map<string, Set<string>>, from: string, to: string): void {
  const targets = graph.get(from) ?? new Set();
  targets.add(to);
  graph.set(from, targets);
}

/** One cycle per knot, by depth-first search. */
function cycles(graph: Map<string, Set<string>>): string[][] {
  const found: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const stack: string[] = [];
  const visit = (node: string) => {
    state.set(node, 'open');
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (state.get(next) === 'open') found.push([...stack.slice(stack.indexOf(next)), next]);
      else if (!state.has(next)) visit(next);
    }
    stack.pop();
    state.set(node, 'done');
  };
  for (const node of graph.keys()) if (!state.has(node)) visit(node);
  return found;
}
