import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { StateMark } from '../../ui/state.tsx';
import { plantText } from '../../ui/text.ts';
import { statesByUrgency } from '../../ui/urgency.ts';
import { groupByArea, isProblem } from '../floor/floor-order.ts';

/** As many as stay readable from eight metres. */
const shownProblems = 5;

/** More machines than this in an area are drawn as one bar of shares. */
const marksUpTo = 10;

/** What stands now, in large letters; below, every machine of every area as one mark. */
export function WallMachines({ cards, now }: { cards: readonly MachineCard[]; now: number }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const plant = usePlantIndex();
  const order = new Map(plant.nodes.map((node, index) => [node.path, index]));
  const groups = groupByArea(cards, order).sort((a, b) => (order.get(a.area) ?? 0) - (order.get(b.area) ?? 0));
  const standing = cards
    .filter((card) => card.hasState && isStanding(card.state))
    .sort((a, b) => statesByUrgency.indexOf(a.state) - statesByUrgency.indexOf(b.state) || a.since - b.since);
  return (
    <section className="wall-machines" aria-label={t('nav.floor')}>
      {standing.length === 0 && cards.length > 0 ? <p className="wall-calm">{t('wall.allWell')}</p> : null}
      <ul className="wall-problems">
        {standing.slice(0, shownProblems).map((card) => (
          <li key={card.equipment} className={`wall-${card.state}`}>
            <StateMark state={card.state} size={34} />
            <WallName name={plantText(card.name, language)} />
            <span className="wall-state-word">{t(`state.${card.state}`)}</span>
            <strong>{f.since(card.since / 1000, now)}</strong>
          </li>
        ))}
        {standing.length > shownProblems ? (
          <li className="wall-more">{t('wall.more', { n: standing.length - shownProblems })}</li>
        ) : null}
      </ul>
      {cards.length === 0 ? null : (
        <ul className="wall-areas">
          {groups.map((group) => {
            const all = [...group.problems, ...group.others]
              .filter((card) => card.hasState)
              .sort((a, b) => (order.get(a.equipment) ?? 0) - (order.get(b.equipment) ?? 0));
            return all.length === 0 ? null : (
              <li key={group.area}>
                <span className="wall-area-name one-line">{plant.name(group.area)}</span>
                <span className="wall-area-count">
                  {all.filter((c) => c.state === 'running').length} / {all.length}
                </span>
                {all.length > marksUpTo ? <StateBar cards={all} /> : <StateMarks cards={all} />}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

/** Longer names than this get two smaller lines: the number that tells them apart often stands last. */
const longName = 14;

function WallName({ name }: { name: string }) {
  return <span className={name.length > longName ? 'wall-name wall-name-long' : 'wall-name one-line'}>{name}</span>;
}

/** What could make pieces now and does not; planned stops and what is switched off are no news. */
function isStanding(state: MachineCard['state']): boolean {
  return state === 'unplannedStop' || state === 'noData' || state === 'setup' || state === 'idle';
}

function StateMarks({ cards }: { cards: readonly MachineCard[] }) {
  const t = useText();
  const language = useLanguage();
  return (
    <span className="wall-marks">
      {cards.map((card) => (
        <span key={card.equipment} className={isProblem(card) ? 'problem' : ''}>
          <StateMark state={card.state} size={20} />
          <span className="hidden-text">
            {plantText(card.name, language)} {t(`state.${card.state}`)}
          </span>
        </span>
      ))}
    </span>
  );
}

/** Shares of the states, the worst first, each with its icon and count. */
function StateBar({ cards }: { cards: readonly MachineCard[] }) {
  const t = useText();
  return (
    <span className="wall-bar">
      {statesByUrgency.map((state) => {
        const count = cards.filter((card) => card.state === state).length;
        return count === 0 ? null : (
          <span
            key={state}
            className={`state-mark state-${state}`}
            style={{ flexGrow: count }}
            title={t(`state.${state}`)}
          >
            {count}
            <span className="hidden-text">{t(`state.${state}`)}</span>
          </span>
        );
      })}
    </span>
  );
}
