import { type ReactNode, useEffect } from 'react';
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
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {lead}
      {time ? <TimeControl /> : null}
      {children ? <div className="page-actions no-print">{children}</div> : null}
    </div>
  );
}
