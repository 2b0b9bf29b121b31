import { setKioskLanguage } from './texts.ts';

/** What the tablet remembers by itself, under one prefix. */
type Key = 'machine' | 'state' | 'person' | 'badge' | 'shift' | 'people' | 'offset' | 'device' | 'drafts' | 'recent';
type More = 'printer' | 'floor' | 'cavities' | 'checks' | 'putOff' | 'paired';
const prefix = 'deungdae.kiosk.';

export function recall<T>(key: Key | More): T | null {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

/** Remembers, or forgets with null. A full or forbidden store only costs the convenience. */
export function remember(key: Key | More, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {}
}

/** A UUID (version 4); `crypto.randomUUID` is only there over HTTPS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The screen speaks the language of the person whose badge was scanned. */
export function loadText(language: string): void {
  setKioskLanguage(language);
}
