import type { OeeReport } from '@deungdae/contracts/api-entities.ts';
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { type Translate, useText } from '../../i18n/i18n.ts';

interface Props {
  path: string;
  query: { from: number; to: number };
  losses: OeeReport['losses'];
  picked: string | undefined;
  pick: (reason: string | undefined) => void;
}

/** Stops by reason, or the big losses, largest first with the running share; a reason opens its events below. */
export function Pareto({ path, query, losses, picked, pick }: Props) {
  const t = useText();
  const plant = usePlantIndex();
  const [mode, setMode] = useState<'reasons' | 'losses'>('reasons');
  const { data } = useQuery({
    queryKey: ['pareto', path, query.from, query.to],
    queryFn: ({ signal }) => api.downtimePareto({ path, ...query }, { signal }),
  });
  const rows: Bar[] =
    mode === 'reasons'
      ? (data ?? []).map((row) => ({
          key: `${row.reason ?? 'none'}|${row.loss ?? ''}`,
          reason: row.reason ?? 'none',
          name: plant.reasonName(row.reason) ?? unexplained(row.loss, t),
          ms: row.ms,
          count: row.count,
        }))
      : losses
          .filter((l) => l.ms > 0)
          .map((l) => ({ key: l.loss, reason: '', name: t(`loss.${l.loss}`), ms: l.ms, count: null }));
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('oee.pareto')}</h2>
        <SegmentedControl
          size="xs"
          className="push"
          aria-label={t('oee.pareto')}
          value={mode}
          onChange={(value) => setMode(value as typeof mode)}
          data={[
            { value: 'reasons', label: t('oee.byReason') },
            { value: 'losses', label: t('oee.byLoss') },
          ]}
        />
      </div>
      <Bars rows={rows.sort((a, b) => b.ms - a.ms)} picked={picked} pick={mode === 'reasons' ? pick : undefined} />
    </section>
  );
}

interface Bar {
  key: string;
  /** What the events below are filtered by. */
  reason: string;
  name: string;
  ms: number;
  count: number | null;
}

function Bars({
  rows,
  picked,
  pick,
}: {
  rows: readonly Bar[];
  picked: string | undefined;
  pick: ((key: string | undefined) => void) | undefined;
}) {
  const t = useText();
  const f = useFormats();
  const all = rows.reduce((sum, row) => sum + row.ms, 0);
  if (rows.length === 0) return <p className="panel-body muted">{t('oee.noLosses')}</p>;
  let running = 0;
  return (
    <ul className="pareto">
      {rows.slice(0, 12).map((row) => {
        running += row.ms;
        const inside = (
          <>
            <span className="pareto-name">
              {row.name}
              {row.count === null ? null : <span className="muted small"> {t('oee.times', { n: row.count })}</span>}
            </span>
            <span className="pareto-ms">{f.duration(row.ms)}</span>
            <span className="pareto-share muted small">
              {f.percent(row.ms / all, 0)}% · Σ {f.percent(running / all, 0)}%
            </span>
            <span className="pareto-bar" style={{ width: `${(row.ms / rows[0]!.ms) * 100}%` }} />
          </>
        );
        return (
          <li key={row.key}>
            {pick ? (
              <button
                type="button"
                aria-pressed={picked === row.reason}
                onClick={() => pick(picked === row.reason ? undefined : row.reason)}
              >
                {inside}
              </button>
            ) : (
              <div>{inside}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Stops without a reason are told apart by the loss that the machine itself showed. */
function unexplained(loss: string | null, t: Translate): string {
  return loss === null ? t('downtime.noReason') : `${t('downtime.noReason')} · ${t(`loss.${loss as 'breakdown'}`)}`;
}
