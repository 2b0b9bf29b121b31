import { Button, Modal, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { serverNow } from '../../time/server-clock.ts';
import { useCivilRange } from '../../time/use-civil-range.ts';
import { CivilRangeInputs } from '../../ui/civil-range-inputs.tsx';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { ReasonPicker } from './reason-picker.tsx';

const states = ['unplannedStop', 'setup', 'plannedStop', 'idle', 'running'] as const;

/** A stop or set-up that the machine did not tell of. */
export function AddDowntime({
  equipment,
  close,
  changed,
}: {
  equipment: string;
  close: () => void;
  changed: () => void;
}) {
  const t = useText();
  const range = useCivilRange(() => ({ from: serverNow() - 1_800_000, to: serverNow() }));
  const [state, setState] = useState<(typeof states)[number]>('unplannedStop');
  const [reason, setReason] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (!range.moments) return;
    const { from, to } = range.moments;
    setBusy(true);
    try {
      await api.addDowntime({ equipment, from: from * 1000, to: to * 1000, state, reason, note });
      changed();
      showDone(t('downtime.saved'));
      close();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('downtime.add')}</strong>} size={520}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p className="small muted">{t('downtime.addHelp')}</p>
        {error ? <ErrorBox error={error} /> : null}
        <CivilRangeInputs range={range} />
        <Select
          label={t('field.state')}
          allowDeselect={false}
          value={state}
          onChange={(value) => value && setState(value as typeof state)}
          data={states.map((value) => ({ value, label: t(`state.${value}`) }))}
        />
        <ReasonPicker value={reason} onPick={setReason} />
        <Textarea
          label={t('field.note')}
          maxLength={1000}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={!range.moments}>
          {t('action.save')}
        </Button>
      </form>
    </Modal>
  );
}
