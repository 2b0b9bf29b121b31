import type { ChartData } from '@deungdae/contracts/quality.ts';
import { useElementSize } from '@mantine/hooks';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { digitsFor, scaleOf, ticksOf } from './scale.ts';

type Point = ChartData['points'][number];
const left = 64;
const right = 112;

/**
 * A control chart as quality engineers know it: points, centre, limits and zones; rule hits are squares with the rule's
 * number, points left out are crosses. Drawn as vectors, so that it prints.
 */
export function ControlChart({
  points,
  part,
  title,
  height,
  chosen,
  onChoose,
}: {
  points: readonly Point[];
  part: 'main' | 'spread';
  title: string;
  height: number;
  chosen: string | null;
  onChoose: (key: string) => void;
}) {
  const t = useText();
  const f = useFormats();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(320, measured);
  const figures = points.map((p) => p[part]);
  const y = scaleOf(
    figures.flatMap((p) => (p === null ? [] : [p.value, p.upper, p.lower, p.centre].filter((v) => v !== null))),
    height - 34,
  );
  const step = (width - left - right) / Math.max(1, points.length);
  const x = (i: number) => left + step * (i + 0.5);
  const top = (v: number) => 10 + y.at(v);
  const digits = digitsFor(y.low, y.high);
  const last = figures.at(-1);
  return (
    <figure className="control-chart" ref={ref}>
      <figcaption>{title}</figcaption>
      <svg width={width} height={height} role="img" aria-label={title}>
        {ticksOf(y).map((tick) => (
          <g key={tick} className="tick">
            <line x1={left} x2={width - right} y1={top(tick)} y2={top(tick)} />
            <text x={left - 8} y={top(tick) + 4} textAnchor="end">
              {f.number(tick, digits)}
            </text>
          </g>
        ))}
        {part === 'main' ? <Zones points={points} x={x} top={top} step={step} /> : null}
        <Steps points={points} part={part} x={x} top={top} step={step} />
        {last ? (
          <g className="limit-names">
            <text x={width - right + 6} y={top(last.upper) + 4}>{`UCL ${f.number(last.upper, digits)}`}</text>
            <text x={width - right + 6} y={top(last.centre) + 4}>{`CL ${f.number(last.centre, digits)}`}</text>
            {last.lower === null ? null : (
              <text x={width - right + 6} y={top(last.lower) + 4}>{`LCL ${f.number(last.lower, digits)}`}</text>
            )}
          </g>
        ) : null}
        <Line points={points} part={part} x={x} top={top} />
        {points.map((point, i) => {
          const value = point[part]?.value;
          if (value === null || value === undefined) return null;
          const hit = part === 'main' ? point.hits.length > 0 : point.spreadHit;
          const label = `${f.dateTime(point.time / 1000)} ${f.number(value, digits)}${hit ? ` · ${ruleNames(point)}` : ''}`;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a point of a drawing cannot be a button element
            <g
              key={point.key}
              className={`point${hit ? ' hit' : ''}${point.key === chosen ? ' chosen' : ''}`}
              role="button"
              tabIndex={hit || point.key === chosen ? 0 : -1}
              aria-label={label}
              onClick={() => onChoose(point.key)}
              onKeyDown={(e) => {
                if (e.key === 'Enter') onChoose(point.key);
              }}
            >
              <title>{label}</title>
              <rect className="touch" x={x(i) - step / 2} y={10} width={step} height={height - 34} />
              <Mark point={point} hit={hit} x={x(i)} y={top(value)} />
              {hit && part === 'main' ? (
                <text x={x(i)} y={top(value) - 9} textAnchor="middle">
                  {ruleNames(point)}
                </text>
              ) : null}
            </g>
          );
        })}
        <text className="axis" x={left} y={height - 8}>
          {points[0] ? f.dateTime(points[0].time / 1000) : ''}
        </text>
        <text className="axis" x={width - right} y={height - 8} textAnchor="end">
          {points.length > 0 ? f.dateTime(points.at(-1)!.time / 1000) : ''}
        </text>
        {points.length === 0 ? (
          <text x={width / 2} y={height / 2} textAnchor="middle">
            {t('quality.noPoints')}
          </text>
        ) : null}
      </svg>
    </figure>
  );
}

/** `1 5`: numbers of Nelson's rules; a letter before the others. */
export function ruleNames(point: Pick<Point, 'hits'>): string {
  return point.hits.map((rule) => (rule.startsWith('n') ? rule.slice(1) : rule.toUpperCase())).join(' ');
}

function Mark({ point, hit, x, y }: { point: Point; hit: boolean; x: number; y: number }) {
  if (point.excluded !== null)
    return <path className="left-out" d={`M${x - 4},${y - 4}L${x + 4},${y + 4}M${x - 4},${y + 4}L${x + 4},${y - 4}`} />;
  if (hit) return <rect className="mark" x={x - 4} y={y - 4} width={8} height={8} />;
  return <circle className="mark" cx={x} cy={y} r={3} />;
}

interface Drawing {
  points: readonly Point[];
  x: (i: number) => number;
  top: (v: number) => number;
}

/** The curve, broken at missing points, points left out and stages. */
function Line({ points, part, x, top }: Drawing & { part: 'main' | 'spread' }) {
  let path = '';
  let open = false;
  points.forEach((point, i) => {
    const value = point[part]?.value;
    if (value === null || value === undefined || point.excluded !== null) {
      open = false;
      return;
    }
    if (i > 0 && points[i - 1]!.stage !== point.stage) open = false;
    path += `${open ? 'L' : 'M'}${x(i)},${top(value)}`;
    open = true;
  });
  return <path className="curve" d={path} />;
}

/** Limits as steps: they change with the sample size and with the stage. */
function Steps({ points, part, x, top, step }: Drawing & { part: 'main' | 'spread'; step: number }) {
  const names = ['upper', 'centre', 'lower'] as const;
  return (
    <>
      {names.map((name) => {
        let path = '';
        let before: number | null = null;
        points.forEach((point, i) => {
          const value = point[part]?.[name] ?? null;
          if (value === null) {
            before = null;
            return;
          }
          const from = x(i) - step / 2;
          path += before === null ? `M${from},${top(value)}` : `L${from},${top(value)}`;
          path += `L${from + step},${top(value)}`;
          before = value;
        });
        return <path key={name} className={name === 'centre' ? 'centre' : 'limit'} d={path} />;
      })}
      {points.map((point, i) =>
        i > 0 && points[i - 1]!.stage !== point.stage ? (
          <g key={point.key} className="stage">
            <line x1={x(i) - step / 2} x2={x(i) - step / 2} y1={0} y2="100%" />
            <text x={x(i) - step / 2 + 4} y={12}>
              {point.stage}
            </text>
          </g>
        ) : null,
      )}
    </>
  );
}

/** Lines at one and two sigma where the limits are straight. */
function Zones({ points, x, top, step }: Drawing & { step: number }) {
  const first = points[0]?.main;
  if (!first || first.lower === null || points.some((p) => p.main.upper !== first.upper)) return null;
  const sigma = (first.upper - first.centre) / 3;
  const [from, to] = [x(0) - step / 2, x(points.length - 1) + step / 2];
  return (
    <>
      {[-2, -1, 1, 2].map((k) => {
        const at = top(first.centre + k * sigma);
        return <line key={k} className="zone" x1={from} x2={to} y1={at} y2={at} />;
      })}
    </>
  );
}
