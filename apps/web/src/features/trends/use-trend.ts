import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import type { View } from './view.ts';

/** Half a window more on each side: a pan finds its data already there. */
const margin = 0.5;
const liveRefreshMs = 5000;

/** Series of the signals around a view, ms; one bucket a pixel. The former data stay until the finer ones are here. */
export function useTrend(ids: readonly number[], view: View, pixels: number, live: boolean, offsetMs = 0) {
  const width = view.to - view.from;
  const from = Math.round((view.from - width * margin - offsetMs) * 1000);
  const to = Math.round((view.to + width * margin - offsetMs) * 1000);
  // Widths in steps: a resized window does not ask anew for every pixel.
  const buckets = Math.min(10_000, Math.max(400, Math.ceil((pixels * (1 + 2 * margin)) / 200) * 200));
  return useQuery({
    queryKey: ['trend', ids.join(','), from, to, buckets],
    queryFn: ({ signal }) => api.trend({ ids: ids.join(','), from, to, width: buckets }, { signal }),
    enabled: ids.length > 0 && pixels > 0,
    staleTime: live ? 0 : 60_000,
    gcTime: 60_000,
    refetchInterval: live ? liveRefreshMs : false,
  });
}
