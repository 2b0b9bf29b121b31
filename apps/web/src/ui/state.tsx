import type { MachineState } from '@deungdae/contracts/equipment.ts';
import {
  IconActivity,
  IconCalendarPause,
  IconHandStop,
  IconPlayerPause,
  IconPlayerPlayFilled,
  IconPower,
  IconQuestionMark,
  IconTool,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useText } from '../i18n/i18n.ts';
import './state.css';

type Icon = ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>;

export const stateIcons: Record<MachineState, Icon> = {
  running: IconPlayerPlayFilled,
  idle: IconPlayerPause,
  setup: IconTool,
  plannedStop: IconCalendarPause,
  unplannedStop: IconHandStop,
  off: IconPower,
  noData: IconQuestionMark,
};

export function StateMark({ state, size = 16 }: { state: MachineState; size?: number }) {
  const Icon = stateIcons[state];
  return (
    <span className={`state-mark state-${state}`} style={{ width: size + 6, height: size + 6 }} aria-hidden>
      <Icon size={size} stroke={2.2} aria-hidden />
    </span>
  );
}

/** State as colour, icon and word: never by colour alone. */
export function StateBadge({ state, size }: { state: MachineState; size?: number }) {
  const t = useText();
  return (
    <span className="state-badge">
      <StateMark state={state} {...(size ? { size } : {})} />
      <span>{t(`state.${state}`)}</span>
    </span>
  );
}

/** In place of a state where there is none: a meter. */
export function MeterMark({ size = 16 }: { size?: number }) {
  return (
    <span className="state-mark state-none" style={{ width: size + 6, height: size + 6 }} aria-hidden>
      <IconActivity size={size} stroke={2} aria-hidden />
    </span>
  );
}
