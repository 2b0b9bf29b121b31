import { Button, FileInput, Modal, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { qualityKey } from './common.tsx';

/** Results of a measuring machine as a QIF file. */
export function QifImport() {
  const t = useText();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const [item, setItem] = useState('');
  const send = useMutation({
    mutationFn: async () => api.importQif({ xml: await file!.text(), item: item.trim() }),
    onSuccess: () => client.invalidateQueries({ queryKey: [qualityKey] }),
  });
  return (
    <>
      <Button variant="default" leftSection={<IconFileImport size={16} />} onClick={() => setOpened(true)}>
        QIF
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('quality.qifTitle')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            send.mutate();
          }}
        >
          <p className="muted">{t('quality.qifText')}</p>
          <TextInput label={t('quality.item')} value={item} onChange={(e) => setItem(e.currentTarget.value)} required />
          <FileInput label={t('quality.qifFile')} accept=".qif,.xml" value={file} onChange={setFile} required />
          {send.error ? <ErrorBox error={send.error} /> : null}
          {send.data ? (
            <div role="status">
              <p>{t('quality.qifDone', { added: send.data.added, same: send.data.same, values: send.data.values })}</p>
              {send.data.problems.length > 0 ? (
                <ul className="small problems">
                  {send.data.problems.slice(0, 50).map((p) => (
                    <li key={`${p.part}${p.characteristic}`}>
                      {p.part} · {p.characteristic} · {p.text}
                    </li>
                  ))}
                </ul>
              ) : null}
            </div>
          ) : null}
          <Button type="submit" loading={send.isPending} disabled={!file || item.trim() === ''}>
            {t('quality.qifImport')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
