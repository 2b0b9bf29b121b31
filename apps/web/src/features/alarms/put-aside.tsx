import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import { Button, Modal, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { plantText } from '../../ui/text.ts';
import { setService, shelve } from './alarm-actions.ts';

export type PutAsideKind = 'shelve' | 'service';
const times = [15, 60, 240, 480, 1440] as const;

/** Shelving ends by itself; out of service does not. Both ask for a reason, which the journal keeps. */
export function PutAside({ kind, alarm, close }: { kind: PutAsideKind; alarm: Alarm; close: () => void }) {
  const t = useText();
  const language = useLanguage();
  const [minutes, setMinutes] = useState('60');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const back = kind === 'service' && alarm.state === 'outOfService';
  const title = kind === 'shelve' ? t('alarms.shelve') : back ? t('alarms.backToService') : t('alarms.outOfService');
  const save = async () => {
    try {
      if (kind === 'shelve') await shelve(alarm.id, Number(minutes), reason);
      else await setService(alarm.id, back, reason);
      showDone(t('alarms.asideDone'));
      close();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Modal opened onClose={close} title={<strong>{title}</strong>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p>{plantText(alarm.name, language)}</p>
        <p className="small muted">
          {kind === 'shelve' ? t('alarms.shelveHelp') : back ? t('alarms.backHelp') : t('alarms.serviceHelp')}
        </p>
        {error ? <ErrorBox error={error} /> : null}
        {kind === 'shelve' ? (
          <SegmentedControl
            aria-label={t('alarms.howLong')}
            value={minutes}
            onChange={setMinutes}
            data={times.map((m) => ({
              value: String(m),
              label: m < 60 ? t('time.minutes', { m }) : t('alarms.hours', { h: m / 60 }),
            }))}
          />
        ) : null}
        <Textarea
          data-autofocus
          label={t('alarms.reason')}
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <Button type="submit" disabled={!reason.trim()}>
          {title}
        </Button>
      </form>
    </Modal>
  );
}
