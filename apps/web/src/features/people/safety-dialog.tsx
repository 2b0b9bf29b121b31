import type { SafetyRecord } from '@deungdae/contracts/person.ts';
import { ActionIcon, Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { Attendance } from './attendance.tsx';
import { RiskMatrix } from './risk.tsx';

interface Hazard {
  key: string;
  hazard: string;
  before: { likelihood: number; severity: number } | null;
}
const newHazard = (): Hazard => ({ key: newEntryId(), hazard: '', before: null });

/**
 * A near miss asks for what and where only, so that it is told in half a minute; an assessment for its hazards and what
 * is done about them; a toolbox meeting for who was there.
 */
export function SafetyDialog({ kind, close }: { kind: SafetyRecord['kind']; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const plant = usePlantIndex();
  const people = useQuery({ queryKey: ['people', 'list', false], queryFn: ({ signal }) => api.people({}, { signal }) });
  const [place, setPlace] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [documents, setDocuments] = useState<string[]>([]);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [hazards, setHazards] = useState<Hazard[]>(kind === 'riskAssessment' ? [newHazard()] : []);
  const [measure, setMeasure] = useState('');
  const send = useMutation({
    mutationFn: () =>
      api.reportSafety({
        ...{ kind, place: place ?? '', text, documents, people: [...chosen] },
        hazards: hazards.flatMap(({ hazard, before }) =>
          hazard.trim() === '' || before === null ? [] : [{ hazard, ...before }],
        ),
        measures: measure
          .split('\n')
          .map((each) => each.trim())
          .filter((each) => each !== '')
          .map((each) => ({ text: each })),
      }),
    onSuccess: async (record) => {
      showDone(t('people.recorded', { number: record.number }));
      await client.invalidateQueries({ queryKey: ['people'] });
      close();
    },
  });
  const judged = hazards.every((each) => each.hazard.trim() !== '' && each.before !== null);
  const ready =
    text.trim() !== '' &&
    (kind !== 'riskAssessment' || (judged && place !== null)) &&
    (kind !== 'toolboxMeeting' || chosen.size > 0);
  const set = (key: string, part: Partial<Hazard>) =>
    setHazards(hazards.map((each) => (each.key === key ? { ...each, ...part } : each)));
  return (
    <FormDialog
      title={t(`people.report.${kind}`)}
      size={640}
      close={close}
      save={send}
      ready={ready}
      submit={t('people.send')}
      aside={<PhotoButton count={documents.length} onTaken={(id) => setDocuments([...documents, id])} />}
    >
      <Textarea
        required
        data-autofocus
        size="md"
        label={t(`people.ask.${kind}`)}
        placeholder={t(`people.hint.${kind}`)}
        autosize
        minRows={kind === 'riskAssessment' ? 1 : 3}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <Select
        size="md"
        searchable
        clearable
        required={kind === 'riskAssessment'}
        label={t('people.column.place')}
        value={place}
        data={plant.nodes
          .filter((node) => node.level !== 'enterprise')
          .map((node) => ({ value: node.path, label: plant.name(node.path) }))}
        onChange={setPlace}
      />
      {hazards.map((hazard, i) => (
        <fieldset key={hazard.key} className="mt-lines">
          <legend>{t('people.hazard', { n: i + 1 })}</legend>
          <div className="row">
            <TextInput
              required
              style={{ flex: 1 }}
              aria-label={t('people.hazard', { n: i + 1 })}
              placeholder={t('people.hazardHint')}
              value={hazard.hazard}
              onChange={(e) => set(hazard.key, { hazard: e.currentTarget.value })}
            />
            {hazards.length > 1 ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('maintenance.remove')}
                onClick={() => setHazards(hazards.filter((other) => other.key !== hazard.key))}
              >
                <IconTrash size={18} />
              </ActionIcon>
            ) : null}
          </div>
          <RiskMatrix
            label={t('people.riskNow')}
            value={hazard.before}
            change={(before) => set(hazard.key, { before })}
          />
        </fieldset>
      ))}
      {kind === 'riskAssessment' ? (
        <>
          <div>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={15} />}
              onClick={() => setHazards([...hazards, newHazard()])}
            >
              {t('people.addHazard')}
            </Button>
          </div>
          <Textarea
            label={t('people.measures')}
            description={t('people.measuresHelp')}
            autosize
            minRows={2}
            value={measure}
            onChange={(e) => setMeasure(e.currentTarget.value)}
          />
        </>
      ) : null}
      {kind === 'nearMiss' ? null : <Attendance people={people.data ?? []} chosen={chosen} change={setChosen} />}
    </FormDialog>
  );
}
