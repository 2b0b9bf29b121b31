import { useText } from '../../i18n/i18n.ts';
import { useActOn, useSaveOn } from '../../ui/use-act.ts';

/** Every list of production begins with it. */
const key = 'production';

export const useAct = () => useActOn(key);

/** The change of a dialog. */
export function useSave<In = void>(close: () => void, work: (input: In) => Promise<unknown>, done?: string) {
  const t = useText();
  return useSaveOn(key, { close, work, done: () => done ?? t('production.done') });
}
