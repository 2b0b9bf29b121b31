import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import { useState } from 'react';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { useCause } from '../../ui/cause.ts';
import { StateBadge } from '../../ui/state.tsx';
import { useNow } from '../../ui/use-now.ts';

const shownAtFirst = 100;

/** Stops as rows, used for one machine and (with `machines`) for a whole branch of the plant. */
export function DowntimeTable({
  downtimes,
  machines,
  onOpen,
}: {
  downtimes: readonly Downtime[];
  machines?: boolean;
  onOpen: (downtime: Downtime) => void;
}) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const causeOf = useCause();
  const now = useNow(10_000);
  const [limit, setLimit] = useState(shownAtFirst);
  return (
    <div className="table-scroll">
      <CardTable>
        <thead>
          <tr>
            {machines ? <th>{t('field.machine')}</th> : null}
            <th>{t('time.from')}</th>
            <th className="num">{t('field.duration')}</th>
            <th>{t('field.state')}</th>
            <th>{t('field.reason')}</th>
            <th>{t('field.note')}</th>
            <th>{t('field.by')}</th>
          </tr>
        </thead>
        <tbody>
          {downtimes.slice(0, limit).map((d) => (
            <tr key={d.id} className="pick" onClick={() => onOpen(d)}>
              {machines ? <td className="nowrap">{plant.name(d.equipment)}</td> : null}
              <td className="nowrap">
                <button type="button" className="plain-button link" onClick={() => onOpen(d)}>
                  {f.dateTimeSeconds(d.from / 1000)}
                </button>
              </td>
              <td className="num">
                <strong>{f.duration((d.to === null ? now : d.to / 1000) - d.from / 1000)}</strong>
                {d.to === null ? <span className="muted"> {t('downtime.going')}</span> : null}
              </td>
              <td>
                <StateBadge state={d.state} size={13} />
              </td>
              <td>
                {d.reason === null ? (
                  <span className="no-reason">{t('downtime.giveReason')}</span>
                ) : (
                  plant.reasonName(d.reason)
                )}
                {d.history.length > 0 ? (
                  <span className="small muted"> · {t('downtime.corrected', { n: d.history.length })}</span>
                ) : null}
              </td>
              <td className="small">{d.note || <span className="muted">{causeOf(d.cause, d.state)}</span>}</td>
              <td className="small muted nowrap">{d.by ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </CardTable>
      {downtimes.length > limit ? (
        <button type="button" className="plain-button more-rows" onClick={() => setLimit(limit + 500)}>
          {t('action.more', { n: downtimes.length - limit })}
        </button>
      ) : null}
    </div>
  );
}
