import type { TraceGraph } from '@deungdae/contracts/api-trace.ts';
import { useEffect, useMemo, useRef } from 'react';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { useNames } from '../../ui/names.tsx';
import { box, layoutTrace, suspectsOf } from './layout.ts';

/** The graph, left to right. Suspects are red and say so; what is on hold has a thick edge. */
export function TraceSvg({
  graph,
  picked,
  pick,
  suspects,
}: {
  graph: TraceGraph;
  picked: string | null;
  pick: (id: string) => void;
  suspects: readonly string[];
}) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const layout = useMemo(() => layoutTrace(graph), [graph]);
  const reached = useMemo(() => suspectsOf(graph, suspects), [graph, suspects]);
  const at = new Map(layout.nodes.map((n) => [n.id, n]));
  const frame = useRef<HTMLDivElement>(null);
  // A lot in hundreds of boxes stands in the middle of a tall drawing: it begins where it can be seen.
  useEffect(() => {
    const [root, view] = [layout.nodes.find((n) => n.id === graph.root), frame.current];
    if (root && view) view.scrollTo(root.x - view.clientWidth / 3, root.y + box.height / 2 - view.clientHeight / 2);
  }, [layout, graph.root]);
  const nameOf = useNames({ item: graph.nodes.map((n) => n.lot.item) });
  return (
    <div className="trace-scroll" ref={frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing of buttons; a fieldset cannot hold SVG's parts */}
      <svg
        width={layout.width}
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="group"
        aria-label={t('inventory.traceTitle')}
      >
        {graph.links.map((link) => {
          const from = at.get(link.parent);
          const to = at.get(link.child);
          if (!from || !to) return null;
          const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
          const [x2, y2] = [to.x, to.y + box.height / 2];
          const bad = suspects.length > 0 && reached.has(link.parent) && reached.has(link.child);
          return (
            <path
              key={`${link.parent} ${link.child} ${link.kind} ${link.run}`}
              className={bad ? 'trace-link bad' : 'trace-link'}
              d={`M${x1} ${y1}C${x1 + 32} ${y1} ${x2 - 32} ${y2} ${x2} ${y2}`}
            >
              <title>
                {t(`inventory.link.${link.kind}`)} {link.quantity}
              </title>
            </path>
          );
        })}
        {graph.nodes.map(({ lot, itemName, machine }) => {
          const place = at.get(lot.id)!;
          const bad = suspects.length > 0 && reached.has(lot.id);
          const state = lot.status === 'hold' || lot.status === 'rejected' ? 'held' : '';
          const note = bad
            ? t('inventory.suspect')
            : lot.status === 'available' || lot.status === 'closed'
              ? `${f.day(lot.producedAt / 1000)}${machine ? ` · ${plant.name(machine)}` : ''}`
              : t(`inventory.status.${lot.status}`);
          return (
            // biome-ignore lint/a11y/useSemanticElements: a button cannot stand inside an SVG
            <g
              key={lot.id}
              className={`trace-node ${bad ? 'bad' : ''} ${state} ${picked === lot.id ? 'picked' : ''}`}
              transform={`translate(${place.x} ${place.y})`}
              role="button"
              tabIndex={0}
              aria-pressed={picked === lot.id}
              onClick={() => pick(lot.id)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' || event.key === ' ') pick(lot.id);
              }}
            >
              <rect width={box.width} height={box.height} rx={5} />
              <text x={9} y={17} className="trace-number">
                {lot.number}
              </text>
              <text x={9} y={33}>
                {shortened(nameOf('item', lot.item, itemName))}
              </text>
              <text x={9} y={49} className="trace-small">
                {note}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function shortened(text: string): string {
  return text.length > 17 ? `${text.slice(0, 16)}…` : text;
}
