import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';

/** Long enough not to ask at every key, short enough to feel at once. */
const restMs = 350;

/** The server's opinion of the text while it is typed. */
export function useCheck(text: string, enabled: boolean) {
  const [rested] = useDebouncedValue(text, restMs);
  const query = useQuery({
    queryKey: ['plantCheck', rested],
    queryFn: ({ signal }) => api.checkPlantFile({ text: rested }, { signal }),
    enabled,
    gcTime: 5000,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { data: query.data, error: query.error, isFetching: query.isFetching || (enabled && rested !== text) };
}
