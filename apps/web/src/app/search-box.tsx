import { Modal } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { catalogueQuery, usePlantIndex } from '../api/queries.ts';
import { useLanguage, useText } from '../i18n/i18n.ts';
import { plantText } from '../ui/text.ts';
import { useMe } from './me.ts';
import { navFor } from './nav.ts';
import { type Candidate, rankCandidates } from './search-rank.ts';
import './search-box.css';

const shownAtMost = 30;

/** Ctrl/⌘ K: machines, signals, pages and settings, by part of a name, path or initial consonants. */
export default function SearchBox({ close }: { close: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const candidates = useCandidates();
  const found = useMemo(() => rankCandidates(candidates, query, shownAtMost), [candidates, query]);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  const go = (candidate: Candidate | undefined) => {
    if (!candidate) return;
    close();
    void navigate(candidate.go as never);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((i) => Math.max(0, Math.min(found.length - 1, i + step)));
    }
    if (event.key === 'Enter') go(found[active]);
  };
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={600}
      yOffset="12vh"
      centered={false}
      title={null}
      aria-label={t('search.prompt')}
    >
      <div className="search-field">
        <IconSearch size={18} aria-hidden />
        <input
          data-autofocus
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKey}
          placeholder={t('search.hint')}
          aria-label={t('search.prompt')}
          role="combobox"
          aria-expanded
          aria-controls="search-results"
          aria-activedescendant={found[active] ? `found-${active}` : undefined}
        />
        <kbd>Esc</kbd>
      </div>
      <div className="search-results" id="search-results" role="listbox" aria-label={t('search.results')} ref={list}>
        {found.map((candidate, index) => (
          <button
            type="button"
            key={candidate.key}
            id={`found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => go(candidate)}
          >
            <span className="search-kind">{t(`search.${candidate.kind}`)}</span>
            <span className="search-name">{candidate.name}</span>
            <span className="search-detail one-line">{candidate.detail}</span>
          </button>
        ))}
        {found.length === 0 ? <p className="search-none">{t('search.none')}</p> : null}
      </div>
    </Modal>
  );
}

function useCandidates(): readonly Candidate[] {
  const t = useText();
  const language = useLanguage();
  const plant = usePlantIndex();
  const me = useMe();
  const { data: signals } = useQuery(catalogueQuery);
  return useMemo(() => {
    const pages = navFor(me.role).map(
      (entry): Candidate => ({
        key: entry.to,
        kind: entry.group === 'work' ? 'page' : 'setting',
        name: t(entry.text),
        detail: '',
        go: { to: entry.to },
      }),
    );
    const machines = plant.nodes
      .filter((node) => node.level === 'equipment')
      .map(
        (node): Candidate => ({
          key: node.path,
          kind: 'machine',
          name: plantText(node.name, language),
          detail: node.path,
          go: { to: '/machine/$', params: { _splat: node.path } },
        }),
      );
    const areas = plant.nodes
      .filter((node) => node.level === 'area' || node.level === 'line')
      .map(
        (node): Candidate => ({
          key: node.path,
          kind: 'area',
          name: plantText(node.name, language),
          detail: node.path,
          go: { to: '/oee', search: { path: node.path } },
        }),
      );
    const found = (signals ?? []).map(
      (signal): Candidate => ({
        key: signal.path,
        kind: 'signal',
        name: `${plant.name(signal.equipment)} · ${plantText(signal.name, language)}`,
        detail: signal.path,
        go: { to: '/trends', search: { signals: signal.path } },
      }),
    );
    return [...machines, ...pages, ...areas, ...found];
  }, [t, language, plant, me.role, signals]);
}
