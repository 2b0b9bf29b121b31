import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { catalogueQuery } from '../api/queries.ts';
import { useFormats } from '../i18n/format.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { unitText } from '../i18n/units.ts';
import { useLiveValue, useWatchedSignals } from '../live/use-live.ts';
import { pickMain } from './main-signals.ts';
import { plantText } from './text.ts';

export interface MainSignal {
  id: number;
  name: string;
  unit: string;
  path: string;
}

/** The few signals that stand for a machine without counters, kept live while it is shown. */
export function useMainSignals(equipment: string, most = 2): readonly MainSignal[] {
  const language = useLanguage();
  const { data } = useQuery(catalogueQuery);
  const main = useMemo(
    () =>
      pickMain((data ?? []) as readonly SignalInfo[], equipment, most).map((s) => ({
        id: s.id,
        path: s.path,
        name: plantText(s.name, language),
        unit: unitText(s.unit),
      })),
    [data, equipment, most, language],
  );
  useWatchedSignals(main.map((s) => s.id));
  return main;
}

export function MainValue({ signal }: { signal: MainSignal }) {
  const f = useFormats();
  const live = useLiveValue(signal.id);
  const known = live && live.quality !== 'gap' && typeof live.value === 'number';
  return (
    <span className={live?.stale ? 'muted' : undefined}>
      {known ? f.number(live.value as number) : '–'}
      {signal.unit ? <span className="unit"> {signal.unit}</span> : null}
    </span>
  );
}
