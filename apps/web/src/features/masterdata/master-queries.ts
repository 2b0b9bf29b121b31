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
  queryFn: async ({ signal }) => (await api.importTargets({ signal })).map(withCapitals),
  staleTime: 300_000,
});

type Name = { ko: string; en: string };
const capital = (name: Name): Name => ({ ...name, en: name.en.charAt(0).toUpperCase() + name.en.slice(1) });

/** The server's errors name columns within sentences; here they stand alone. */
function withCapitals(target: Awaited<ReturnType<typeof api.importTargets>>[number]) {
  const columns = target.columns.map((column) => ({
    ...column,
    name: capital(column.name),
    choices: column.choices.map((choice) => ({ ...choice, name: capital(choice.name) })),
  }));
  return { ...target, title: capital(target.title), columns };
}

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
