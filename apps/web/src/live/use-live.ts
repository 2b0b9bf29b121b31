import type { Alarm, ConnectionHealth, MachineCard, SignalValue } from '@deungdae/contracts/api-entities.ts';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { type LiveKey, type LiveStatus, LiveStore } from './live-store.ts';

export const liveStore = new LiveStore((work) => {
  // A hidden page gets no animation frames; a timer keeps its figures from piling up.
  if (document.visibilityState === 'visible') requestAnimationFrame(work);
  else setTimeout(work, 1000);
});

function useKey<T>(key: LiveKey, read: () => T): T {
  const subscribe = useCallback((listener: () => void) => liveStore.subscribe(key, listener), [key]);
  return useSyncExternalStore(subscribe, read);
}

export function useMachine(path: string): MachineCard | undefined {
  return useKey(`machine:${path}`, () => liveStore.machine(path));
}
export function useMachines(): readonly MachineCard[] {
  useEffect(() => liveStore.watch('floor'), []);
  return useKey('machines', () => liveStore.machines());
}
export function useLiveValue(id: number): SignalValue | undefined {
  return useKey(`value:${id}`, () => liveStore.value(id));
}
/** Asks for the values of these signals while the component is shown; read them with `useLiveValue`. */
export function useWatchedSignals(ids: readonly number[]): void {
  const key = ids.join(',');
  useEffect(() => (key === '' ? undefined : liveStore.watchSignals(key.split(',').map(Number))), [key]);
}
export function useAlarms(): readonly Alarm[] {
  useEffect(() => liveStore.watch('alarms'), []);
  return useKey('alarms', () => liveStore.alarms());
}
export function useConnections(): readonly ConnectionHealth[] {
  useEffect(() => liveStore.watch('connections'), []);
  return useKey('connections', () => liveStore.connections());
}
export function useLiveStatus(): LiveStatus {
  return useKey('status', () => liveStore.status());
}
export function usePlantRevision(): string | null {
  return useKey('revision', () => liveStore.revision());
}
