import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TraceGraph } from '@deungdae/contracts/api-trace.ts';
import { box, layoutTrace, suspectsOf } from './layout.ts';

const node = (id: string, level: number) => ({ lot: { id }, level }) as unknown as TraceGraph['nodes'][number];
const link = (parent: string, child: string) => ({ parent, child }) as unknown as TraceGraph['links'][number];

describe('trace layout', () => {
  const graph = {
    nodes: [node('r1', -1), node('r2', -1), node('a', 0), node('b1', 1), node('b2', 1), node('b3', 1)],
    links: [link('r1', 'a'), link('r2', 'a'), link('a', 'b1'), link('a', 'b2'), link('a', 'b3')],
  };

  it('goes from left to right by level, and no boxes overlap', () => {
    const { nodes, width, height } = layoutTrace(graph);
    const at = new Map(nodes.map((n) => [n.id, n]));
    assert.ok(at.get('r1')!.x < at.get('a')!.x && at.get('a')!.x < at.get('b1')!.x);
    for (const a of nodes)
      for (const b of nodes) if (a.id < b.id) assert.ok(a.x !== b.x || Math.abs(a.y - b.y) >= box.height + box.gapY);
    for (const n of nodes) assert.ok(n.x + box.width <= width && n.y + box.height <= height && n.y >= 0);
  });

  it('puts what hangs together side by side, so that lines do not cross', () => {
    const crossed = {
      nodes: [node('x', 0), node('y', 0), node('x1', 1), node('y1', 1)],
      links: [link('x', 'y1'), link('y', 'x1')],
    };
    const at = new Map(layoutTrace(crossed).nodes.map((n) => [n.id, n.y]));
    assert.equal(Math.sign(at.get('x')! - at.get('y')!), Math.sign(at.get('y1')! - at.get('x1')!));
  });

  it('reaches downwards only from a suspect', () => {
    assert.deepEqual([...suspectsOf(graph, ['r1'])].sort(), ['a', 'b1', 'b2', 'b3', 'r1']);
  });
});
