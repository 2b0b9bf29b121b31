import { notifications } from '@mantine/notifications';
import { translate } from '../i18n/i18n.ts';
import { errorParts } from './messages.tsx';

export function showDone(message: string): void {
  notifications.show({ message, color: 'gray', autoClose: 3000 });
}

/** What happened, what to do, and the code; stays until closed. */
export function showFailure(error: unknown): void {
  const { message, advice, code } = errorParts(error);
  notifications.show({
    title: message,
    message: `${advice} (${translate('error.code')} ${code})`,
    color: 'red',
    autoClose: false,
  });
}
