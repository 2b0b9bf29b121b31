import { Pagination } from '@mantine/core';
import { Fragment, type ReactNode, useState } from 'react';
import { useText } from '../i18n/i18n.ts';
import { CardTable } from './card-table.tsx';
import './rows-table.css';

export interface Column<T> {
  /** Heading; also the name beside the value on a phone. */
  name: string;
  /** Heading for the ear alone: a column of buttons. */
  bare?: boolean;
  /** Figures stand right. */
  num?: boolean;
  /** Short values keep one line. */
  nowrap?: boolean;
  /** A sentence: on a phone it has a line of its own. */
  wide?: boolean;
  cell: (row: T) => ReactNode;
}

/** A table of rows; `open` makes a row and its first cell lead somewhere. Long lists go page by page. */
export function RowsTable<T>({
  columns,
  rows,
  keyOf,
  open,
  below,
  size = 50,
}: {
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  open?: (row: T) => void;
  /** What stands below a row, over all columns; null where nothing does. */
  below?: (row: T) => ReactNode;
  /** Rows of a page. */
  size?: number;
}) {
  const t = useText();
  const [page, setPage] = useState(1);
  const pages = Math.ceil(rows.length / size);
  const at = Math.min(page, Math.max(1, pages));
  const shown = rows.slice((at - 1) * size, at * size);
  const styles = columns.map(({ num, nowrap, wide, bare }) =>
    [num ? 'num' : '', nowrap ? 'nowrap' : '', wide ? 'wide' : '', bare ? 'actions' : ''].filter(Boolean).join(' '),
  );
  return (
    <>
      <div className="table-scroll">
        <CardTable>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} className={column.num ? 'num' : ''}>
                  {column.bare ? <span className="hidden-text">{column.name}</span> : column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const more = below?.(row);
              return (
                <Fragment key={keyOf(row)}>
                  <tr className={open ? 'pick' : ''} onClick={open ? () => open(row) : undefined}>
                    {columns.map((column, i) => (
                      <td key={column.name} className={styles[i]}>
                        {open && i === 0 ? (
                          <button type="button" className="plain-button link">
                            {column.cell(row)}
                          </button>
                        ) : (
                          column.cell(row)
                        )}
                      </td>
                    ))}
                  </tr>
                  {more ? (
                    <tr className="below">
                      <td colSpan={columns.length}>{more}</td>
                    </tr>
                  ) : null}
                </Fragment>
              );
            })}
          </tbody>
        </CardTable>
      </div>
      {pages > 1 ? (
        <div className="pages">
          <span className="muted small">
            {t('list.rowsOf', {
              from: (at - 1) * size + 1,
              to: (at - 1) * size + shown.length,
              n: rows.length,
            })}
          </span>
          <Pagination
            className="push"
            size="sm"
            total={pages}
            value={at}
            onChange={setPage}
            getControlProps={(control) => ({ 'aria-label': t(control === 'next' ? 'list.next' : 'list.previous') })}
          />
        </div>
      ) : null}
    </>
  );
}
