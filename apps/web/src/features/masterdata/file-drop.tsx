import { Button } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useText } from '../../i18n/i18n.ts';

/** Takes a file by dragging or choosing. */
export function FileDrop({ name, busy, give }: { name: string | null; busy: boolean; give: (file: File) => void }) {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const [file] = files ?? [];
    if (file && !busy) give(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard
    <div
      className={over ? 'file-drop over' : 'file-drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <IconFileSpreadsheet size={28} aria-hidden />
      <div>
        <strong>{name ?? t('masterdata.drop')}</strong>
        <p className="small muted">{t('masterdata.dropHelp')}</p>
      </div>
      <Button variant={name ? 'default' : 'filled'} loading={busy} onClick={() => input.current?.click()}>
        {name ? t('masterdata.otherFile') : t('masterdata.choose')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('masterdata.choose')}
        accept=".xlsx,.xlsm,.csv,.txt,.tsv"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
