import type { ConnectionHealth } from '@deungdae/contracts/api-entities.ts';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconLoader,
  IconPlayerPause,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { useText } from '../../i18n/i18n.ts';

type Status = ConnectionHealth['status'];
export const statusOrder: readonly Status[] = ['lost', 'degraded', 'connecting', 'connected', 'disabled'];

const icons: Record<Status, typeof IconLoader> = {
  connected: IconCircleCheck,
  connecting: IconLoader,
  degraded: IconAlertTriangle,
  lost: IconPlugConnectedX,
  disabled: IconPlayerPause,
};

export function ConnectionStatus({ status }: { status: Status }) {
  const t = useText();
  const Icon = icons[status];
  return (
    <span className={`connection-status status-${status}`}>
      <Icon size={17} aria-hidden />
      {t(`connection.${status}`)}
    </span>
  );
}
