import { type ReactNode, useEffect } from 'react';
import { LanguageSwitch } from '../../app/user-menu.tsx';
import { useText } from '../../i18n/i18n.ts';
import './entry.css';

/** The page before a session: one card, the language to choose. */
export function EntryFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const t = useText();
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  return (
    <main className="entry">
      <div className="entry-card panel">
        <header>
          <img src="/icon.svg" width={40} height={40} alt="" />
          <div>
            <h1>{title}</h1>
            <p className="muted">{lead}</p>
          </div>
        </header>
        {children}
      </div>
      <div className="entry-language">
        <LanguageSwitch />
      </div>
    </main>
  );
}
