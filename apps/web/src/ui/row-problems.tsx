import type { ImportProblemOut } from '@deungdae/contracts/api-masterdata.ts';
import { useText } from '../i18n/i18n.ts';
import { CardTable } from './card-table.tsx';

/** What is wrong with the rows of a file, each with what to do about it. */
export function RowProblems({ problems }: { problems: readonly ImportProblemOut[] }) {
  const t = useText();
  return (
    <CardTable>
      <thead>
        <tr>
          <th className="num">{t('masterdata.rowNumber')}</th>
          <th>{t('masterdata.column')}</th>
          <th>{t('masterdata.value')}</th>
          <th>{t('masterdata.problem')}</th>
          <th>{t('masterdata.nearest')}</th>
        </tr>
      </thead>
      <tbody>
        {problems.map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one row may have the same problem twice
          <tr key={i}>
            <td className="num">{p.row || '–'}</td>
            <td>
              <span className="muted column-letter">{p.letter}</span> {p.column}
            </td>
            <td className="problem-value">{p.value}</td>
            <td>
              {p.message} <span className="muted small">{p.advice}</span>
            </td>
            <td>{p.nearest}</td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}
