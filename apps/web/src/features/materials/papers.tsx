import { Button } from '@mantine/core';
import { IconArrowLeft, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAbilities } from '../../app/me.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { type Column, RowsTable } from '../../ui/rows-table.tsx';
import { materialsKey } from './common.tsx';

/** Words of a kind of paper: shipments, counts. */
interface PaperWords {
  add: string;
  none: string;
  noneHelp: string;
}

/** Papers of a kind, the newest first, with the button that starts another. */
export function PaperList<T extends { id: string; number: string }>({
  kind,
  load,
  columns,
  words,
  open,
  dialog,
}: {
  kind: string;
  load: (signal: AbortSignal) => Promise<T[]>;
  columns: readonly Column<T>[];
  words: PaperWords;
  open: (number: string) => void;
  /** Asks what the new one needs. */
  dialog: (close: () => void) => ReactNode;
}) {
  const can = useAbilities();
  const [adding, setAdding] = useState(false);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, kind],
    queryFn: ({ signal }) => load(signal),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const add = can.operate ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  ) : null;
  return (
    <>
      {data.length > 0 ? (
        <div className="filters">
          <span className="push">{add}</span>
        </div>
      ) : null}
      <section className="panel">
        {data.length === 0 ? (
          <EmptyState title={words.none} action={add}>
            {words.noneHelp}
          </EmptyState>
        ) : (
          <RowsTable columns={columns} rows={data} keyOf={(row) => row.id} open={(row) => open(row.number)} />
        )}
      </section>
      {adding ? dialog(() => setAdding(false)) : null}
    </>
  );
}

/** One paper: the way back, what it is and how far, and what may be done with it. */
export function PaperHead({
  back,
  backText,
  title,
  state,
  children,
}: {
  back: () => void;
  backText: string;
  title: string;
  state: string;
  children?: ReactNode;
}) {
  return (
    <div className="panel-head wrap">
      <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={back}>
        {backText}
      </Button>
      <h2>{title}</h2>
      <span className="muted">{state}</span>
      {children ? <span className="push row wrap">{children}</span> : null}
    </div>
  );
}

/** Loads one paper; draws its trouble and its waiting, else what `children` make of it. */
export function OnePaper<T>({
  kind,
  id,
  load,
  children,
}: {
  kind: string;
  id: string;
  load: (signal: AbortSignal) => Promise<T>;
  children: (paper: T) => ReactNode;
}) {
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, kind, id],
    queryFn: ({ signal }) => load(signal),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  return <section className="panel">{children(data)}</section>;
}
