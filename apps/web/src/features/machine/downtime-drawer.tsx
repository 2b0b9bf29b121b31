import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import { Button, Drawer, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { serverNow } from '../../time/server-clock.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
import { useCause } from '../../ui/cause.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { StateBadge } from '../../ui/state.tsx';
import { ReasonPicker } from './reason-picker.tsx';

/** One stop: give or correct its reason, split it, read what was said before. */
export function DowntimeDrawer({
  downtime,
  canEdit,
  close,
  changed,
}: {
  downtime: Downtime;
  canEdit: boolean;
  close: () => void;
  changed: () => void;
}) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const client = useQueryClient();
  const cause = useCause()(downtime.cause, downtime.state);
  const [reason, setReason] = useState(downtime.reason);
  const [note, setNote] = useState(downtime.note);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const end = downtime.to === null ? serverNow() : downtime.to / 1000;
  const run = async (work: () => Promise<unknown>, message: string) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      await client.invalidateQueries({
        predicate: (query) => ['oee', 'downtimes', 'pareto', 'machine'].includes(String(query.queryKey[0])),
      });
      changed();
      showDone(message);
      close();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const save = () =>
    run(() => api.setDowntimeReason({ id: downtime.id }, { reason: reason ?? '', note }), t('downtime.saved'));
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={520}
      title={<strong>{plant.name(downtime.equipment)}</strong>}
    >
      <div className="stack">
        <div className="row wrap">
          <StateBadge state={downtime.state} />
          <strong>{f.duration(end - downtime.from / 1000)}</strong>
          <span className="muted">
            {f.dateTimeSeconds(downtime.from / 1000)} –{' '}
            {downtime.to === null ? t('downtime.going') : f.timeSeconds(end)}
          </span>
        </div>
        {cause ? <p className="small muted">{t('downtime.cause', { cause })}</p> : null}
        {error ? <ErrorBox error={error} /> : null}
        {canEdit ? (
          <>
            <ReasonPicker value={reason} onPick={setReason} />
            <Textarea
              label={t('field.note')}
              autosize
              minRows={2}
              maxLength={1000}
              value={note}
              onChange={(e) => setNote(e.currentTarget.value)}
            />
            <Button onClick={() => void save()} disabled={!reason} loading={busy}>
              {downtime.reason === null ? t('downtime.save') : t('downtime.correct')}
            </Button>
            <SplitForm
              downtime={downtime}
              end={end}
              split={(at) => run(() => api.splitDowntime({ id: downtime.id }, { at }), t('downtime.splitDone'))}
            />
          </>
        ) : (
          <p>{plant.reasonName(downtime.reason) ?? t('downtime.noReason')}</p>
        )}
        {downtime.history.length > 0 ? <History downtime={downtime} /> : null}
      </div>
    </Drawer>
  );
}

/** Two causes in one stop: cut it at a time, then explain each part. */
function SplitForm({ downtime, end, split }: { downtime: Downtime; end: number; split: (at: number) => void }) {
  const t = useText();
  const zone = usePlantZone();
  const start = downtime.from / 1000;
  const [at, setAt] = useState(() => toLocalInput((start + end) / 2, zone));
  const moment = fromLocalInput(at, zone);
  const inside = moment !== null && moment > start && moment < end;
  if (end - start < 120_000) return null;
  return (
    <form
      className="split-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (inside) split(moment * 1000);
      }}
    >
      <TextInput
        type="datetime-local"
        label={t('downtime.splitAt')}
        description={t('downtime.splitHelp')}
        value={at}
        onChange={(e) => setAt(e.currentTarget.value)}
        error={inside ? null : t('downtime.splitOutside')}
      />
      <Button type="submit" variant="default" disabled={!inside}>
        {t('downtime.split')}
      </Button>
    </form>
  );
}

function History({ downtime }: { downtime: Downtime }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  return (
    <section>
      <h3>{t('downtime.history')}</h3>
      <ol className="downtime-history">
        {downtime.history.map((version) => (
          <li key={version.at}>
            <span className="muted small">
              {f.dateTime(version.at / 1000)} · {version.by}
            </span>
            <span>
              {plant.reasonName(version.reason) ?? t('downtime.noReason')} · {f.timeSeconds(version.from / 1000)}–
              {version.to === null ? '' : f.timeSeconds(version.to / 1000)}
            </span>
            {version.note ? <span className="small">{version.note}</span> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
