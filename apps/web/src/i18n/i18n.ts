import { useSyncExternalStore } from 'react';
import type ko from './ko.ts';

/** Every text of the interface; Korean is the source, the other languages are files beside it with the same keys. */
export type TextKey = keyof typeof ko;
export type Params = Record<string, string | number>;
export type Translate = (key: TextKey, params?: Params) => string;

export const languages = { ko: '한국어', en: 'English' } as const;
export type Language = keyof typeof languages;

const loaders: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  ko: () => import('./ko.ts'),
  en: () => import('./en.ts'),
};
const storageKey = 'deungdae.language';
const listeners = new Set<() => void>();
let current: { language: Language; texts: Record<string, string>; t: Translate } = bundle('ko', {});

function bundle(language: Language, texts: Record<string, string>) {
  const t: Translate = (key, params) => fill(texts[key] ?? key, params);
  return { language, texts, t };
}

/** Puts parameters into `{name}` holes. */
export function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole));
}

export function isLanguage(value: string): value is Language {
  return value in languages;
}

/** The language chosen before on this device, or the browser's, or Korean. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(storageKey) ?? '';
  if (isLanguage(stored)) return stored;
  return navigator.language.startsWith('en') ? 'en' : 'ko';
}

export async function setLanguage(language: Language): Promise<void> {
  const file = await loaders[language]();
  current = bundle(language, file.default);
  document.documentElement.lang = language;
  localStorage.setItem(storageKey, language);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useText(): Translate {
  return useSyncExternalStore(subscribe, () => current.t);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current.language);
}

/** Outside of components. */
export function translate(key: TextKey, params?: Params): string {
  return current.t(key, params);
}
