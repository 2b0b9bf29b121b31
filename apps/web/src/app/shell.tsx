import { Drawer } from '@mantine/core';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { usePlantIndex } from '../api/queries.ts';
import { useText } from '../i18n/i18n.ts';
import { useAlarms } from '../live/use-live.ts';
import { LiveBanner } from './live-banner.tsx';
import { useMe } from './me.ts';
import { type NavEntry, navFor, phoneNavFor } from './nav.ts';
import './shell.css';
import { UserMenu } from './user-menu.tsx';

const SearchBox = lazy(() => import('./search-box.tsx'));

export function Shell() {
  const t = useText();
  const me = useMe();
  const plant = usePlantIndex();
  const [searching, setSearching] = useState(false);
  const [more, setMore] = useState(false);
  useSearchKey(() => setSearching(true));
  const entries = navFor(me.role);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <nav className="rail" aria-label={t('app.pages')}>
        <Link to="/" className="brand" aria-label={t('app.name')}>
          <img src="/icon.svg" width={26} height={26} alt="" />
          <span>{t('app.name')}</span>
        </Link>
        {entries
          .filter((e) => e.group === 'work')
          .map((entry) => (
            <RailLink key={entry.to} entry={entry} />
          ))}
        <h2 className="rail-head">{t('nav.settings')}</h2>
        {entries
          .filter((e) => e.group === 'settings')
          .map((entry) => (
            <RailLink key={entry.to} entry={entry} />
          ))}
      </nav>
      <header className="topbar">
        <span className="plant-name one-line">{plant.name(plant.root)}</span>
        <button type="button" className="search-button" onClick={() => setSearching(true)}>
          <IconSearch size={16} aria-hidden />
          <span>{t('search.prompt')}</span>
          <kbd aria-hidden>{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <UserMenu entries={entries.filter((e) => e.to === '/profile')} />
      </header>
      <main id="main" className="main" tabIndex={-1}>
        <LiveBanner />
        <Outlet />
      </main>
      <nav className="bottom-bar" aria-label={t('app.pages')}>
        {phoneNavFor(me.role).map((entry) => (
          <RailLink key={entry.to} entry={entry} />
        ))}
        <button type="button" className="plain-button rail-link" aria-haspopup="dialog" onClick={() => setMore(true)}>
          <IconMenu2 size={19} stroke={1.7} aria-hidden />
          <span className="rail-text">{t('nav.more')}</span>
        </button>
      </nav>
      <Drawer opened={more} onClose={() => setMore(false)} position="bottom" size="auto" title={t('app.pages')}>
        <nav className="more-pages" aria-label={t('nav.more')} onClickCapture={() => setMore(false)}>
          {entries.map((entry) => (
            <RailLink key={entry.to} entry={entry} />
          ))}
        </nav>
      </Drawer>
      <Suspense fallback={null}>{searching ? <SearchBox close={() => setSearching(false)} /> : null}</Suspense>
    </div>
  );
}

function RailLink({ entry }: { entry: NavEntry }) {
  const t = useText();
  const Icon = entry.icon;
  return (
    <Link
      to={entry.to}
      className="rail-link"
      activeOptions={{ exact: entry.to === '/', includeSearch: false }}
      title={t(entry.text)}
    >
      <Icon size={19} stroke={1.7} aria-hidden />
      <span className="rail-text">{t(entry.text)}</span>
      {entry.to === '/alarms' ? <AlarmCount /> : null}
    </Link>
  );
}

/** How many alarms wait for a person. */
function AlarmCount() {
  const t = useText();
  const waiting = useAlarms().filter((a) => a.state === 'unacknowledged' || a.state === 'returnedUnacknowledged');
  if (waiting.length === 0) return null;
  const urgent = waiting.some((a) => a.priority === 'critical' || a.priority === 'high');
  return (
    <span className={urgent ? 'rail-count urgent' : 'rail-count'}>
      <span aria-hidden>{waiting.length > 99 ? '99+' : waiting.length}</span>
      <span className="hidden-text">{t('alarms.waiting', { n: waiting.length })}</span>
    </span>
  );
}

function useSearchKey(open: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      open();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
