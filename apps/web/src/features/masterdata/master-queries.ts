import type { MasterKind } from '@deungdae/contracts/master.ts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { type TextKey, useLanguage, useText } from '../../i18n/i18n.ts';

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

/** Fields that no column of an import has a name for. */
const ownFields: Readonly<Record<string, TextKey>> = {
  documents: 'masterdata.documents',
  picture: 'masterdata.picture',
  parallelOrders: 'masterdata.parallelOrders',
  order: 'masterdata.order',
  optional: 'masterdata.optional',
  partners: 'masterdata.partners',
  inspectionPlans: 'masterdata.inspectionPlans',
  blockedCavities: 'masterdata.blockedCavities',
  machine: 'masterdata.machine',
  items: 'masterdata.items',
  signal: 'masterdata.signal',
  chart: 'masterdata.chart',
  subgroup: 'masterdata.subgroup',
  rules: 'masterdata.rules',
  working: 'masterdata.working',
};

/** A value of such a field; null for what has no word of its own. */
function ownChoice(field: string, value: string): TextKey | null {
  switch (field) {
    case 'order':
      return value === 'free' ? 'masterdata.order.free' : 'masterdata.order.fixed';
    case 'chart':
      return `quality.chartKind.${value}` as TextKey;
    case 'rules':
      return `quality.rule.${value}` as TextKey;
    default:
      return null;
  }
}

/** Names of fields and of their values in the screen's language: those that the import knows them by, else our own. */
export function useFieldNames(kind: MasterKind) {
  const t = useText();
  const language = useLanguage() === 'ko' ? 'ko' : 'en';
  const { data } = useTargets();
  const columns = data?.find((target) => target.id === kind)?.columns ?? [];
  return {
    field: (id: string) => {
      const own = ownFields[id];
      return columns.find((c) => c.id === id)?.name[language] ?? (own ? t(own) : id);
    },
    choice: (id: string, value: string) => {
      const own = ownChoice(id, value);
      return (
        columns.find((c) => c.id === id)?.choices.find((c) => c.value === value)?.name[language] ??
        (own ? t(own) : value)
      );
    },
  };
}
export type FieldNames = ReturnType<typeof useFieldNames>;
