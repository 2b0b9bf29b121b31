import type { MasterData } from '@deungdae/contracts/master.ts';
import { useMemo } from 'react';
import { api } from '../../api/client.generated.ts';
import { queryClient } from '../../api/queries.ts';
import { type ChoiceSource, choiceLimit } from '../../ui/choice-source.ts';
import { fixedSource } from '../../ui/pick-sources.ts';

type Plan = MasterData<'inspectionPlan'>;
type Characteristic = Plan['characteristics'][number];
const maxPlans = 1000;

async function plansInUse() {
  const { records } = await queryClient.fetchQuery({
    queryKey: ['master', 'inspectionPlan', 'characteristics'],
    queryFn: ({ signal }) => api.masterRecords({ kind: 'inspectionPlan' }, { limit: maxPlans }, { signal }),
    staleTime: 60_000,
  });
  const newest = new Map<string, Plan>();
  for (const { code, active, data } of records) if (active) newest.set(code, data as unknown as Plan);
  return newest;
}

/** A value is the plan's code and the characteristic's id, a line each. */
export async function characteristicOf(value: string): Promise<Characteristic | null> {
  const [plan = '', id] = value.split('\n');
  return (await plansInUse()).get(plan)?.characteristics.find((c) => c.id === id) ?? null;
}

/** Characteristics of the control plans: found by item, plan and characteristic. */
export function useCharacteristicSource(): ChoiceSource {
  return useMemo(() => {
    const all = async () =>
      [...(await plansInUse())].flatMap(([code, plan]) =>
        plan.characteristics.map((c) => ({
          value: `${code}\n${c.id}`,
          name: `${c.name} · ${plan.name}`,
          code: `${plan.item} / ${code} / ${c.id}`,
        })),
      );
    return {
      key: ['characteristics'],
      find: async (words) => (await fixedSource([], await all()).find(words)).slice(0, choiceLimit),
      named: async (values) => (await all()).filter((c) => values.includes(c.value)),
    };
  }, []);
}
