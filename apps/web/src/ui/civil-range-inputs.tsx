import { TextInput } from '@mantine/core';
import { useText } from '../i18n/i18n.ts';
import type { CivilRange } from '../time/use-civil-range.ts';

/** The two inputs of a `useCivilRange`. */
export function CivilRangeInputs({ range }: { range: CivilRange }) {
  const t = useText();
  return (
    <>
      <TextInput
        type="datetime-local"
        label={t('time.from')}
        value={range.from}
        onChange={(e) => range.setFrom(e.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t('time.to')}
        value={range.to}
        onChange={(e) => range.setTo(e.currentTarget.value)}
        error={range.moments ? null : t('time.rangeWrong')}
      />
    </>
  );
}
