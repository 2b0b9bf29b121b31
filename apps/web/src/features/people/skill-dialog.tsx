import type { PersonRecord } from '@deungdae/contracts/person.ts';
import { Button, Radio } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { levels } from './skill-level.tsx';

/** Grants a skill, raises it or takes it back; how long it is valid comes from the master data. */
export function SkillDialog({
  person,
  skill,
  close,
}: {
  person: PersonRecord;
  skill: { code: string; name: string };
  close: () => void;
}) {
  const t = useText();
  const client = useQueryClient();
  const held = person.skills.find((each) => each.skill === skill.code);
  const [level, setLevel] = useState(held?.level ?? 2);
  const onSuccess = async () => {
    await client.invalidateQueries({ queryKey: ['people'] });
    close();
  };
  const grant = useMutation({
    mutationFn: () => api.grantSkill({ id: person.id }, { skill: skill.code, level }),
    onSuccess,
  });
  const withdraw = useMutation({
    mutationFn: () => api.withdrawSkill({ id: person.id, skill: skill.code }),
    onSuccess,
  });
  const error = grant.error ?? withdraw.error;
  return (
    <FormDialog
      title={`${person.name} · ${skill.name}`}
      size={420}
      close={close}
      save={{ mutate: grant.mutate, isPending: grant.isPending, error }}
      submit={t(held ? 'people.renew' : 'people.grant')}
      aside={
        held ? (
          <Button variant="subtle" color="gray" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {t('people.withdraw')}
          </Button>
        ) : null
      }
    >
      <Radio.Group label={t('people.skillLevel')} value={String(level)} onChange={(value) => setLevel(Number(value))}>
        <div className="stack" style={{ gap: 10, paddingTop: 6 }}>
          {levels.map((each) => (
            <Radio key={each} value={String(each)} label={`${each} · ${t(`people.level.${each}`)}`} />
          ))}
        </div>
      </Radio.Group>
      <p className="muted small">{t('people.skillHelp')}</p>
    </FormDialog>
  );
}
