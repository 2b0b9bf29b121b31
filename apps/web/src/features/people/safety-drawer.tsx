import type { SafetyRecord } from '@deungdae/contracts/person.ts';
import { Button, Drawer, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { serverNow } from '../../time/server-clock.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { usePersonName } from '../maintenance/common.tsx';
import '../maintenance/maintenance.css';
import { Pictures } from '../maintenance/order-drawer.tsx';
import { Risk } from './risk.tsx';

/** One record with its hazards and measures; closed when every measure is done. */
export function SafetyDrawer({ record, close }: { record: SafetyRecord; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const plant = usePlantIndex();
  const personName = usePersonName();
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['people'] });
  const params = { id: record.id };
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSuccess });
  const open = record.status === 'open';
  const undone = record.measures.some((measure) => measure.doneAt === null);
  return (
    <Drawer opened onClose={close} position="right" size={520} title={<strong>{record.number}</strong>}>
      <div className="stack">
        {act.error ? <ErrorBox error={act.error} /> : null}
        <h2 style={{ whiteSpace: 'pre-wrap' }}>{record.text}</h2>
        <dl className="mt-facts">
          <dt>{t('people.column.kind')}</dt>
          <dd>{t(`people.safetyKind.${record.kind}`)}</dd>
          <dt>{t('people.column.time')}</dt>
          <dd>
            {f.dateTime(record.time / 1000)} · {personName(record.reporter)}
          </dd>
          <dt>{t('people.column.place')}</dt>
          <dd>{record.place === '' ? '–' : plant.name(record.place)}</dd>
          <dt>{t('people.column.state')}</dt>
          <dd>{t(`people.safetyStatus.${record.status}`)}</dd>
          {record.people.length > 0 ? (
            <>
              <dt>{t('people.attendees')}</dt>
              <dd>{record.people.map(personName).join(', ')}</dd>
            </>
          ) : null}
          {record.reviewDue === null ? null : (
            <>
              <dt>{t('people.review')}</dt>
              <dd className={record.reviewDue / 1000 < serverNow() ? 'mt-late' : ''}>
                {f.dateTime(record.reviewDue / 1000).slice(0, 10)}
              </dd>
            </>
          )}
        </dl>
        <Pictures documents={record.documents} />
        {record.hazards.length > 0 ? (
          <ul className="mt-list panel">
            {record.hazards.map((hazard) => (
              <li key={hazard.hazard}>
                <span className="grow">{hazard.hazard}</span>
                <Risk likelihood={hazard.likelihood} severity={hazard.severity} />
                {hazard.likelihoodAfter !== null && hazard.severityAfter !== null ? (
                  <>
                    <span className="muted small nowrap">{t('people.afterMeasures')}</span>
                    <Risk likelihood={hazard.likelihoodAfter} severity={hazard.severityAfter} />
                  </>
                ) : null}
              </li>
            ))}
          </ul>
        ) : null}
        <section className="panel">
          <div className="panel-head">
            <h3>{t('people.measures')}</h3>
          </div>
          {record.measures.length === 0 ? <p className="panel-body muted">{t('people.noMeasures')}</p> : null}
          <ul className="mt-list">
            {record.measures.map((measure) => (
              <li key={measure.id}>
                <div className="grow">
                  {measure.text}
                  {measure.due === null || measure.doneAt !== null ? null : (
                    <span className={measure.due / 1000 < serverNow() ? ' mt-late' : ' muted'}>
                      {' '}
                      ~{f.dateTime(measure.due / 1000).slice(0, 10)}
                    </span>
                  )}
                </div>
                {measure.doneAt === null ? (
                  can.operate && open ? (
                    <Button
                      variant="light"
                      loading={act.isPending}
                      onClick={() => act.mutate(() => api.finishSafetyMeasure({ ...params, measure: measure.id }, {}))}
                    >
                      {t('people.measureDone')}
                    </Button>
                  ) : null
                ) : (
                  <span className="muted">
                    {t('people.doneOn', { day: f.dateTime(measure.doneAt / 1000).slice(0, 10) })}
                  </span>
                )}
              </li>
            ))}
          </ul>
          {can.lead && open ? (
            <AddMeasure add={(text) => act.mutate(() => api.addSafetyMeasure(params, { text }))} />
          ) : null}
        </section>
        {can.lead ? (
          <div className="row wrap">
            {record.reviewDue === null ? null : (
              <Button variant="default" onClick={() => act.mutate(() => api.reviewSafety(params, {}))}>
                {t('people.reviewed')}
              </Button>
            )}
            {open ? (
              <Button className="push" disabled={undone} onClick={() => act.mutate(() => api.closeSafety(params))}>
                {t('people.closeRecord')}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
    </Drawer>
  );
}

function AddMeasure({ add }: { add: (text: string) => void }) {
  const t = useText();
  const [text, setText] = useState('');
  return (
    <form
      className="row panel-body"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        add(text.trim());
        setText('');
      }}
    >
      <TextInput
        style={{ flex: 1 }}
        aria-label={t('people.addMeasure')}
        placeholder={t('people.addMeasure')}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t('maintenance.add')}
      </Button>
    </form>
  );
}
