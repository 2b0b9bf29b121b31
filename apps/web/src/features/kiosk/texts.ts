import { useSyncExternalStore } from 'react';
import { fill, type Params } from '../../i18n/i18n.ts';
import type ko from '../../i18n/kiosk.ko.json';

/** Every text of the kiosk. Korean is the source; a file `kiosk.<language>.json` beside it is a language more. */
export type KioskKey = keyof typeof ko;
export type KioskText = (key: KioskKey, params?: Params) => string;

const files = import.meta.glob<Record<string, string>>('../../i18n/kiosk.*.json', { eager: true, import: 'default' });
const texts = new Map(
  Object.entries(files).map(([path, file]) => [/kiosk\.([\w-]+)\.json$/.exec(path)![1]!, file] as const),
);
/** Korean, English, then the others by their own names. */
const known = [...texts.keys()].sort((a, b) => rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b)));

function rank(language: string): number {
  return language === 'ko' ? 0 : language === 'en' ? 1 : 2;
}
function nameOf(language: string): string {
  return texts.get(language)?.['kiosk.language'] ?? language;
}

export const kioskLanguages: readonly { code: string; name: string }[] = known.map((code) => ({
  code,
  name: nameOf(code),
}));

const storageKey = 'deungdae.kiosk.language';
const listeners = new Set<() => void>();
let current = make(initial());

function initial(): string {
  try {
    const stored = localStorage.getItem(storageKey);
    if (stored && texts.has(stored)) return stored;
  } catch {}
  const wanted = navigator.languages.map((l) => l.split('-')[0]!).find((l) => texts.has(l));
  return wanted ?? 'ko';
}

function make(language: string) {
  const own = texts.get(language) ?? {};
  const korean = texts.get('ko') ?? {};
  const t: KioskText = (key, params) => fill(own[key] ?? korean[key] ?? key, params);
  const has = (key: string): key is KioskKey => key in own;
  return { language, t, has };
}

/** Switches the screen; a language without a file leaves it as it is. */
export function setKioskLanguage(language: string): void {
  if (!texts.has(language) || language === current.language) return;
  current = make(language);
  try {
    localStorage.setItem(storageKey, language);
  } catch {}
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useKioskTexts() {
  return useSyncExternalStore(subscribe, () => current);
}
export function useKioskText(): KioskText {
  return useKioskTexts().t;
}
