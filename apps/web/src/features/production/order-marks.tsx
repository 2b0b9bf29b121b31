import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import {
  IconCircle,
  IconCircleCheck,
  IconCircleX,
  IconHandStop,
  IconLock,
  IconPlayerPlay,
  IconSend,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';

const icons = {
  planned: IconCircle,
  released: IconSend,
  running: IconPlayerPlay,
  held: IconHandStop,
  finished: IconCircleCheck,
  closed: IconLock,
  cancelled: IconCircleX,
} as const;

/** State of an order: a sign and a word, so that colour alone never tells it. */
export function OrderStatus({ status }: { status: WorkOrder['status'] }) {
  const t = useText();
  const Icon = icons[status];
  return (
    <span className={`order-status ${status === 'held' ? 'late' : ''}`}>
      <Icon size={16} aria-hidden /> {t(`production.status.${status}`)}
    </span>
  );
}

/** Good of planned, with a bar. */
export function Progress({ good, planned }: { good: number; planned: number }) {
  const f = useFormats();
  const share = planned > 0 ? Math.min(1, good / planned) : 0;
  return (
    <span className="progress-cell">
      <span className="nowrap">
        {f.number(good)} / {f.number(planned)}
      </span>
      <div aria-hidden>
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </span>
  );
}

/** A due date, marked when it has passed and the order is not done. */
export function Due({ due, over, now }: { due: number | null; over: boolean; now: number }) {
  const f = useFormats();
  const t = useText();
  if (due === null) return <span className="muted">–</span>;
  const late = !over && due / 1000 < now;
  return (
    <span className={late ? 'late-text nowrap' : 'nowrap'}>
      {f.dateTime(due / 1000)}
      {late ? ` (${t('production.late')})` : ''}
    </span>
  );
}

/** A name and what it holds, in a row of such. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
