import type { MasterKind } from '@deungdae/contracts/master.ts';
import { useMemo } from 'react';
import { api } from '../../api/client.generated.ts';
import { type ChoiceSource, choiceLimit } from '../../ui/choice-source.ts';
import { useMachineSource, useMasterSource, useSignalSource } from '../../ui/pick-sources.ts';

/** Fields that name a record of another kind, whichever record they stand in. */
const recordFields = {
  ...{ item: 'item', items: 'item', component: 'item', alternates: 'item', workCentre: 'workCentre' },
  ...{ partner: 'partner', partners: 'partner', owner: 'partner', tools: 'tool', gauge: 'tool' },
  ...{ skills: 'skill', inspectionPlans: 'inspectionPlan', location: 'location' },
} as const satisfies Record<string, MasterKind>;

/** Where a field of a kind's record finds what it names; null for a field that is a plain text. */
export function useReferences(kind: MasterKind): (field: string) => ChoiceSource | null {
  const records = {
    item: useMasterSource('item'),
    workCentre: useMasterSource('workCentre'),
    partner: useMasterSource('partner'),
    tool: useMasterSource('tool'),
    skill: useMasterSource('skill'),
    inspectionPlan: useMasterSource('inspectionPlan'),
    location: useMasterSource('location'),
    reason: useMasterSource('reason'),
  };
  const machines = useMachineSource();
  const signals = useSignalSource({ numbers: true });
  const documents = useDocumentSource();
  return (field) => {
    if (field in recordFields) return records[recordFields[field as keyof typeof recordFields]];
    if (field === 'parent') return kind === 'reason' ? records.reason : records.location;
    if (field === 'machine' || field === 'machines') return machines;
    if (field === 'signal') return signals;
    return field === 'documents' || field === 'picture' ? documents : null;
  };
}

/** Drawings, instructions and pictures by the name of their file. */
function useDocumentSource(): ChoiceSource {
  return useMemo(
    () => ({
      key: ['documents'],
      find: async (words, signal) => {
        const query = { limit: choiceLimit, ...(words ? { search: words } : {}) };
        const found = await api.documents(query, signal ? { signal } : {});
        return found.map(({ id, name }) => ({ value: id, name, code: id.slice(0, 8) }));
      },
      named: async (values, signal) => {
        const found = await api.documents({ ids: values.join(',') }, signal ? { signal } : {});
        return found.map(({ id, name }) => ({ value: id, name, code: id.slice(0, 8) }));
      },
    }),
    [],
  );
}
