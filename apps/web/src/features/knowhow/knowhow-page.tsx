import type { KnowHowCard } from '@deungdae/contracts/know-how.ts';
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useDefectSource } from '../../ui/pick-sources.ts';
import { CardDialog } from './card-dialog.tsx';
import './knowhow.css';

const waitMs = 120;

/** Know-how cards, found while typing, also by initial consonants and with mistakes. */
export function KnowHowPage() {
  const t = useText();
  const can = useAbilities();
  const navigate = useNavigate();
  const search = useSearch({ from: '/session/shell/know-how' });
  const [q, setQ] = useState(search.q ?? '');
  const [adding, setAdding] = useState(false);
  const [asked] = useDebouncedValue(q, waitMs);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['know-how', 'search', asked],
    queryFn: ({ signal }) => api.knowHow({ q: asked, limit: 60 }, { signal }),
  });
  const type = (text: string) => {
    setQ(text);
    void navigate({ to: '/know-how', search: text === '' ? {} : { q: text }, replace: true });
  };
  const add = can.operate ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('knowhow.add')}
    </Button>
  ) : null;
  return (
    <>
      <PageHead title={t('knowhow.title')}>{add}</PageHead>
      <TextInput
        className="kh-search"
        size="md"
        autoFocus
        type="search"
        leftSection={<IconSearch size={18} />}
        aria-label={t('knowhow.search')}
        placeholder={t('knowhow.searchHint')}
        value={q}
        onChange={(e) => type(e.currentTarget.value)}
      />
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data && data.length === 0 ? (
        <section className="panel">
          <EmptyState title={t(asked === '' ? 'knowhow.empty' : 'knowhow.nothingFound')} action={add}>
            {t('knowhow.emptyHelp')}
          </EmptyState>
        </section>
      ) : null}
      <div className="kh-cards">
        {(data ?? []).map(({ card }) => (
          <Card key={card.id} card={card} />
        ))}
      </div>
      {adding ? (
        <CardDialog
          card={null}
          symptom={q}
          close={() => setAdding(false)}
          saved={(card) => void navigate({ to: '/know-how/$id', params: { id: card.id } })}
        />
      ) : null}
    </>
  );
}

function Card({ card }: { card: KnowHowCard }) {
  const t = useText();
  return (
    <Link to="/know-how/$id" params={{ id: card.id }} className="panel kh-card">
      <strong>{card.symptom}</strong>
      <p>{card.action}</p>
      <Tags card={card} />
      <span className="muted small">
        {card.author.name} · {t(`knowhow.status.${card.status}`)}
        {card.helped > 0 ? ` · ${t('knowhow.helpedTimes', { n: card.helped })}` : ''}
      </span>
    </Link>
  );
}

/** Where a card applies. */
export function Tags({ card }: { card: KnowHowCard }) {
  const plant = usePlantIndex();
  const { links } = card;
  const defects = useDefectSource();
  const { data: reasons = [] } = useQuery({
    queryKey: [...defects.key, 'all'],
    queryFn: ({ signal }) => defects.find('', signal),
    staleTime: 300_000,
    enabled: links.defects.length > 0,
  });
  const named = links.defects.map((code) => reasons.find((r) => r.value === code)?.name ?? code);
  const codes = [...named, ...links.downtimeReasons, ...links.items, ...links.tools, ...links.alarms];
  if (codes.length + links.machines.length === 0) return null;
  return (
    <span className="kh-tags">
      {codes.map((code) => (
        <span key={code}>{code}</span>
      ))}
      {links.machines.map((machine) => (
        <span key={machine}>{plant.name(machine)}</span>
      ))}
    </span>
  );
}
