import { type LocalText, localText } from '@deungdae/contracts/text.ts';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Kiosk, Snapshot } from './core.ts';
import { type KioskView, project } from './parts/projection.ts';
import { WedgeDecoder } from './parts/wedge.ts';
import { useKioskTexts } from './texts.ts';

export const KioskContext = createContext<Kiosk | null>(null);

export function useKiosk(): Kiosk {
  const kiosk = useContext(KioskContext);
  if (!kiosk) throw new Error('a screen of the kiosk was drawn outside of it');
  return kiosk;
}

export function useSnapshot(): Snapshot {
  const kiosk = useKiosk();
  return useSyncExternalStore(kiosk.subscribe, kiosk.snapshot);
}

/** The last state with what waits laid over it; null before the first answer. */
export function useView(): KioskView | null {
  const { state, items } = useSnapshot();
  return useMemo(() => (state ? project(state, items) : null), [state, items]);
}

/** Names of things in the language of the screen; Korean where English is all there is for a Korean name. */
export function useName(): (text: LocalText) => string {
  const { language } = useKioskTexts();
  return useCallback((text) => localText(text, language), [language]);
}

/** The name of an item (by code) or operation (by the step's id) in the language of the screen; else as it was planned. */
export function useShownName(): (key: string | undefined, planned: string) => string {
  const names = useView()?.names;
  const { language } = useKioskTexts();
  return (key, planned) => {
    const found = key === undefined ? undefined : names?.[key];
    return found ? localText(found, language) : planned;
  };
}

type ScanHandler = (code: string) => void;
const handlers: ScanHandler[] = [];

/** What was scanned goes to the screen that asked last. */
export function useScan(handler: ScanHandler | null): void {
  const latest = useRef(handler);
  latest.current = handler;
  const wanted = handler !== null;
  useEffect(() => {
    if (!wanted) return;
    const own: ScanHandler = (code) => latest.current?.(code);
    handlers.push(own);
    return () => {
      handlers.splice(handlers.indexOf(own), 1);
    };
  }, [wanted]);
}

/** Gives a code that came by camera or by hand to the screen that waits for one. */
export function scanned(code: string): void {
  navigator.vibrate?.(40);
  handlers.at(-1)?.(code);
}

/** Listens to everything that types like a scanner. What it typed into a field meanwhile is taken out again. */
export function useWedge(): void {
  useEffect(() => {
    const decoder = new WedgeDecoder();
    let field: { element: HTMLInputElement | HTMLTextAreaElement; value: string } | null = null;
    const onKey = (event: KeyboardEvent) => {
      const element = document.activeElement;
      if (decoder.pending === 0)
        field =
          element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
            ? { element, value: element.value }
            : null;
      const code = decoder.key({
        ...{ key: event.key, code: event.code, shift: event.shiftKey, ctrl: event.ctrlKey },
        ...{ caps: event.getModifierState('CapsLock'), time: event.timeStamp },
      });
      if (code === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (field) setField(field.element, field.value);
      scanned(code);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);
}

/** Sets a field as typing would, so that React hears of it. */
function setField(element: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const prototype = element instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, value);
  element.dispatchEvent(new Event('input', { bubbles: true }));
}
