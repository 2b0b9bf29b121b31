import { NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { serverNow } from '../../time/server-clock.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { Attendance } from './attendance.tsx';
import { useSkills } from './matrix-tab.tsx';
import { levels } from './skill-level.tsx';

const kinds = ['job', 'quality', 'safety', 'other'] as const;

/** A training as it was held: who was there, and which skill it gives to them. */
export function TrainingDialog({ close }: { close: () => void }) {
  const t = useText();
  const zone = usePlantZone();
  const client = useQueryClient();
  const people = useQuery({ queryKey: ['people', 'list', false], queryFn: ({ signal }) => api.people({}, { signal }) });
  const skills = useSkills(people.data ?? []);
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<(typeof kinds)[number]>('job');
  const [held, setHeld] = useState(() => toLocalInput(serverNow(), zone));
  const [minutes, setMinutes] = useState(60);
  const [trainer, setTrainer] = useState('');
  const [text, setText] = useState('');
  const [skill, setSkill] = useState<string | null>(null);
  const [level, setLevel] = useState(2);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [documents, setDocuments] = useState<string[]>([]);
  const heldAt = fromLocalInput(held, zone);
  const save = useMutation({
    mutationFn: () =>
      api.recordTraining({
        ...{ title, kind, minutes, trainer, text, documents },
        heldAt: Math.round((heldAt ?? serverNow()) * 1000),
        attendees: [...chosen].map((person) => ({ person, passed: true })),
        grants: skill === null ? [] : [{ skill, level }],
      }),
    onSuccess: async () => {
      showDone(t('people.trainingSaved'));
      await client.invalidateQueries({ queryKey: ['people'] });
      close();
    },
  });
  const ready = title.trim() !== '' && trainer.trim() !== '' && chosen.size > 0;
  return (
    <FormDialog
      title={t('people.addTraining')}
      size={680}
      close={close}
      save={save}
      ready={ready}
      aside={<PhotoButton count={documents.length} onTaken={(id) => setDocuments([...documents, id])} />}
    >
      <TextInput
        required
        data-autofocus
        label={t('people.column.training')}
        value={title}
        onChange={(e) => setTitle(e.currentTarget.value)}
      />
      <div className="row wrap">
        <Select
          w={110}
          label={t('people.column.kind')}
          allowDeselect={false}
          value={kind}
          data={kinds.map((value) => ({ value, label: t(`people.trainingKind.${value}`) }))}
          onChange={(value) => setKind(value as typeof kind)}
        />
        <TextInput
          type="datetime-local"
          w={200}
          label={t('people.column.heldAt')}
          value={held}
          onChange={(e) => setHeld(e.currentTarget.value)}
        />
        <NumberInput
          w={100}
          min={1}
          max={6000}
          label={t('people.column.minutes')}
          value={minutes}
          onChange={(value) => setMinutes(Math.max(1, Number(value) || 1))}
        />
        <TextInput
          required
          style={{ flex: 1, minWidth: 120 }}
          label={t('people.column.trainer')}
          value={trainer}
          onChange={(e) => setTrainer(e.currentTarget.value)}
        />
      </div>
      <Textarea
        label={t('people.trainingText')}
        autosize
        minRows={2}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <div className="row wrap">
        <Select
          style={{ flex: 1 }}
          clearable
          searchable
          label={t('people.grantsSkill')}
          value={skill}
          data={skills.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))}
          onChange={setSkill}
        />
        <Select
          w={190}
          label={t('people.skillLevel')}
          allowDeselect={false}
          disabled={skill === null}
          value={String(level)}
          data={levels.map((each) => ({ value: String(each), label: `${each} · ${t(`people.level.${each}`)}` }))}
          onChange={(value) => setLevel(Number(value))}
        />
      </div>
      <Attendance people={people.data ?? []} chosen={chosen} change={setChosen} />
    </FormDialog>
  );
}
