import type { MaintenanceOrder, Subject } from '@deungdae/contracts/maintenance.ts';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n.ts';
import './maintenance.css';

/** Keys of every query of this feature begin so: one change, and all that stands on the screen is asked again. */
export const maintenanceKey = 'maintenance';

export function usePeople() {
  return useQuery({
    queryKey: ['people', 'all'],
    queryFn: ({ signal }) => api.people({ inactive: 'true' }, { signal }),
    staleTime: 60_000,
  });
}

/** Name of a person by id; what is not known stays as it is, such as a name that a kiosk gave. */
export function usePersonName(): (id: string | null) => string {
  const { data } = usePeople();
  const t = useText();
  return useMemo(() => {
    const names = new Map(data?.map((person) => [person.id, person.name]));
    const system = new Map([['maintenance-plans', t('maintenance.bySystem')]]);
    return (id) => (id === null ? '' : (names.get(id) ?? system.get(id) ?? id));
  }, [data, t]);
}

/** Machine by its name in the plant, tool by its name in the master data. */
export function useSubjectName(): (subject: Subject) => string {
  const plant = usePlantIndex();
  const tools = useQuery({
    queryKey: [maintenanceKey, 'tools'],
    queryFn: ({ signal }) => api.toolCards({}, { signal }),
    staleTime: 60_000,
  });
  return useMemo(() => {
    const names = new Map(tools.data?.map((card) => [card.tool, card.name]));
    return ({ kind, id }) => (kind === 'machine' ? plant.name(id) : `${names.get(id) ?? id} (${id})`);
  }, [plant, tools.data]);
}

/** How much of an interval is used up: grey, then amber near its end, red past it; always with the figure. */
export function ShareBar({ share, children }: { share: number | null; children?: ReactNode }) {
  if (share === null) return <span className="muted">–</span>;
  const tone = share >= 1 ? 'late' : share >= 0.9 ? 'near' : '';
  return (
    <span className={`share-bar ${tone}`}>
      <span className="share-track" aria-hidden>
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      <span className="nowrap">
        {Math.round(share * 100)}%{children ? <span className="muted"> {children}</span> : null}
      </span>
    </span>
  );
}

export function OrderStatus({ order }: { order: Pick<MaintenanceOrder, 'status' | 'priority'> }) {
  const t = useText();
  const open = order.status !== 'verified' && order.status !== 'cancelled' && order.status !== 'done';
  const urgent = open && (order.priority === 'stopped' || order.priority === 'high');
  return (
    <span className={`mt-status ${urgent ? order.priority : ''}`}>
      {t(`maintenance.status.${order.status}`)}
      {urgent ? <strong> · {t(`maintenance.priority.${order.priority}`)}</strong> : null}
    </span>
  );
}

/** A title, a count and what stands under it. */
export function Section({
  title,
  count,
  action,
  children,
}: {
  title: string;
  count?: number;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
        {count === undefined ? null : <span className="muted">{count}</span>}
        {action ? <span className="push row">{action}</span> : null}
      </div>
      {children}
    </section>
  );
}
