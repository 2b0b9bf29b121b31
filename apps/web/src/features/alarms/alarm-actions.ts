import { api } from '../../api/client.generated.ts';
import { translate } from '../../i18n/i18n.ts';
import { liveStore } from '../../live/use-live.ts';
import { showDone, showFailure } from '../../ui/notify.ts';

/** Acknowledges, and shows the result at once; the live frame that follows says the same. */
export async function acknowledge(ids: readonly string[], note = ''): Promise<void> {
  try {
    liveStore.put(await api.acknowledgeAlarms({ ids: [...ids], note }));
    showDone(translate('alarms.acknowledged', { n: ids.length }));
  } catch (error) {
    showFailure(error);
  }
}

export async function shelve(id: string, minutes: number, reason: string): Promise<void> {
  liveStore.put([await api.shelveAlarm({ id }, { minutes, reason })]);
}

export async function unshelve(id: string): Promise<void> {
  try {
    liveStore.put([await api.unshelveAlarm({ id })]);
  } catch (error) {
    showFailure(error);
  }
}

export async function setService(id: string, inService: boolean, reason: string): Promise<void> {
  liveStore.put([await api.outOfService({ id }, { inService, reason })]);
}
