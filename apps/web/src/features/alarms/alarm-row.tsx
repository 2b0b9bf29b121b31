// biome-ignore-all lint/a11y/useSemanticElements: rows of a grid that hold buttons, laid out by CSS grid
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and moves the active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid listens to the keys
import { Button, Checkbox, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { PriorityMark } from '../../ui/priority.tsx';
import { plantText } from '../../ui/text.ts';
import { useNow } from '../../ui/use-now.ts';
import { isWaiting, type Row } from './alarm-list.ts';
import type { PutAsideKind } from './put-aside.tsx';

interface Props {
  row: Row;
  active: boolean;
  picked: boolean;
  toggle: () => void;
  activate: () => void;
  openFlood: () => void;
  acknowledge: () => void;
  putAside: (kind: PutAsideKind) => void;
  unshelve: () => void;
}

export function AlarmRow({ row, active, picked, toggle, activate, openFlood, acknowledge, putAside, unshelve }: Props) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const plant = usePlantIndex();
  const can = useAbilities();
  const now = useNow(10_000);
  const { alarm, folded } = row;
  const name = plantText(alarm.name, language);
  const waiting = [alarm, ...folded].some(isWaiting);
  return (
    <div
      role="row"
      className={`alarm-row${waiting ? ' waiting' : ''}`}
      data-active={active}
      aria-selected={active}
      onClick={activate}
    >
      <span role="gridcell">
        <Checkbox size="sm" checked={picked} onChange={toggle} aria-label={t('alarms.pick', { name })} />
      </span>
      <span role="gridcell" className="alarm-priority" title={t(`priority.${alarm.priority}`)}>
        <PriorityMark priority={alarm.priority} size={24} />
        <span className="hidden-text">{t(`priority.${alarm.priority}`)}</span>
      </span>
      <span role="gridcell" className="alarm-what">
        <span className="row wrap" style={{ gap: '0 8px' }}>
          <strong>{name}</strong>
          <Link to="/machine/$" params={{ _splat: alarm.equipment }} className="muted">
            {plant.name(alarm.equipment)}
          </Link>
          {alarm.occurrences > 1 ? (
            <span className="muted small">{t('alarms.times', { n: alarm.occurrences })}</span>
          ) : null}
        </span>
        {alarm.message ? <span className="small">{alarm.message}</span> : null}
        {alarm.action ? <span className="small alarm-action">→ {plantText(alarm.action, language)}</span> : null}
        {folded.length > 0 ? (
          <button type="button" className="plain-button flood-button small" onClick={openFlood}>
            {t('alarms.flood', { n: folded.length })}
          </button>
        ) : null}
      </span>
      <span role="gridcell" className="alarm-state small">
        <span>{t(`alarmState.${alarm.state}`)}</span>
        <span className="muted">
          {alarm.state === 'shelved' && alarm.shelvedUntil !== null
            ? t('alarms.shelvedUntil', { time: f.dateTime(alarm.shelvedUntil / 1000), by: alarm.shelvedBy ?? '' })
            : (alarm.acknowledgedBy ?? '')}
          {alarm.shelveReason ? ` · ${alarm.shelveReason}` : ''}
        </span>
      </span>
      <span role="gridcell" className="alarm-time small">
        <strong>{f.ago(alarm.raisedAt / 1000, now)}</strong>
        <span className="muted">{f.timeSeconds(alarm.raisedAt / 1000)}</span>
      </span>
      <span role="gridcell" className="row alarm-actions">
        {can.operate && waiting ? (
          <Button variant="default" onClick={acknowledge}>
            {t('alarms.acknowledge')}
          </Button>
        ) : null}
        {can.lead ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="subtle" color="gray" px={8} aria-label={t('alarms.more', { name })}>
                <IconDots size={18} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {alarm.state === 'shelved' ? (
                <Menu.Item onClick={unshelve}>{t('alarms.unshelve')}</Menu.Item>
              ) : (
                <Menu.Item onClick={() => putAside('shelve')}>{t('alarms.shelveDots')}</Menu.Item>
              )}
              <Menu.Item onClick={() => putAside('service')}>
                {alarm.state === 'outOfService' ? t('alarms.backToService') : t('alarms.outOfService')}
              </Menu.Item>
              <Menu.Item
                component={Link}
                to="/trends"
                search={{ signals: alarm.signal, states: alarm.equipment } as never}
              >
                {t('machine.toTrends')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </span>
    </div>
  );
}
