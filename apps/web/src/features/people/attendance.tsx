import type { PersonRecord } from '@deungdae/contracts/person.ts';
import { useText } from '../../i18n/i18n.ts';

/** Who is there: one touch for each, or all of a team. */
export function Attendance({
  people,
  chosen,
  change,
}: {
  people: readonly PersonRecord[];
  chosen: ReadonlySet<string>;
  change: (chosen: Set<string>) => void;
}) {
  const t = useText();
  const teams = [...new Set(people.map((person) => person.team ?? ''))].sort();
  const toggle = (ids: readonly string[]) => {
    const next = new Set(chosen);
    const all = ids.every((id) => next.has(id));
    for (const id of ids)
      if (all) next.delete(id);
      else next.add(id);
    change(next);
  };
  return (
    <div className="stack">
      <strong>{t('people.attendeesCount', { n: chosen.size })}</strong>
      {teams.map((team) => {
        const members = people.filter((person) => (person.team ?? '') === team);
        return (
          <div key={team} className="attendance">
            {teams.length > 1 ? (
              <button type="button" className="team" onClick={() => toggle(members.map((person) => person.id))}>
                {team === '' ? t('people.noTeam') : team}
              </button>
            ) : null}
            {members.map((person) => (
              <button
                key={person.id}
                type="button"
                aria-pressed={chosen.has(person.id)}
                onClick={() => toggle([person.id])}
              >
                {person.name}
              </button>
            ))}
          </div>
        );
      })}
    </div>
  );
}
