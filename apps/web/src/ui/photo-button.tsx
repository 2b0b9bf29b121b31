import { Button } from '@mantine/core';
import { IconCamera, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../api/client.generated.ts';
import { useText } from '../i18n/i18n.ts';
import { showFailure } from './notify.ts';

/** Takes a picture with the device's camera, or a file, and keeps it as a document. `count`: taken so far. */
export function PhotoButton({ count, onTaken }: { count: number; onTaken: (document: string) => void }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    try {
      onTaken((await api.uploadDocument({ name: file.name || 'photo.jpg' }, file)).id);
    } catch (error) {
      showFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      component="label"
      variant="default"
      loading={busy}
      leftSection={count > 0 ? <IconCheck size={18} /> : <IconCamera size={18} />}
    >
      {count > 0 ? t('photo.taken', { n: count }) : t('photo.add')}
      <input
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
    </Button>
  );
}
