import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api } from '../api/client.generated.ts';
import { usePlantIndex } from '../api/queries.ts';
import { useNow } from '../ui/use-now.ts';
import { parseWindow, resolveWindow, type Shift, type TimeWindow, type WindowSearch } from './window.ts';
import { usePlantZone } from './zone-context.ts';
import { dayStart } from './zoned.ts';

const day = 86_400_000;
/** How far around the moment shifts are looked up: four days back reaches over a weekend. */
const shiftReachDays = 4;

/** Shifts around a moment, ms. */
function useShifts(at: number): { shifts: readonly Shift[]; ready: boolean } {
  const zone = usePlantZone();
  const { root } = usePlantIndex();
  const from = dayStart(at, zone, -shiftReachDays) * 1000;
  const to = (dayStart(at, zone, 2) + day) * 1000;
  const { data, isPending } = useQuery({
    queryKey: ['shifts', root, from, to],
    queryFn: ({ signal }) => api.shifts({ path: root, from, to }, { signal }),
    enabled: root !== '',
    staleTime: 3_600_000,
  });
  const shifts = useMemo(
    () => (data ?? []).map((s) => ({ id: s.id, name: s.name, from: s.from / 1000, to: s.to / 1000 })),
    [data],
  );
  return { shifts, ready: !isPending };
}

export interface WindowControl {
  /** False until it is known which shift is meant: what is asked before would be asked for nothing. */
  ready: boolean;
  window: TimeWindow;
  shifts: readonly Shift[];
  now: number;
  /** µs for the API; a live window ends at the present, moving on every half minute. */
  query: { from: number; to: number };
  set(search: WindowSearch): void;
}

const tickMs = 30_000;

/** The window of the address, and how to change it. */
export function useWindow(): WindowControl {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const search = useMemo(
    () => parseWindow({ span: raw.span, from: raw.from, to: raw.to }),
    [raw.span, raw.from, raw.to],
  );
  const now = useNow(tickMs);
  const zone = usePlantZone();
  const { shifts, ready: known } = useShifts(search.from ?? now);
  const ready = known || (search.span ?? 'shift') !== 'shift';
  const navigate = useNavigate();
  return useMemo(() => {
    const window = resolveWindow(search, now, zone, shifts);
    const end = window.live ? Math.max(window.from + 60_000, Math.min(window.to, now)) : window.to;
    return {
      ready,
      window,
      shifts,
      now,
      query: { from: window.from * 1000, to: end * 1000 },
      set: (next) =>
        void navigate({
          to: '.',
          search: (previous: Record<string, unknown>) => ({
            ...previous,
            span: next.span,
            from: next.from,
            to: next.to,
          }),
          replace: true,
        } as never),
    };
  }, [search, now, zone, shifts, ready, navigate]);
}
