import type { MachineState } from '@deungdae/contracts/equipment.ts';
import type uPlot from 'uplot';

/** What is drawn around the curves: states behind them, alarm limits, the pinned cursor, the present. */
export interface ChartMarks {
  states: readonly { from: number; to: number; state: MachineState }[];
  limits: readonly { scale: string; value: number; colour: string; label: string }[];
  /** ms */
  pinned: number | null;
  now: number;
}

const tints: Partial<Record<MachineState, string>> = {
  unplannedStop: '26',
  setup: '22',
  plannedStop: '1c',
  idle: '14',
  noData: '12',
  off: '1c',
};

export function marksPlugin(read: () => ChartMarks, colour: (name: string) => string): uPlot.Plugin {
  const x = (u: uPlot, ms: number) => u.valToPos(ms / 1000, 'x', true);
  return {
    hooks: {
      drawClear: (u) => {
        const { left, top, width, height } = u.bbox;
        for (const band of read().states) {
          const tint = tints[band.state];
          const from = Math.max(left, x(u, band.from));
          const to = Math.min(left + width, x(u, band.to));
          if (!tint || to <= from) continue;
          u.ctx.fillStyle = `${colour(`--${band.state}`)}${tint}`;
          u.ctx.fillRect(from, top, Math.max(1, to - from), height);
          // A line on top in full colour: the tint alone is too faint to tell states apart.
          u.ctx.fillStyle = colour(`--${band.state}`);
          u.ctx.fillRect(from, top, Math.max(1, to - from), 3 * devicePixelRatio);
        }
      },
      draw: (u) => {
        const marks = read();
        const { ctx, bbox } = u;
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        ctx.font = `${11 * devicePixelRatio}px 'Pretendard Variable', sans-serif`;
        ctx.lineWidth = devicePixelRatio;
        for (const limit of marks.limits) {
          if (!u.scales[limit.scale]) continue;
          const y = u.valToPos(limit.value, limit.scale, true);
          ctx.strokeStyle = limit.colour;
          ctx.fillStyle = limit.colour;
          ctx.setLineDash([8 * devicePixelRatio, 4 * devicePixelRatio]);
          line(ctx, bbox.left, y, bbox.left + bbox.width, y);
          ctx.fillText(limit.label, bbox.left + 6 * devicePixelRatio, y - 4 * devicePixelRatio);
        }
        ctx.setLineDash([]);
        ctx.strokeStyle = colour('--line-strong');
        const now = x(u, marks.now);
        if (now > bbox.left && now < bbox.left + bbox.width) line(ctx, now, bbox.top, now, bbox.top + bbox.height);
        if (marks.pinned !== null) {
          ctx.strokeStyle = colour('--accent');
          ctx.lineWidth = 2 * devicePixelRatio;
          const at = x(u, marks.pinned);
          line(ctx, at, bbox.top, at, bbox.top + bbox.height);
        }
        ctx.restore();
      },
    },
  };
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
