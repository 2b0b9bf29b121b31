import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useImperativeHandle, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { download } from '../../ui/csv.ts';
import type { Aligned } from './align.ts';
import type { ChartMarks } from './chart-marks.ts';
import { type ChartSignal, chartOptions } from './chart-options.ts';
import { listenToGestures } from './gestures.ts';
import { type View, viewForKey } from './view.ts';

export interface TrendChartHandle {
  savePng(name: string): void;
}

interface Props {
  signals: readonly ChartSignal[];
  data: Aligned;
  view: View;
  marks: ChartMarks;
  height: number;
  onView: (view: View) => void;
  onReset: () => void;
  /** ms under the pointer, or null outside. */
  onCursor: (at: number | null) => void;
  onPin: (at: number | null) => void;
  /** Left edge and width of the plot, px, for what is drawn below it. */
  onPlot: (box: { left: number; width: number }) => void;
  handle?: React.Ref<TrendChartHandle>;
}

/** The curves. Moves at once with the hand; the data that fit the new view come after. */
export function TrendChart(props: Props) {
  const t = useText();
  const f = useFormats();
  const zone = usePlantZone();
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const shape = JSON.stringify([props.signals.map((s) => [s.info.id, s.hidden, s.earlier, s.colour])]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made anew only when its shape changes
  useEffect(() => {
    if (!host.current || width < 50) return;
    const styles = getComputedStyle(document.documentElement);
    const options = chartOptions(latest.current.signals, {
      width,
      height: latest.current.height,
      scheme,
      zone,
      marks: () => latest.current.marks,
      colour: (name) => styles.getPropertyValue(name).trim(),
      text: (seconds, step) =>
        seconds.map((s) =>
          step >= 86_400 ? f.day(s * 1000) : step < 60 ? f.timeSeconds(s * 1000) : axisTime(s * 1000, f),
        ),
    });
    options.hooks = {
      setCursor: [
        (u) =>
          latest.current.onCursor(
            u.cursor.left !== undefined && u.cursor.left >= 0 ? u.posToVal(u.cursor.left, 'x') * 1000 : null,
          ),
      ],
      ready: [(u) => tellPlot(u, latest.current.onPlot)],
    };
    const u = new uPlot(options, tableOf(latest.current.data), host.current);
    plot.current = u;
    u.setScale('x', secondsOf(latest.current.view));
    tellPlot(u, latest.current.onPlot);
    const end = listenToGestures(u.over, {
      view: () => viewOf(u),
      move: (view) => {
        u.setScale('x', secondsOf(view));
        latest.current.onView(view);
      },
      press: (share) => {
        const view = viewOf(u);
        latest.current.onPin(view.from + share * (view.to - view.from));
      },
      reset: () => latest.current.onReset(),
    });
    return () => {
      end();
      u.destroy();
      plot.current = null;
    };
  }, [shape, width, scheme, zone, f]);

  const { data, view, marks, height } = props;
  useEffect(() => {
    plot.current?.setData(tableOf(data), false);
    plot.current?.setScale('x', secondsOf(latest.current.view));
  }, [data]);
  useEffect(() => {
    plot.current?.setScale('x', secondsOf(view));
  }, [view]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again because what it draws has changed
  useEffect(() => plot.current?.redraw(false), [marks]);
  useEffect(() => {
    if (width > 50) plot.current?.setSize({ width, height });
  }, [height, width]);

  useImperativeHandle(
    props.handle,
    () => ({
      savePng: (name) => {
        const u = plot.current;
        if (!u) return;
        const canvas = document.createElement('canvas');
        canvas.width = u.ctx.canvas.width;
        canvas.height = u.ctx.canvas.height;
        const ctx = canvas.getContext('2d');
        if (!ctx) return;
        ctx.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--surface');
        ctx.fillRect(0, 0, canvas.width, canvas.height);
        ctx.drawImage(u.ctx.canvas, 0, 0);
        canvas.toBlob((blob) => blob && download(name, blob));
      },
    }),
    [],
  );

  const onKey = (event: React.KeyboardEvent) => {
    const u = plot.current;
    const next = u ? viewForKey(viewOf(u), event.key) : null;
    if (next) {
      event.preventDefault();
      props.onView(next);
    }
    if (event.key === 'Escape') props.onPin(null);
    if (event.key === 'Home') props.onReset();
  };

  return (
    <div
      ref={ref}
      className="trend-chart"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is driven by keys
      tabIndex={0}
      aria-label={t('trends.chart')}
      onKeyDown={onKey}
    >
      <div ref={host} style={{ height }} />
    </div>
  );
}

function axisTime(ms: number, f: ReturnType<typeof useFormats>): string {
  const time = f.time(ms);
  return time === '00:00' ? f.day(ms) : time;
}
function tableOf(data: Aligned): uPlot.AlignedData {
  return [data.x, ...data.columns] as uPlot.AlignedData;
}
function secondsOf(view: View) {
  return { min: view.from / 1000, max: view.to / 1000 };
}
function viewOf(u: uPlot): View {
  return { from: (u.scales.x?.min ?? 0) * 1000, to: (u.scales.x?.max ?? 1) * 1000 };
}
function tellPlot(u: uPlot, tell: Props['onPlot']) {
  tell({ left: u.bbox.left / devicePixelRatio, width: u.bbox.width / devicePixelRatio });
}
