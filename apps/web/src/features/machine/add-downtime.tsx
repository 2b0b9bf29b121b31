import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
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
  const zone = usePlantZone();
  const [from, setFrom] = useState(() => toLocalInput(Date.now() - 1_800_000, zone));
  const [to, setTo] = useState(() => toLocalInput(Date.now(), zone));
  const [state, setState] = useState<(typeof states)[number]>('unplannedStop');
  const [reason, setReason] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const start = fromLocalInput(from, zone);
  const end = fromLocalInput(to, zone);
  const valid = start !== null && end !== null && end > start;
  const save = async () => {
    if (!valid) return;
    setBusy(true);
    try {
      await api.addDowntime({ equipment, from: start * 1000, to: end * 1000, state, reason, note });
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
        <TextInput
          type="datetime-local"
          label={t('time.from')}
          value={from}
          onChange={(e) => setFrom(e.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t('time.to')}
          value={to}
          onChange={(e) => setTo(e.currentTarget.value)}
          error={valid ? null : t('time.rangeWrong')}
        />
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
        <Button type="submit" loading={busy} disabled={!valid}>
          {t('action.save')}
        </Button>
      </form>
    </Modal>
  );
}
