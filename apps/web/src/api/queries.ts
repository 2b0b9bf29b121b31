import { keepPreviousData, QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLanguage } from '../i18n/i18n.ts';
import { plantText } from '../ui/text.ts';
import { api } from './client.generated.ts';
import { ApiFailure } from './http.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 300_000,
      refetchOnWindowFocus: true,
      // A refusal does not change by asking again; a lost network does.
      retry: (count, error) =>
        count < 2 && (!(error instanceof ApiFailure) || error.status === 0 || error.status >= 500),
      placeholderData: keepPreviousData,
    },
  },
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.me({ signal }),
  staleTime: 300_000,
  retry: false,
});
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => api.setupState({ signal }),
  staleTime: 60_000,
});
export const plantQuery = queryOptions({
  queryKey: ['plant'],
  queryFn: ({ signal }) => api.plant({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
export const floorQuery = queryOptions({
  queryKey: ['floor'],
  queryFn: ({ signal }) => api.floor({ signal }),
});
export const catalogueQuery = queryOptions({
  queryKey: ['signals', 'all'],
  queryFn: ({ signal }) => api.signals({ limit: 5000 }, { signal }),
  staleTime: 300_000,
});

export type PlantNode = Awaited<ReturnType<typeof api.plant>>['nodes'][number];
export type PlantReason = Awaited<ReturnType<typeof api.plant>>['reasons'][number];

export interface PlantIndex {
  nodes: readonly PlantNode[];
  node(path: string): PlantNode | undefined;
  /** Name in the screen's language; the last part of the path for one that is not in the plant any more. */
  name(path: string): string;
  reasons: readonly PlantReason[];
  reasonName(id: string | null): string | null;
  /** The site, or whatever stands highest and holds machines. */
  root: string;
}

/** The running plant with names in the screen's language. */
export function usePlantIndex(): PlantIndex {
  const { data } = useQuery(plantQuery);
  const language = useLanguage();
  return useMemo(() => {
    const nodes = data?.nodes ?? [];
    const reasons = data?.reasons ?? [];
    const byPath = new Map(nodes.map((node) => [node.path, node]));
    const reasonById = new Map(reasons.map((reason) => [reason.id, reason]));
    const sites = nodes.filter((node) => node.level === 'site');
    return {
      nodes,
      reasons,
      node: (path) => byPath.get(path),
      name: (path) => {
        const node = byPath.get(path);
        return (node && plantText(node.name, language)) || (path.split('/').at(-1) ?? path);
      },
      reasonName: (id) => (id === null ? null : plantText(reasonById.get(id)?.name ?? id, language)),
      root: (sites.length === 1 ? sites[0]?.path : nodes.find((node) => node.level === 'enterprise')?.path) ?? '',
    };
  }, [data, language]);
}
