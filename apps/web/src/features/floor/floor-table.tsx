import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import { Link } from '@tanstack/react-router';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { MainValue, useMainSignals } from '../../ui/main-values.tsx';
import { MeterMark, StateBadge } from '../../ui/state.tsx';
import { plantText } from '../../ui/text.ts';
import { useNow } from '../../ui/use-now.ts';
import { countsPieces, groupByArea } from './floor-order.ts';
import { AlarmMarks } from './machine-tile.tsx';

/** The same machines as rows, for people who compare figures. */
export function FloorTable({ cards, order }: { cards: readonly MachineCard[]; order: ReadonlyMap<string, number> }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const plant = usePlantIndex();
  const now = useNow(10_000);
  const rows = groupByArea(cards, order).flatMap((group) => [...group.problems, ...group.others]);
  return (
    <div className="panel table-scroll">
      <CardTable>
        <thead>
          <tr>
            <th>{t('field.machine')}</th>
            <th>{t('field.area')}</th>
            <th>{t('field.state')}</th>
            <th className="num">{t('field.since')}</th>
            <th>{t('field.product')}</th>
            <th className="num">{t('field.good')}</th>
            <th className="num">{t('field.target')}</th>
            <th className="num">{t('oee.oee')} %</th>
            <th className="num">{t('oee.availability')} %</th>
            <th className="num">{t('oee.effectiveness')} %</th>
            <th className="num">{t('oee.quality')} %</th>
            <th>{t('nav.alarms')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((card) => (
            <tr key={card.equipment}>
              <td className="floor-name">
                <Link to="/machine/$" params={{ _splat: card.equipment }} className="link">
                  {plantText(card.name, language)}
                </Link>
              </td>
              <td className="muted">{plant.name(card.area)}</td>
              <td>
                {card.hasState ? (
                  <StateBadge state={card.state} size={14} />
                ) : (
                  <span className="state-badge">
                    <MeterMark size={14} />
                    <span>{t('floor.meter')}</span>
                  </span>
                )}
              </td>
              <td className="num">{card.hasState ? f.since(card.since / 1000, now) : ''}</td>
              <td className="nowrap">{card.product ?? ''}</td>
              {countsPieces(card) ? (
                <>
                  <td className="num">{f.number(card.good ?? card.produced, 0)}</td>
                  <td className="num muted">{f.number(card.target, 0)}</td>
                  <td className="num">
                    <strong>{f.percent(card.oee)}</strong>
                  </td>
                  <td className="num">{f.percent(card.availability)}</td>
                  <td className="num">{f.percent(card.effectiveness)}</td>
                  <td className="num">{f.percent(card.qualityRatio)}</td>
                </>
              ) : (
                <RowValues card={card} />
              )}
              <td>
                <AlarmMarks card={card} />
              </td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </div>
  );
}

/** A machine without counters fills the columns of the pieces with its main values. */
function RowValues({ card }: { card: MachineCard }) {
  const main = useMainSignals(card.equipment, 3);
  return (
    <td colSpan={6} className="nowrap">
      <span className="row-values">
        {main.map((signal) => (
          <span key={signal.id}>
            <span className="muted">{signal.name}</span> <MainValue signal={signal} />
          </span>
        ))}
      </span>
    </td>
  );
}
