import { type ReactNode, useEffect, useRef } from 'react';

/**
 * A table whose rows become cards on a phone: the first cell of words is the title, each other one stands behind the
 * name of its column. The names come from the head, so that a table says them once; buttons need none.
 */
export function CardTable({ className = '', children }: { className?: string; children: ReactNode }) {
  const ref = useRef<HTMLTableElement>(null);
  useEffect(() => {
    const table = ref.current!;
    const label = () => {
      const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) =>
        cell.querySelector('.hidden-text') ? '' : (cell.textContent ?? ''),
      );
      for (const row of table.tBodies[0]?.rows ?? []) {
        let column = 0;
        for (const cell of row.cells) {
          const name = cell.colSpan > 1 ? '' : (names[column] ?? '');
          if (cell.dataset.label !== name) cell.dataset.label = name;
          column += cell.colSpan;
        }
      }
    };
    label();
    const stop = reachByKeyboard(table);
    const observer = new MutationObserver(label);
    observer.observe(table, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      stop();
    };
  }, []);
  return (
    <table ref={ref} className={`grid cards ${className}`.trim()}>
      {children}
    </table>
  );
}

/** A table wider than its room can be moved by keyboard too: the room takes the focus as long as something is hidden. */
function reachByKeyboard(table: HTMLTableElement): () => void {
  const room = table.closest<HTMLElement>('.table-scroll');
  if (!room) return () => {};
  const look = () => {
    if (room.scrollWidth > room.clientWidth) room.tabIndex = 0;
    else room.removeAttribute('tabindex');
  };
  const watch = new ResizeObserver(look);
  watch.observe(room);
  watch.observe(table);
  return () => watch.disconnect();
}
