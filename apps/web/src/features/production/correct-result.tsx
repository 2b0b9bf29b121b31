import type { RunResult } from '@deungdae/contracts/work-order.ts';
import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { useAct } from './use-act.ts';

/** The figures as they should have been; the first ones stay readable. */
export function CorrectResult({
  result,
  all,
  close,
}: {
  result: RunResult;
  all: readonly RunResult[];
  close: () => void;
}) {
  const t = useText();
  const { act, busy } = useAct();
  const [entryId] = useState(newEntryId);
  const parts = all.filter((r) => r.id === result.id || r.corrects === result.id);
  const sum = (key: 'good' | 'rework') => parts.reduce((s, r) => s + r[key], 0);
  const [good, setGood] = useState<number | ''>(sum('good'));
  const [rework, setRework] = useState<number | ''>(sum('rework'));
  const [defects, setDefects] = useState(() => summed(parts));
  const [scrap, setScrap] = useState<number | ''>(parts.reduce((s, r) => s + r.scrap, 0));
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const save = async () => {
    const kept = defects.filter((d) => d.quantity > 0);
    const body = {
      ...{ entryId, good: Number(good), rework: Number(rework), defects: kept, reason: reason.trim(), note },
      ...(kept.length > 0 ? {} : { scrap: Number(scrap) }),
    };
    if (await act(() => api.correctResult({ id: result.id }, body), t('production.done'))) close();
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('production.correctTitle')}</strong>} size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p className="small muted">{t('production.correctHelp')}</p>
        <NumberInput
          label={t('production.good')}
          min={0}
          value={good}
          onChange={(v) => setGood(v === '' ? '' : Number(v))}
        />
        {defects.length === 0 ? (
          <NumberInput
            label={t('production.scrap')}
            min={0}
            value={scrap}
            onChange={(v) => setScrap(v === '' ? '' : Number(v))}
          />
        ) : null}
        {defects.map((d, i) => (
          <NumberInput
            key={d.reason}
            label={`${t('production.scrap')}: ${d.reason}`}
            min={0}
            value={d.quantity}
            onChange={(v) => setDefects(defects.map((x, k) => (k === i ? { ...x, quantity: Number(v) } : x)))}
          />
        ))}
        <NumberInput
          label={t('production.rework')}
          min={0}
          value={rework}
          onChange={(v) => setRework(v === '' ? '' : Number(v))}
        />
        <TextInput
          label={t('production.correctionReason')}
          required
          maxLength={60}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <TextInput
          label={t('field.note')}
          maxLength={1000}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={reason.trim() === ''}>
          {t('action.save')}
        </Button>
      </form>
    </Modal>
  );
}

function summed(parts: readonly RunResult[]): { reason: string; quantity: number }[] {
  const sums = new Map<string, number>();
  for (const p of parts) for (const d of p.defects) sums.set(d.reason, (sums.get(d.reason) ?? 0) + d.quantity);
  return [...sums].map(([reason, quantity]) => ({ reason, quantity }));
}
