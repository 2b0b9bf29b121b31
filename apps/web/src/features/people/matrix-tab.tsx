import type { PersonRecord, PersonSkill } from '@deungdae/contracts/person.ts';
import { Button, Switch } from '@mantine/core';
import { IconPlus, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { FileMenu } from '../maintenance/file-menu.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { SkillDialog } from './skill-dialog.tsx';
import { levels, SkillLevel } from './skill-level.tsx';

const dayMs = 86_400_000;
const soonDays = 30;

/** Skills of the master data, with those that people still have but that are no longer kept there. */
export function useSkills(people: readonly PersonRecord[]) {
  const { data } = useQuery({
    queryKey: ['master', 'skill', 'all'],
    queryFn: ({ signal }) => api.masterRecords({ kind: 'skill' }, { limit: 500 }, { signal }),
    staleTime: 60_000,
  });
  const known = new Map((data?.records ?? []).map((record) => [record.code, (record.data as { name: string }).name]));
  for (const person of people) for (const { skill } of person.skills) if (!known.has(skill)) known.set(skill, skill);
  return [...known].map(([code, name]) => ({ code, name }));
}

/** Skill matrix (숙련도 맵): who may do what, how well, and until when. */
export function MatrixTab() {
  const t = useText();
  const can = useAbilities();
  const [inactive, setInactive] = useState(false);
  const [editing, setEditing] = useState<PersonRecord | 'new' | null>(null);
  const [cell, setCell] = useState<{ person: PersonRecord; skill: { code: string; name: string } } | null>(null);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['people', 'list', inactive],
    queryFn: ({ signal }) => api.people({ inactive: inactive ? 'true' : 'false' }, { signal }),
  });
  const skills = useSkills(data ?? []);
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const add = can.lead ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t('people.add')}
    </Button>
  ) : null;
  return (
    <>
      <Reminders />
      <div className="row wrap" style={{ marginBottom: 12 }}>
        <Switch
          label={t('people.showInactive')}
          checked={inactive}
          onChange={(e) => setInactive(e.currentTarget.checked)}
        />
        <span className="push row">
          <Button variant="subtle" color="gray" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {t('quality.print')}
          </Button>
          <FileMenu address={(format) => api.peopleFileAddress({ what: 'skills', format })} />
          {add}
        </span>
      </div>
      <section className="panel">
        {data.length === 0 ? (
          <EmptyState title={t('people.nobody')} action={add}>
            {t('people.nobodyHelp')}
          </EmptyState>
        ) : (
          <>
            <div className="table-scroll">
              <table className="grid skill-matrix">
                <thead>
                  <tr>
                    <th>{t('people.name')}</th>
                    {skills.map((skill) => (
                      <th key={skill.code} className="skill" title={skill.code}>
                        {skill.name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {data.map((person) => (
                    <tr key={person.id}>
                      <td>
                        {can.lead ? (
                          <button type="button" className="plain-button link nowrap" onClick={() => setEditing(person)}>
                            {person.name}
                          </button>
                        ) : (
                          person.name
                        )}
                        <div className="muted small nowrap">
                          {person.badge}
                          {person.team === null ? '' : ` · ${person.team}`}
                          {person.active ? '' : ` · ${t('people.left')}`}
                        </div>
                      </td>
                      {skills.map((skill) => (
                        <td key={skill.code} className="skill">
                          <SkillCell
                            held={person.skills.find((each) => each.skill === skill.code)}
                            label={`${person.name} ${skill.name}`}
                            edit={can.lead && person.active ? () => setCell({ person, skill }) : null}
                          />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p className="legend">
              {levels.map((level) => (
                <span key={level} className="row">
                  <SkillLevel level={level} /> {t(`people.level.${level}`)}
                </span>
              ))}
              <span>{t('people.matrixHelp')}</span>
            </p>
          </>
        )}
      </section>
      {editing ? <PersonDialog person={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
      {cell ? <SkillDialog {...cell} close={() => setCell(null)} /> : null}
    </>
  );
}

const day = (text: string) => text.slice(0, 10);

function SkillCell({ held, label, edit }: { held: PersonSkill | undefined; label: string; edit: (() => void) | null }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(600_000);
  const left = held?.expiresAt == null ? null : (held.expiresAt / 1000 - now) / dayMs;
  const tone = left === null ? '' : left <= 0 ? 'late' : left <= soonDays ? 'near' : '';
  const content = held ? (
    <>
      <SkillLevel level={held.level} />
      {left !== null && left <= soonDays ? (
        <span className="small nowrap">
          {left <= 0 ? t('people.expired') : `~${day(f.dateTime(held.expiresAt! / 1000)).slice(5)}`}
        </span>
      ) : null}
    </>
  ) : null;
  const title =
    held?.expiresAt == null ? undefined : t('people.validUntil', { day: day(f.dateTime(held.expiresAt / 1000)) });
  if (!edit)
    return (
      <span className={`skill-cell ${tone}`} title={title}>
        {content}
      </span>
    );
  return (
    <button type="button" className={`skill-cell ${tone}`} title={title} onClick={edit}>
      <span className="hidden-text">{label}</span>
      {content ?? (
        <span className="muted no-print" aria-hidden>
          +
        </span>
      )}
    </button>
  );
}

/** What must be proven, reviewed or done soon. Nothing where nothing waits. */
function Reminders() {
  const t = useText();
  const { data } = useQuery({
    queryKey: ['people', 'reminders'],
    queryFn: ({ signal }) => api.peopleReminders({ days: soonDays }, { signal }),
  });
  if (!data || data.skills.length + data.reviews.length + data.measures.length === 0) return null;
  return (
    <section className="panel reminder no-print">
      {data.skills.length > 0 ? (
        <span>
          <strong>{t('people.skillsExpiring', { n: data.skills.length })}</strong>{' '}
          <span className="muted">
            {data.skills
              .slice(0, 4)
              .map((each) => `${each.name} (${each.skill})`)
              .join(', ')}
          </span>
        </span>
      ) : null}
      {data.reviews.length > 0 ? (
        <Link to="/people" search={{ tab: 'safety' }}>
          {t('people.reviewsDue', { n: data.reviews.length })}
        </Link>
      ) : null}
      {data.measures.length > 0 ? (
        <Link to="/people" search={{ tab: 'safety' }}>
          {t('people.measuresLate', { n: data.measures.length })}
        </Link>
      ) : null}
    </section>
  );
}
