import { type ReactNode, useEffect, useRef } from 'react';

/**
 * A table whose rows become cards on a phone: the first cell of words is the title, each other one stands behind the
 * name of its column. The names come from the head, so that a table says them once.
 */
export function CardTable({ className = '', children }: { className?: string; children: ReactNode }) {
  const ref = useRef<HTMLTableElement>(null);
  useEffect(() => {
    const table = ref.current!;
    const label = () => {
      const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent ?? '');
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
    const observer = new MutationObserver(label);
    observer.observe(table, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return (
    <table ref={ref} className={`grid cards ${className}`.trim()}>
      {children}
    </table>
  );
}
