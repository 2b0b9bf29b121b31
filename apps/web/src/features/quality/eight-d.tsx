import type { EightD, Nonconformity } from '@deungdae/contracts/quality.ts';
import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { dayEnd, dayText } from '../../time/day-us.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { qualityKey } from './common.tsx';

type Action = Omit<EightD['actions'][number], 'id'> & { id?: string };
type Draft = Omit<EightD, 'effectiveness' | 'startedAt' | 'actions'> & { actions: Action[] };

const blank: Draft = {
  ...{ team: '', problem: '', rootCause: '', escapeCause: '', closing: '' },
  ...{ dueAt: null, effectivenessDueAt: null, actions: [] },
};
const disciplines = [3, 5, 6, 7] as const;

/** The 8D report: who, what, why, measures with their days, and whether they worked. */
export function EightDPanel({ data }: { data: Nonconformity }) {
  const t = useText();
  const { lead } = useAbilities();
  const [draft, setDraft] = useState<Draft | null>(data.eightD);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: [qualityKey] });
  const save = useMutation({
    mutationFn: (next: Draft) => {
      const { team, problem, rootCause, escapeCause, closing, dueAt, effectivenessDueAt, actions } = next;
      return api.saveEightD(
        { id: data.id },
        { team, problem, rootCause, escapeCause, closing, dueAt, effectivenessDueAt, actions },
      );
    },
    onSuccess: refresh,
  });
  const locked = !lead || data.status === 'closed';
  if (!draft)
    return (
      <section className="panel no-print">
        <div className="panel-head">
          <h2>8D</h2>
          <span className="muted small">{t('quality.eightDText')}</span>
          {locked ? null : (
            <Button className="push" variant="default" onClick={() => setDraft({ ...blank, problem: data.text })}>
              {t('quality.startEightD')}
            </Button>
          )}
        </div>
      </section>
    );
  const text = (key: 'team' | 'problem' | 'rootCause' | 'escapeCause' | 'closing', discipline: string) => (
    <Textarea
      label={`${discipline} ${t(`quality.eightD.${key}`)}`}
      autosize
      minRows={1}
      readOnly={locked}
      value={draft[key]}
      onChange={(e) => setDraft({ ...draft, [key]: e.currentTarget.value })}
    />
  );
  return (
    <section className="panel" aria-label="8D">
      <div className="panel-head">
        <h2>8D</h2>
        <DayField
          label={t('quality.due')}
          value={draft.dueAt}
          locked={locked}
          change={(dueAt) => setDraft({ ...draft, dueAt })}
        />
        <DayField
          label={t('quality.effectivenessDue')}
          value={draft.effectivenessDueAt}
          locked={locked}
          change={(effectivenessDueAt) => setDraft({ ...draft, effectivenessDueAt })}
        />
      </div>
      <div className="panel-body stack">
        {text('team', 'D1')}
        {text('problem', 'D2')}
        {text('rootCause', 'D4')}
        {text('escapeCause', 'D4')}
        <Actions draft={draft} change={(actions) => setDraft({ ...draft, actions })} locked={locked} />
        {text('closing', 'D8')}
        {save.error ? <ErrorBox error={save.error} /> : null}
        {locked ? null : (
          <div className="row no-print">
            <Button loading={save.isPending} onClick={() => save.mutate(draft)}>
              {t('quality.saveEightD')}
            </Button>
          </div>
        )}
        {data.eightD ? <Effectiveness data={data} locked={locked} refresh={refresh} /> : null}
      </div>
    </section>
  );
}

function DayField(props: { label: string; value: number | null; locked: boolean; change: (v: number | null) => void }) {
  const zone = usePlantZone();
  return (
    <label className="row small muted">
      {props.label}
      <input
        type="date"
        className="day-field"
        readOnly={props.locked}
        value={dayText(props.value, zone)}
        onChange={(e) => props.change(dayEnd(e.currentTarget.value, zone))}
      />
    </label>
  );
}

