import type { PersonRecord } from '@deungdae/contracts/person.ts';
import { Select, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';

/** Names of languages in themselves: who reads them finds their own. */
const spoken = { ko: '한국어', en: 'English', vi: 'Tiếng Việt', uz: 'Oʻzbekcha', ne: 'नेपाली', zh: '中文' } as const;

/** A person of the floor. At the kiosk the badge is enough: no account is needed. */
export function PersonDialog({ person, close }: { person: PersonRecord | null; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const [badge, setBadge] = useState(person?.badge ?? '');
  const [name, setName] = useState(person?.name ?? '');
  const [team, setTeam] = useState(person?.team ?? '');
  const [language, setLanguage] = useState(person?.language ?? 'ko');
  const [active, setActive] = useState(person?.active ?? true);
  const save = useMutation({
    mutationFn: () => {
      const fields = { badge, name, team: team.trim() === '' ? null : team.trim(), language };
      return person ? api.updatePerson({ id: person.id }, { ...fields, active }) : api.createPerson(fields);
    },
    onSuccess: async () => {
      showDone(t('people.saved'));
      await client.invalidateQueries({ queryKey: ['people'] });
      close();
    },
  });
  return (
    <FormDialog
      title={person?.name ?? t('people.add')}
      size={440}
      close={close}
      save={save}
      ready={!(name.trim() === '' || badge.trim().length < 2)}
    >
      <TextInput
        required
        data-autofocus
        label={t('people.name')}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <TextInput
        required
        label={t('people.badge')}
        description={t('people.badgeHelp')}
        value={badge}
        onChange={(e) => setBadge(e.currentTarget.value)}
        // A scanner ends with Enter: the form is not sent by reading a badge.
        onKeyDown={(e) => (e.key === 'Enter' ? e.preventDefault() : undefined)}
      />
      <TextInput label={t('people.team')} value={team} onChange={(e) => setTeam(e.currentTarget.value)} />
      <Select
        label={t('people.language')}
        description={t('people.languageHelp')}
        allowDeselect={false}
        value={language}
        data={Object.entries({ ...spoken, ...(language in spoken ? {} : { [language]: language }) }).map(
          ([value, label]) => ({ value, label }),
        )}
        onChange={(value) => setLanguage(value ?? 'ko')}
      />
      {person ? (
        <Switch label={t('people.active')} checked={active} onChange={(e) => setActive(e.currentTarget.checked)} />
      ) : null}
    </FormDialog>
  );
}
