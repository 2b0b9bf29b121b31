import { useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { type Choice, type ChoiceSource, choiceLimit, handedOver } from './choice-source.ts';
import { showFailure } from './notify.ts';

/** What is typed into a picker, what was found for it, and what Enter does. */
export function usePicking({
  source,
  taken,
  pick,
  free,
}: {
  source: ChoiceSource;
  /** Not offered again. */
  taken: readonly string[];
  pick: (choice: Choice) => void;
  /** A text that is no code of the source is taken as it is. */
  free: boolean;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const [missed, setMissed] = useState(false);
  const [busy, setBusy] = useState(false);
  const text = (typed ?? '').trim();
  const [words] = useDebouncedValue(text, 150);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = useQuery({
    queryKey: ['pick', ...source.key, 'find', words],
    queryFn: ({ signal }) => source.find(words, signal),
    enabled: combobox.dropdownOpened,
    staleTime: 30_000,
  });
  const choices = (found.data ?? []).filter((c) => !taken.includes(c.value)).slice(0, choiceLimit);
  const settled = words === text && found.data !== undefined && !found.isFetching;

  const take = (choice: Choice) => {
    setTyped(null);
    setMissed(false);
    combobox.closeDropdown();
    pick(choice);
  };
  const enter = async () => {
    setBusy(true);
    try {
      const meant = await handedOver(source, text);
      if (meant) take(meant);
      else if (free) take({ value: text, name: text });
      else {
        setMissed(true);
        combobox.openDropdown();
      }
    } catch (error) {
      showFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return {
    combobox,
    typed,
    text,
    choices,
    busy: busy || (combobox.dropdownOpened && found.isFetching),
    full: choices.length === choiceLimit,
    /** Enter was pressed on something that is none of these. */
    missed: missed && text !== '',
    error: found.error,
    take,
    change: (next: string) => {
      setTyped(next);
      setMissed(false);
      combobox.openDropdown();
      combobox.resetSelectedOption();
    },
    /** Leaving the field forgets what was typed and not chosen. */
    leave: () => {
      combobox.closeDropdown();
      setMissed(false);
      if (free && text !== '') take({ value: text, name: text });
      setTyped(null);
    },
    key: (event: KeyboardEvent<HTMLInputElement>) => {
      const composing = event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229;
      if (event.key !== 'Enter' || composing || text === '') return;
      // Chosen with the arrows: the list's own Enter takes it. Else the form must not be sent by a scanner's Enter.
      if (settled && combobox.getSelectedOptionIndex() !== -1) return;
      event.preventDefault();
      combobox.resetSelectedOption();
      void enter();
    },
  };
}
export type Picking = ReturnType<typeof usePicking>;
