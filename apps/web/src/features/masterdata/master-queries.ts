import type { MasterKind } from '@deungdae/contracts/master.ts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useLanguage } from '../../i18n/i18n.ts';

const kindsQuery = queryOptions({
  queryKey: ['master', 'kinds'],
  queryFn: ({ signal }) => api.masterKinds({ signal }),
  staleTime: 60_000,
});
const targetsQuery = queryOptions({
  queryKey: ['import-targets'],
  queryFn: ({ signal }) => api.importTargets({ signal }),
  staleTime: 300_000,
});

export type ImportTarget = Awaited<ReturnType<typeof api.importTargets>>[number];

export const useKinds = () => useQuery(kindsQuery);
export const useTargets = () => useQuery(targetsQuery);

/** Names of fields and of their values in the screen's language: those that the import knows them by. */
export function useFieldNames(kind: MasterKind) {
  const language = useLanguage() === 'ko' ? 'ko' : 'en';
  const { data } = useTargets();
  const columns = data?.find((target) => target.id === kind)?.columns ?? [];
  return {
    field: (id: string) => columns.find((c) => c.id === id)?.name[language] ?? id,
    choice: (id: string, value: string) =>
      columns.find((c) => c.id === id)?.choices.find((c) => c.value === value)?.name[language] ?? value,
  };
}
export type FieldNames = ReturnType<typeof useFieldNames>;
