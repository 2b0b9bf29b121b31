import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../i18n/i18n.ts';
import { TimeControl } from './time-control.tsx';

/** Title, the one time control where the page has a window, and the page's actions. */
export function PageHead({
  title,
  lead,
  time,
  children,
}: {
  title: string;
  lead?: ReactNode;
  time?: boolean;
  children?: ReactNode;
}) {
  const t = useText();
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  const head = useRef<HTMLDivElement>(null);
  // On a phone a row of tabs is wider than the screen: the one that is open has to be seen.
  useEffect(() => {
    const tab = head.current?.querySelector<HTMLElement>('[role="radiogroup"] [data-active]');
    let row = tab?.parentElement;
    while (row && row !== head.current && row.scrollWidth <= row.clientWidth) row = row.parentElement;
    if (!tab || !row || row === head.current) return;
    const [inner, outer] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right)
      row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  });
  return (
    <div className="page-head" ref={head}>
      <h1>{title}</h1>
      {lead}
      {time ? <TimeControl /> : null}
      {children ? <div className="page-actions no-print">{children}</div> : null}
    </div>
  );
}
