import type { OwnerDay, OwnerFigure } from '@deungdae/contracts/owner.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { isWorse, unitOf, valueText } from './figure-text.ts';

const shownNames = 4;

/** All figures in P, Q, C and D with what they are made of; each name opens its rows. */
export function FigureTable({ day, open }: { day: OwnerDay; open: (id: OwnerFigure['id']) => void }) {
  const t = useText();
  const f = useFormats();
  const text = (value: number | null, figure: OwnerFigure) =>
    value === null ? '–' : `${valueText(value, figure.unit, f, t)} ${unitOf(figure.unit, t)}`;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('owner.table')}</h2>
      </div>
      <CardTable className="owner-table">
        <thead>
          <tr>
            <th scope="col">{t('owner.column.figure')}</th>
            <th scope="col" className="num">
              {t('owner.column.value')}
            </th>
            <th scope="col" className="num">
              {t('owner.column.plan')}
            </th>
            <th scope="col" className="num">
              {t('owner.weekBefore')}
            </th>
            <th scope="col" className="num">
              {t('owner.mean')}
            </th>
            <th scope="col">{t('owner.column.definition')}</th>
          </tr>
        </thead>
        <tbody>
          {day.figures.map((figure, i) => (
            <tr key={figure.id}>
              <td>
                {figure.group === day.figures[i - 1]?.group ? null : (
                  <span className="owner-group">{t(`owner.group.${figure.group}`)}</span>
                )}
                <button type="button" className="link-button" onClick={() => open(figure.id)}>
                  {t(`owner.figure.${figure.id}`)}
                </button>
              </td>
              <td className="num">
                <strong>{text(figure.value, figure)}</strong>
              </td>
              <td className="num">{text(figure.plan, figure)}</td>
              <td className="num">{text(figure.weekBefore, figure)}</td>
              <td className="num">
                <span
                  className={
                    figure.value !== null && figure.mean !== null && isWorse(figure.value, figure.mean, figure.better)
                      ? 'owner-bad'
                      : ''
                  }
                  title={figure.meanDays > 0 ? t('owner.meanOf', { n: figure.meanDays }) : undefined}
                >
                  {text(figure.mean, figure)}
                </span>
              </td>
              <td className="owner-definition">
                {t(`owner.definition.${figure.id}`)}
                <Unpriced names={figure.unpriced} />
                {figure.id === 'oee' && (figure.value ?? 0) > 1 ? (
                  <span className="owner-unpriced">{t('owner.oeeAbove')}</span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </section>
  );
}

function Unpriced({ names }: { names: readonly string[] }) {
  const t = useText();
  const plant = usePlantIndex();
  if (names.length === 0) return null;
  // Items are codes, machines paths.
  const shown = names
    .slice(0, shownNames)
    .map((name) => (plant.node(name) ? plant.name(name) : name))
    .join(', ');
  const rest = names.length - shownNames;
  return (
    <span className="owner-unpriced">
      {t('owner.unpriced', { names: rest > 0 ? t('owner.unpricedMore', { names: shown, n: rest }) : shown })}
    </span>
  );
}
