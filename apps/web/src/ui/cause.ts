import type { MachineState } from '@deungdae/contracts/equipment.ts';
import { useCallback } from 'react';
import { type TextKey, type Translate, useText } from '../i18n/i18n.ts';

/** Says no more than the state beside it. */
const sayNothing = new Set(['running', 'idle', 'otherwise', '']);

/**
 * Why a machine is in its state, in the reader's language: the fixed names of our own rules (the presets of the plant
 * file, gaps, people's entries) by text, what the plant file names itself as it stands. Empty when there is nothing to
 * add to the state.
 */
export function causeText(cause: string, t: Translate, state?: MachineState): string {
  if (sayNothing.has(cause) && (state === undefined || cause === 'otherwise' || cause === '' || cause === state))
    return '';
  const key = `cause.${cause.replaceAll(' ', '_')}`;
  const text = t(key as TextKey);
  if (text !== key) return text;
  const [, kind, rest] = /^(no data|rule|person)[: ]\s*(.+)$/.exec(cause) ?? [];
  if (kind === 'no data') return t('causeOf.noData', { signal: rest! });
  if (kind === 'rule' && /^\d+$/.test(rest!)) return t('causeOf.rule', { n: rest! });
  if (kind === 'person') return t('causeOf.person', { name: rest! });
  return cause;
}

export function useCause(): (cause: string, state?: MachineState) => string {
  const t = useText();
  return useCallback((cause, state) => causeText(cause, t, state), [t]);
}
