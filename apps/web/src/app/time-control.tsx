import { ActionIcon, Button, Popover, SegmentedControl } from '@mantine/core';
import { IconCalendar, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { type Formats, useFormats } from '../i18n/format.ts';
import { type Translate, useLanguage, useText } from '../i18n/i18n.ts';
import { useWindow, type WindowControl } from '../time/use-window.ts';
import { moveWindow, type Span, type TimeWindow } from '../time/window.ts';
import { usePlantZone } from '../time/zone-context.ts';
import { plantText } from '../ui/text.ts';
import './time-control.css';
import { serverNow } from '../time/server-clock.ts';
import { useCivilRange } from '../time/use-civil-range.ts';
import { CivilRangeInputs } from '../ui/civil-range-inputs.tsx';

const hour = 3_600_000;
const quick = [1, 8, 24, 24 * 7, 24 * 30, 24 * 365] as const;

export function TimeControl() {
  const t = useText();
  const formats = useFormats();
  const language = useLanguage();
  const zone = usePlantZone();
  const control = useWindow();
  const { window, now, shifts } = control;
  const back = moveWindow(window, -1, now, zone, shifts);
  const forth = moveWindow(window, 1, now, zone, shifts);
  const choose = (span: Span) =>
    control.set(span === 'range' ? { span, from: window.from, to: Math.min(window.to, now) } : { span });
  return (
    <fieldset className="time-control" aria-label={t('time.control')}>
      <SegmentedControl
        size="sm"
        value={window.span}
        onChange={(value) => choose(value as Span)}
        data={(['shift', 'day', 'week', 'range'] as const).map((value) => ({ value, label: t(`time.${value}`) }))}
      />
      <ActionIcon aria-label={t('time.before')} disabled={!back} onClick={() => back && control.set(back)}>
        <IconChevronLeft size={18} />
      </ActionIcon>
      <RangeButton
        key={`${window.from}-${window.to}`}
        control={control}
        label={windowLabel(window, formats, t, language)}
      />
      <ActionIcon aria-label={t('time.after')} disabled={!forth} onClick={() => forth && control.set(forth)}>
        <IconChevronRight size={18} />
      </ActionIcon>
      {window.live ? (
        <span className="live-word">{t('time.live')}</span>
      ) : (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => control.set({ span: window.span === 'range' ? 'shift' : window.span })}
        >
          {t('time.toNow')}
        </Button>
      )}
    </fieldset>
  );
}

/** The window in words: `11월 25일 (수) · 주간 08:00–20:00`. */
export function windowLabel(window: TimeWindow, f: Formats, t: Translate, language: string): string {
  if (window.span === 'shift' && window.shift)
    return `${f.day(window.from)} · ${plantText(window.shift.name, language)} ${f.time(window.from)}–${f.time(window.to)}`;
  if (window.span === 'day') return f.day(window.from);
  if (window.span === 'week') return `${f.day(window.from)} – ${f.day(window.to - hour)}`;
  if (window.span === 'shift') return t('time.lastHours', { h: 8 });
  return `${f.dateTime(window.from)} – ${window.to - window.from < 24 * hour ? f.time(window.to) : f.dateTime(window.to)}`;
}

function RangeButton({ control, label }: { control: WindowControl; label: string }) {
  const t = useText();
  const zone = usePlantZone();
  const [open, setOpen] = useState(false);
  const range = useCivilRange(() => ({
    from: control.window.from,
    to: Math.min(control.window.to, Math.max(control.now, control.window.from + hour)),
  }));
  const apply = (a: number, b: number) => {
    setOpen(false);
    control.set({ span: 'range', from: a, to: b });
  };
  const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Popover opened={open} onChange={setOpen} position="bottom" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          className="range-button"
          leftSection={<IconCalendar size={15} aria-hidden />}
          onClick={() => setOpen(!open)}
          aria-expanded={open}
          title={viewerZone === zone ? zone : t('time.zones', { plant: zone, viewer: viewerZone })}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (range.moments) apply(range.moments.from, range.moments.to);
          }}
        >
          <div className="row wrap">
            {quick.map((hours) => (
              <Button
                key={hours}
                variant="default"
                size="compact-sm"
                onClick={() => apply(serverNow() - hours * hour, serverNow())}
              >
                {hours < 48 ? t('time.lastHours', { h: hours }) : t('time.lastDays', { d: hours / 24 })}
              </Button>
            ))}
          </div>
          <CivilRangeInputs range={range} />
          <Button type="submit" disabled={!range.moments}>
            {t('action.apply')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
