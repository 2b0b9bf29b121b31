import type { MaintenancePlan, Trigger } from '@deungdae/contracts/maintenance.ts';
import { ActionIcon, Button, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';
import { useSignalSource, useSubjectSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { maintenanceKey } from './common.tsx';
import { subjectOfKey } from './request-dialog.tsx';

const types = ['calendar', 'hours', 'shots', 'condition'] as const;
const fresh: Record<(typeof types)[number], Trigger> = {
  calendar: { type: 'calendar', days: 30 },
  hours: { type: 'hours', hours: 500 },
  shots: { type: 'shots', shots: 10_000 },
  condition: { type: 'condition', signal: '', above: null, below: null },
};

/** Makes a plan or changes one: what, on which machine or tool, and what asks for it. */
export function PlanDialog({ plan, close }: { plan: MaintenancePlan | null; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const subjects = useSubjectSource();
  const [code, setCode] = useState(plan?.code ?? '');
  const [name, setName] = useState(plan?.name ?? '');
  const [key, setKey] = useState<string | null>(plan ? `${plan.subject.kind}/${plan.subject.id}` : null);
  const [triggers, setTriggers] = useState<Trigger[]>(plan ? [...plan.triggers] : [fresh.calendar]);
  const [text, setText] = useState(plan?.text ?? '');
  const [active, setActive] = useState(plan?.active ?? true);
  const save = useMutation({
    mutationFn: () =>
      api.putMaintenancePlan(
        { code },
        {
          ...{ name, subject: subjectOfKey(key!), triggers, text, active },
          ...(plan ? { parts: plan.parts, minutes: plan.minutes, warnAt: plan.warnAt } : {}),
        },
      ),
    onSuccess: async () => {
      showDone(t('maintenance.planSaved'));
      await client.invalidateQueries({ queryKey: [maintenanceKey] });
      close();
    },
  });
  const set = (index: number, trigger: Trigger) =>
    setTriggers(triggers.map((each, i) => (i === index ? trigger : each)));
  const whole = triggers.every(
    (each) => each.type !== 'condition' || (each.signal !== '' && (each.above ?? each.below) !== null),
  );
  return (
    <FormDialog
      title={plan?.name ?? t('maintenance.addPlan')}
      size={620}
      close={close}
      save={save}
      ready={!(code.trim() === '' || name.trim() === '' || key === null || triggers.length === 0 || !whole)}
      aside={
        <Switch
          label={t('maintenance.planActive')}
          checked={active}
          onChange={(e) => setActive(e.currentTarget.checked)}
        />
      }
    >
      <div className="row">
        <TextInput
          required
          w={150}
          disabled={plan !== null}
          label={t('maintenance.code')}
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
        />
        <TextInput
          required
          style={{ flex: 1 }}
          label={t('maintenance.planName')}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
      </div>
      <Picker required label={t('maintenance.column.subject')} source={subjects} value={key} onChange={setKey} />
      <fieldset className="mt-lines">
        <legend>{t('maintenance.triggers')}</legend>
        {triggers.map((trigger, i) => (
          <TriggerRow
            // biome-ignore lint/suspicious/noArrayIndexKey: triggers have no identity but their place
            key={i}
            trigger={trigger}
            change={(next) => set(i, next)}
            remove={() => setTriggers(triggers.filter((_, at) => at !== i))}
          />
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} />}
          onClick={() => setTriggers([...triggers, fresh.calendar])}
        >
          {t('maintenance.add')}
        </Button>
      </fieldset>
      <Textarea
        label={t('maintenance.planText')}
        autosize
        minRows={2}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
    </FormDialog>
  );
}

function TriggerRow({
  trigger,
  change,
  remove,
}: {
  trigger: Trigger;
  change: (trigger: Trigger) => void;
  remove: () => void;
}) {
  const t = useText();
  const signals = useSignalSource({ numbers: true });
  const limit = (value: string | number) => (value === '' ? null : Number(value));
  return (
    <div className="row wrap">
      <Select
        w={130}
        aria-label={t('maintenance.trigger')}
        allowDeselect={false}
        value={trigger.type}
        data={types.map((value) => ({ value, label: t(`maintenance.trigger.${value}`) }))}
        onChange={(value) => change(fresh[value as keyof typeof fresh])}
      />
      {trigger.type === 'calendar' ? (
        <Amount unit="days" value={trigger.days} change={(days) => change({ ...trigger, days })} />
      ) : null}
      {trigger.type === 'hours' ? (
        <Amount unit="hours" value={trigger.hours} change={(hours) => change({ ...trigger, hours })} />
      ) : null}
      {trigger.type === 'shots' ? (
        <Amount unit="shots" value={trigger.shots} change={(shots) => change({ ...trigger, shots })} />
      ) : null}
      {trigger.type === 'condition' ? (
        <>
          <div className="grow" style={{ minWidth: 180 }}>
            <Picker
              bare
              label={t('maintenance.signal')}
              source={signals}
              value={trigger.signal === '' ? null : trigger.signal}
              onChange={(signal) => change({ ...trigger, signal: signal ?? '' })}
            />
          </div>
          <NumberInput
            w={92}
            aria-label={t('maintenance.above')}
            placeholder=">"
            value={trigger.above ?? ''}
            onChange={(value) => change({ ...trigger, above: limit(value) })}
          />
          <NumberInput
            w={92}
            aria-label={t('maintenance.below')}
            placeholder="<"
            value={trigger.below ?? ''}
            onChange={(value) => change({ ...trigger, below: limit(value) })}
          />
        </>
      ) : null}
      <ActionIcon variant="subtle" color="gray" aria-label={t('maintenance.remove')} onClick={remove}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}

function Amount({
  unit,
  value,
  change,
}: {
  unit: 'days' | 'hours' | 'shots';
  value: number;
  change: (value: number) => void;
}) {
  const t = useText();
  return (
    <NumberInput
      style={{ flex: 1 }}
      aria-label={t(`maintenance.unit.${unit}`)}
      min={1}
      thousandSeparator=","
      suffix={` ${t(`maintenance.unit.${unit}`)}`}
      value={value}
      onChange={(next) => change(Math.max(1, Math.round(Number(next)) || 1))}
    />
  );
}
