import { Pagination } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';

export interface Column<T> {
  /** Heading; also the name beside the value on a phone. */
  name: string;
  /** Figures stand right. */
  num?: boolean;
  cell: (row: T) => ReactNode;
}

/** A table of rows; `open` makes a row and its first cell lead somewhere. Long lists go page by page. */
export function RowsTable<T>({
  columns,
  rows,
  keyOf,
  open,
  size = 50,
}: {
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  open?: (row: T) => void;
  /** Rows of a page. */
  size?: number;
}) {
  const t = useText();
  const [page, setPage] = useState(1);
  const pages = Math.ceil(rows.length / size);
  const at = Math.min(page, Math.max(1, pages));
  const shown = rows.slice((at - 1) * size, at * size);
  return (
    <>
      <div className="table-scroll">
        <CardTable>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} className={column.num ? 'num' : ''}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)} className={open ? 'pick' : ''} onClick={open ? () => open(row) : undefined}>
                {columns.map((column, i) => (
                  <td key={column.name} className={column.num ? 'num' : ''}>
                    {open && i === 0 ? (
                      <button type="button" className="link">
                        {column.cell(row)}
                      </button>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
      {pages > 1 ? (
        <div className="pages">
          <span className="muted small">
            {t('inventory.rowsOf', {
              from: (at - 1) * size + 1,
              to: (at - 1) * size + shown.length,
              n: rows.length,
            })}
          </span>
          <Pagination className="push" size="sm" total={pages} value={at} onChange={setPage} />
        </div>
      ) : null}
    </>
  );
}
