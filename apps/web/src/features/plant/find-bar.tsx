import { ActionIcon, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useText } from '../../i18n/i18n.ts';

const foundAtMost = 5000;

/** Ctrl F of the editor: Enter goes on, Shift Enter back, Escape closes. */
export function FindBar({
  text,
  show,
  close,
}: {
  text: string;
  show: (start: number, end: number) => void;
  close: () => void;
}) {
  const t = useText();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    const places: number[] = [];
    if (query === '') return places;
    const low = text.toLowerCase();
    const wanted = query.toLowerCase();
    for (let i = low.indexOf(wanted); i >= 0 && places.length < foundAtMost; i = low.indexOf(wanted, i + wanted.length))
      places.push(i);
    return places;
  }, [text, query]);
  const go = (step: number) => {
    if (found.length === 0) return;
    const next = (at + step + found.length) % found.length;
    setAt(next);
    show(found[next]!, found[next]! + query.length);
  };
  return (
    <form
      className="find-bar row"
      onSubmit={(event) => {
        event.preventDefault();
        go(1);
      }}
    >
      <TextInput
        autoFocus
        aria-label={t('plant.find')}
        placeholder={t('plant.find')}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(-1);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          if (event.key === 'Enter' && event.shiftKey) {
            event.preventDefault();
            go(-1);
          }
        }}
      />
      <span className="small muted nowrap">
        {query === '' ? '' : `${found.length === 0 ? 0 : Math.max(1, at + 1)} / ${found.length}`}
      </span>
      <ActionIcon aria-label={t('plant.findBack')} onClick={() => go(-1)}>
        <IconArrowUp size={17} />
      </ActionIcon>
      <ActionIcon aria-label={t('plant.findNext')} type="submit">
        <IconArrowDown size={17} />
      </ActionIcon>
      <ActionIcon aria-label={t('action.close')} onClick={close}>
        <IconX size={17} />
      </ActionIcon>
    </form>
  );
}
