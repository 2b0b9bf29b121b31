/** The visible stretch of a chart, ms. Pure moves of it. */
export interface View {
  from: number;
  to: number;
}

/** A second to fifty years. */
const narrowest = 1000;
const widest = 50 * 365 * 86_400_000;

/** Zooms around a place: `anchor` 0 is the left edge, 1 the right one; a factor below 1 shows less. */
export function zoomView(view: View, factor: number, anchor: number): View {
  const width = view.to - view.from;
  const next = Math.max(narrowest, Math.min(widest, width * factor));
  const from = view.from + (width - next) * anchor;
  return { from, to: from + next };
}

export function panView(view: View, share: number): View {
  const move = (view.to - view.from) * share;
  return { from: view.from + move, to: view.to + move };
}

/** The same to within a thousandth of its width: what a rounded address gives back. */
export function sameView(a: View, b: View): boolean {
  const tolerance = Math.max(2, (a.to - a.from) / 1000);
  return Math.abs(a.from - b.from) <= tolerance && Math.abs(a.to - b.to) <= tolerance;
}

/** What a key does to the view; null for keys that mean nothing here. */
export function viewForKey(view: View, key: string): View | null {
  if (key === 'ArrowLeft') return panView(view, -0.1);
  if (key === 'ArrowRight') return panView(view, 0.1);
  if (key === 'ArrowUp' || key === '+') return zoomView(view, 0.8, 0.5);
  if (key === 'ArrowDown' || key === '-') return zoomView(view, 1.25, 0.5);
  return null;
}
