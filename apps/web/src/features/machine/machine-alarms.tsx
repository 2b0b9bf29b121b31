import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useAlarms, useLiveStatus } from '../../live/use-live.ts';
import { PriorityMark } from '../../ui/priority.tsx';
import { plantText } from '../../ui/text.ts';
import { prioritiesByUrgency } from '../../ui/urgency.ts';
import { useNow } from '../../ui/use-now.ts';
import { acknowledge } from '../alarms/alarm-actions.ts';

export function MachineAlarms({ path, initial }: { path: string; initial: readonly Alarm[] }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const can = useAbilities();
  const now = useNow(10_000);
  const live = useAlarms();
  const alive = useLiveStatus().lastFrameAt > 0;
  const alarms = (alive ? live : initial)
    .filter((a) => a.equipment === path && a.state !== 'normal')
    .sort(
      (a, b) =>
        prioritiesByUrgency.indexOf(a.priority) - prioritiesByUrgency.indexOf(b.priority) || b.raisedAt - a.raisedAt,
    );
  const waiting = alarms.filter((a) => a.state === 'unacknowledged' || a.state === 'returnedUnacknowledged');
  return (
    <section className="panel" aria-label={t('nav.alarms')}>
      <div className="panel-head">
        <h2>{t('nav.alarms')}</h2>
        <span className="muted small">{alarms.length}</span>
        <span className="push row">
          {can.operate && waiting.length > 1 ? (
            <Button variant="default" size="compact-sm" onClick={() => void acknowledge(waiting.map((a) => a.id))}>
              {t('alarms.acknowledgeAll', { n: waiting.length })}
            </Button>
          ) : null}
          <Button
            variant="subtle"
            size="compact-sm"
            component={Link}
            to="/alarms"
            search={{ tab: 'journal', equipment: path } as never}
          >
            {t('alarms.journal')}
          </Button>
        </span>
      </div>
      {alarms.length === 0 ? <p className="panel-body muted">{t('machine.noAlarms')}</p> : null}
      <ul className="machine-alarms">
        {alarms.map((alarm) => (
          <li key={alarm.id}>
            <PriorityMark priority={alarm.priority} />
            <div>
              <strong>{plantText(alarm.name, language)}</strong>
              <p className="small muted">
                {t(`alarmState.${alarm.state}`)} · {f.ago(alarm.raisedAt / 1000, now)}
              </p>
              {alarm.message ? <p className="small">{alarm.message}</p> : null}
              {alarm.action ? <p className="small">→ {plantText(alarm.action, language)}</p> : null}
            </div>
            {can.operate && waiting.includes(alarm) ? (
              <Button variant="default" size="compact-sm" onClick={() => void acknowledge([alarm.id])}>
                {t('alarms.acknowledge')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
