import { Button, Select, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useFormats } from '../i18n/format.ts';
import { useText } from '../i18n/i18n.ts';
import { csvText, download } from './csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from './messages.tsx';
import { type Column, RowsTable } from './rows-table.tsx';

type Cell = string | number | null;

interface Filter {
  value: string;
  choices: readonly { value: string; label: string }[];
  set: (value: string) => void;
}

/** A filter that is one of a few. */
export function filterOf<V extends string>(
  values: readonly V[],
  value: V,
  set: (value: V) => void,
  label: (value: V) => string,
): Filter {
  return { value, set: (next) => set(next as V), choices: values.map((each) => ({ value: each, label: label(each) })) };
}

interface ListPanelProps<T> {
  title: string;
  list: { data: readonly T[] | undefined; error: unknown; isLoading: boolean; refetch: () => unknown };
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
  open?: (row: T) => void;
  below?: (row: T) => ReactNode;
  /** Rows of a page. */
  size?: number;
  /** Said where there are no rows: what belongs here, and why. */
  empty: { title: string; text: string; action?: ReactNode };
  /** Only a part of the rows is here: their number would say nothing. */
  uncounted?: boolean;
  /** What narrows the list down. */
  filter?: Filter;
  search?: { label: string; value: string; set: (value: string) => void };
  /** Another kind of filter. */
  narrow?: ReactNode;
  /** The rows as a file; every column is one of the head. */
  csv?: { file: string; head: readonly string[]; line: (row: T) => readonly Cell[] };
  /** Stands right in the head: what can be added or set here. */
  aside?: ReactNode;
  /** Stands between head and rows. */
  children?: ReactNode;
}

/** A list with its name, what narrows it down, its rows, and what is said when there are none or they cannot be had. */
export function ListPanel<T>(props: ListPanelProps<T>) {
  const { title, list, filter, search, csv, empty } = props;
  const t = useText();
  const f = useFormats();
  const rows = list.data ?? [];
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        {rows.length > 0 && !props.uncounted ? <span className="muted small">{f.number(rows.length, 0)}</span> : null}
        {filter ? (
          <Select
            aria-label={t('list.filter')}
            allowDeselect={false}
            w={150}
            value={filter.value}
            onChange={(value) => value && filter.set(value)}
            data={filter.choices}
          />
        ) : null}
        {search ? (
          <TextInput
            className="panel-search"
            aria-label={search.label}
            placeholder={search.label}
            value={search.value}
            onChange={(e) => search.set(e.currentTarget.value)}
          />
        ) : null}
        {props.narrow}
        {csv || props.aside ? (
          <div className="row wrap push">
            {csv ? (
              <Button
                variant="subtle"
                color="gray"
                leftSection={<IconDownload size={16} />}
                disabled={rows.length === 0}
                onClick={() => download(csv.file, csvText([csv.head, ...rows.map(csv.line)]))}
              >
                CSV
              </Button>
            ) : null}
            {props.aside}
          </div>
        ) : null}
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {props.children}
      {list.data && rows.length === 0 ? (
        <EmptyState title={empty.title} action={empty.action}>
          {empty.text}
        </EmptyState>
      ) : null}
      {rows.length > 0 ? (
        <RowsTable
          columns={props.columns}
          rows={rows}
          keyOf={props.keyOf}
          open={props.open}
          below={props.below}
          size={props.size}
        />
      ) : null}
    </section>
  );
}
