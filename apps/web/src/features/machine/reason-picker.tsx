import { TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { usePlantIndex } from '../../api/queries.ts';
import { findText } from '../../i18n/hangul.ts';
import { useText } from '../../i18n/i18n.ts';

/** Reasons of the plant file as big buttons, by group; the search box takes initial consonants. */
export function ReasonPicker({ value, onPick }: { value: string | null; onPick: (reason: string) => void }) {
  const t = useText();
  const plant = usePlantIndex();
  const [query, setQuery] = useState('');
  const groups = useMemo(() => {
    const tops = plant.reasons.filter((r) => r.parent === null);
    return tops.map((top) => {
      const children = plant.reasons.filter((r) => r.parent === top.id);
      return { top, choices: children.length > 0 ? children : [top] };
    });
  }, [plant]);
  if (plant.reasons.length === 0) return <p className="muted">{t('downtime.noReasonsInPlant')}</p>;
  return (
    <fieldset className="reason-picker">
      <legend>{t('field.reason')}</legend>
      <TextInput
        placeholder={t('downtime.findReason')}
        aria-label={t('downtime.findReason')}
        value={query}
        onChange={(e) => setQuery(e.currentTarget.value)}
      />
      {groups.map(({ top, choices }) => {
        const shown = choices.filter((choice) => findText(plant.reasonName(choice.id) ?? '', query) >= 0);
        return shown.length === 0 ? null : (
          <div key={top.id}>
            <p className="small muted">{plant.reasonName(top.id)}</p>
            <div className="reason-buttons">
              {shown.map((choice) => (
                <button
                  key={choice.id}
                  type="button"
                  aria-pressed={value === choice.id}
                  onClick={() => onPick(choice.id)}
                >
                  {plant.reasonName(choice.id)}
                </button>
              ))}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}
