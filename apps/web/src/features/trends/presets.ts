/** Saved views live in this browser; a link sends one to somebody else. */
export interface Preset {
  name: string;
  search: {
    signals?: string | undefined;
    states?: string | undefined;
    compare?: string | undefined;
    hidden?: string | undefined;
  };
}
const key = 'deungdae.trends';
const keptAtMost = 50;

export function loadPresets(): Preset[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored)
      ? stored.filter((p): p is Preset => typeof p?.name === 'string' && typeof p?.search === 'object')
      : [];
  } catch {
    return [];
  }
}

export function savePresets(presets: readonly Preset[]): void {
  localStorage.setItem(key, JSON.stringify(presets.slice(-keptAtMost)));
}
