import { panView, type View, zoomView } from './view.ts';

/** Movement below this is a press, not a drag, px. */
const dragFrom = 4;

/** Drag pans, wheel and pinch zoom, a press pins; works on the plot's own area. Gives the end of listening. */
export function listenToGestures(
  area: HTMLElement,
  handlers: {
    view: () => View;
    move: (view: View) => void;
    press: (share: number) => void;
    reset: () => void;
  },
): () => void {
  const pointers = new Map<number, number>();
  let started: View | null = null;
  let startX = 0;
  let moved = false;
  const shareOf = (clientX: number) => {
    const box = area.getBoundingClientRect();
    return (clientX - box.left) / box.width;
  };
  const restart = () => {
    started = handlers.view();
    startX = [...pointers.values()].reduce((a, b) => a + b, 0) / Math.max(1, pointers.size);
  };
  let startSpread = 0;
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return a === undefined || b === undefined ? 0 : Math.abs(a - b);
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, shareOf(event.clientX));
    area.setPointerCapture(event.pointerId);
    if (pointers.size === 1) moved = false;
    restart();
    startSpread = spread();
  };
  const move = (event: PointerEvent) => {
    if (!pointers.has(event.pointerId) || !started) return;
    pointers.set(event.pointerId, shareOf(event.clientX));
    const middle = [...pointers.values()].reduce((a, b) => a + b, 0) / pointers.size;
    if (Math.abs(middle - startX) * area.clientWidth > dragFrom || pointers.size > 1) moved = true;
    if (!moved) return;
    let view = panView(started, startX - middle);
    if (pointers.size > 1 && startSpread > 0.01) view = zoomView(view, startSpread / Math.max(0.01, spread()), middle);
    handlers.move(view);
  };
  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    if (!moved && pointers.size === 0 && event.type === 'pointerup') handlers.press(shareOf(event.clientX));
    restart();
    startSpread = spread();
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const view = handlers.view();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) handlers.move(panView(view, (event.deltaX || event.deltaY) / area.clientWidth));
    else
      handlers.move(
        zoomView(view, Math.exp(Math.max(-120, Math.min(120, event.deltaY)) * 0.0022), shareOf(event.clientX)),
      );
  };
  area.style.touchAction = 'pan-y';
  area.addEventListener('pointerdown', down);
  area.addEventListener('pointermove', move);
  area.addEventListener('pointerup', up);
  area.addEventListener('pointercancel', up);
  area.addEventListener('wheel', wheel, { passive: false });
  area.addEventListener('dblclick', handlers.reset);
  return () => {
    area.removeEventListener('pointerdown', down);
    area.removeEventListener('pointermove', move);
    area.removeEventListener('pointerup', up);
    area.removeEventListener('pointercancel', up);
    area.removeEventListener('wheel', wheel);
    area.removeEventListener('dblclick', handlers.reset);
  };
}