function Actions({ draft, change, locked }: { draft: Draft; change: (actions: Action[]) => void; locked: boolean }) {
  const t = useText();
  const set = (at: number, next: Partial<Action>) =>
    change(draft.actions.map((a, i) => (i === at ? { ...a, ...next } : a)));
  const add = () => change([...draft.actions, { discipline: 5, text: '', owner: '', dueAt: null, doneAt: null }]);
  return (
    <div className="stack">
      <h3>{t('quality.measures')}</h3>
      {draft.actions.map((action, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a new measure has no id yet, and none changes its place
        <div className="row wrap measure" key={i}>
          <Select
            w={150}
            aria-label={t('quality.discipline')}
            allowDeselect={false}
            readOnly={locked}
            value={String(action.discipline)}
            onChange={(v) => set(i, { discipline: disciplines.find((d) => String(d) === v) ?? 5 })}
            data={disciplines.map((d) => ({ value: String(d), label: `D${d} ${t(`quality.discipline.${d}`)}` }))}
          />
          <TextInput
            className="grow"
            aria-label={t('quality.measure')}
            placeholder={t('quality.measure')}
            readOnly={locked}
            value={action.text}
            onChange={(e) => set(i, { text: e.currentTarget.value })}
          />
          <TextInput
            w={110}
            aria-label={t('quality.owner')}
            placeholder={t('quality.owner')}
            readOnly={locked}
            value={action.owner}
            onChange={(e) => set(i, { owner: e.currentTarget.value })}
          />
          <DayField label="" value={action.dueAt} locked={locked} change={(dueAt) => set(i, { dueAt })} />
          <Checkbox
            label={t('quality.measureDone')}
            disabled={locked}
            checked={action.doneAt !== null}
            onChange={(e) => set(i, { doneAt: e.currentTarget.checked ? Date.now() * 1000 : null })}
          />
          {locked ? null : (
            <Button
              variant="subtle"
              color="gray"
              aria-label={t('quality.removeMeasure')}
              onClick={() => change(draft.actions.filter((_, at) => at !== i))}
            >
              <IconTrash size={16} />
            </Button>
          )}
        </div>
      ))}
      {locked ? null : (
        <div className="no-print">
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
            {t('quality.addMeasure')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Effectiveness(props: { data: Nonconformity; locked: boolean; refresh: () => void }) {
  const t = useText();
  const f = useFormats();
  const [evidence, setEvidence] = useState('');
  const check = useMutation({
    mutationFn: (effective: boolean) => api.checkEffectiveness({ id: props.data.id }, { effective, evidence }),
    onSuccess: props.refresh,
  });
  const found = props.data.eightD?.effectiveness ?? null;
  return (
    <div className="stack">
      <h3>{t('quality.effectiveness')}</h3>
      {found ? (
        <p>
          <strong className={found.effective ? '' : 'bad'}>
            {t(found.effective ? 'quality.effective' : 'quality.notEffective')}
          </strong>{' '}
          {found.evidence}
          <span className="muted small">
            {' '}
            {found.by} · {f.dateTime(found.checkedAt / 1000)}
          </span>
        </p>
      ) : null}
      {props.locked ? null : (
        <div className="row wrap no-print">
          <TextInput
            className="grow"
            placeholder={t('quality.evidence')}
            aria-label={t('quality.evidence')}
            value={evidence}
            onChange={(e) => setEvidence(e.currentTarget.value)}
          />
          <Button variant="default" disabled={evidence.trim() === ''} onClick={() => check.mutate(true)}>
            {t('quality.effective')}
          </Button>
          <Button variant="default" disabled={evidence.trim() === ''} onClick={() => check.mutate(false)}>
            {t('quality.notEffective')}
          </Button>
        </div>
      )}
      {check.error ? <ErrorBox error={check.error} /> : null}
    </div>
  );
}
