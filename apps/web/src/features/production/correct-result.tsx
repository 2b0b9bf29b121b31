import type { Defect, RunResult } from '@deungdae/contracts/work-order.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { ApiFailure, type BodyOf } from '../../api/http.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';
import { type EntryData, EntryFields, RecordShort } from './entry-fields.tsx';
import { changed, mayRecordShort, missingFields, toSend } from './entry-form.ts';

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
  const client = useQueryClient();
  const [entryId] = useState(newEntryId);
  const [data, setData] = useState<EntryData>(() => standing(result, all));
  const kind = 'reworked' in data ? 'correctReworked' : 'correct';
  const [short, setShort] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const { reworked, ...said } = toSend(data, false);
      const rework = kind === 'correctReworked' ? { rework: -Number(reworked ?? 0) } : {};
      const body = { ...said, ...rework, entryId, ...(short ? { short } : {}) };
      return api.correctResult({ id: result.id }, body as BodyOf<'correctResult'>);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['production'] });
      showDone(t('production.done'));
      close();
    },
  });
  return (
    <FormDialog
      title={t('production.correctTitle')}
      size={520}
      close={close}
      save={save}
      ready={missingFields(kind, data).length === 0}
    >
      <p className="small muted">{t('production.correctHelp')}</p>
      <EntryFields kind={kind} data={data} set={(key, value) => setData((before) => changed(before, key, value))} />
      {short || (save.error instanceof ApiFailure && mayRecordShort('confirm', save.error.code)) ? (
        <RecordShort short={short} set={setShort} />
      ) : null}
    </FormDialog>
  );
}

/** What stands now: the result with its corrections. */
function standing(result: RunResult, all: readonly RunResult[]): EntryData {
  const parts = all.filter((r) => r.id === result.id || r.corrects === result.id);
  const sum = (key: 'good' | 'scrap' | 'rework') => parts.reduce((total, r) => total + r[key], 0);
  const defects = new Map<string, Defect>();
  for (const { reason, quantity, cavity } of parts.flatMap((r) => r.defects)) {
    const key = `${reason} ${cavity ?? ''}`;
    const known = defects.get(key);
    if (known) known.quantity += quantity;
    else defects.set(key, { reason, quantity, ...(cavity === undefined ? {} : { cavity }) });
  }
  const rework = sum('rework');
  return {
    ...{ good: sum('good'), scrap: sum('scrap') },
    // Pieces that waited for rework and were turned good are among the good ones.
    ...(rework < 0 ? { reworked: -rework } : { rework }),
    defects: [...defects.values()].filter((d) => d.quantity !== 0),
  };
}
