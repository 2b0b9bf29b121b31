import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import uPlot from 'uplot';
import { unitText } from '../../i18n/units.ts';
import type { ChartMarks } from './chart-marks.ts';
import { marksPlugin } from './chart-marks.ts';
import { lineColour, lineDash } from './colours.ts';

export interface ChartSignal {
  info: SignalInfo;
  hidden: boolean;
  /** Of an earlier window, drawn pale and dashed. */
  earlier: boolean;
  colour: number;
}

const stepped = uPlot.paths.stepped?.({ align: 1 });
const linear = uPlot.paths.linear?.();

/** Signals of one unit share a scale; scales stand left, right, left … of the plot. */
export function chartOptions(
  signals: readonly ChartSignal[],
  options: {
    width: number;
    height: number;
    scheme: 'light' | 'dark';
    zone: string;
    text: (seconds: number[], stepSeconds: number) => string[];
    marks: () => ChartMarks;
    colour: (name: string) => string;
  },
): uPlot.Options {
  const units = [...new Set(signals.filter((s) => !s.hidden).map((s) => s.info.unit ?? ''))];
  const { colour } = options;
  const line = { stroke: colour('--line'), width: 1 };
  const font = "12px 'Pretendard Variable', sans-serif";
  return {
    width: options.width,
    height: options.height,
    ms: 1e-3,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), options.zone),
    legend: { show: false },
    cursor: { drag: { x: false, y: false, setScale: false }, points: { size: 7 }, y: false },
    scales: {
      x: { time: true },
      ...Object.fromEntries(units.map((unit) => [scaleOf(unit), { auto: true, range: roomy }])),
    },
    axes: [
      {
        stroke: colour('--text-2'),
        font,
        grid: line,
        ticks: line,
        values: (_u, splits, _axis, _space, step) => options.text(splits, step),
        space: 84,
      },
      ...units.map(
        (unit, index): uPlot.Axis => ({
          scale: scaleOf(unit),
          side: index % 2 === 0 ? 3 : 1,
          stroke: colour('--text-2'),
          font,
          size: 58,
          grid: { ...line, show: index === 0 },
          ticks: line,
          values: (_u, splits) =>
            splits.map(
              (v, i) => `${Number(v.toPrecision(6))}${i === splits.length - 1 && unit ? ` ${unitText(unit)}` : ''}`,
            ),
        }),
      ),
    ],
    series: [
      {},
      ...signals.flatMap((signal): uPlot.Series[] => {
        const stroke = lineColour(signal.colour, options.scheme);
        const paths = signal.info.kind === 'number' ? linear : stepped;
        const base = { scale: scaleOf(signal.info.unit ?? ''), show: !signal.hidden, ...(paths ? { paths } : {}) };
        const edge = { ...base, stroke: 'transparent', width: 0, points: { show: false } };
        return [
          {
            ...base,
            stroke: signal.earlier ? `${stroke}90` : stroke,
            width: signal.earlier ? 1 : 1.5,
            dash: signal.earlier ? [5, 4] : lineDash(signal.colour),
          },
          edge,
          edge,
        ];
      }),
    ],
    bands: signals.flatMap((signal, index): uPlot.Band[] =>
      signal.hidden || signal.earlier
        ? []
        : [{ series: [3 * index + 3, 3 * index + 2], fill: `${lineColour(signal.colour, options.scheme)}2e` }],
    ),
    plugins: [marksPlugin(options.marks, colour)],
  };
}

export function scaleOf(unit: string): string {
  return `y:${unit}`;
}

/** A tenth of room above and below; a flat line stands in the middle. */
function roomy(_u: uPlot, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = max > min ? (max - min) * 0.1 : Math.max(1, Math.abs(max) * 0.1);
  return [min - room, max + room];
}
