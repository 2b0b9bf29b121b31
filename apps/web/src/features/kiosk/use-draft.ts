import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { recall, remember } from './device.ts';
import { type Draft, draftFor, pressDefect, setDefect } from './parts/draft.ts';
import { useView } from './use-kiosk.ts';

const listeners = new Set<() => void>();
let current: Draft | null = recall<Draft>('drafts');

function set(draft: Draft | null): void {
  current = draft;
  remember('drafts', draft);
  for (const listener of listeners) listener();
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The defects pressed since the last confirmation of what runs; they outlive a reload. */
export function useDraft() {
  const view = useView();
  const kept = useSyncExternalStore(subscribe, () => current);
  // Under the order's number: a run started offline has no name of its own yet.
  const run = view?.run?.workOrderNumber ?? '';
  const draft = useMemo(() => draftFor(kept, run), [kept, run]);
  const press = useCallback(
    (reason: string, cavity: number | null, by: number) => set(pressDefect(draft, reason, cavity, by)),
    [draft],
  );
  const put = useCallback((reason: string, quantity: number) => set(setDefect(draft, reason, quantity)), [draft]);
  return { draft, press, put, clear: useCallback(() => set(null), []) };
}
