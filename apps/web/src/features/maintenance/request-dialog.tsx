import type { Subject } from '@deungdae/contracts/maintenance.ts';
import { SegmentedControl, Switch, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { useSubjectSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { maintenanceKey } from './common.tsx';

const priorities = ['low', 'normal', 'high', 'stopped'] as const;

export function subjectOfKey(key: string): Subject {
  const cut = key.indexOf('/');
  return { kind: key.slice(0, cut) as Subject['kind'], id: key.slice(cut + 1) };
}

export function RequestDialog({ subject, close }: { subject?: Subject; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const subjects = useSubjectSource();
  const [entryId] = useState(newEntryId);
  const [key, setKey] = useState<string | null>(subject ? `${subject.kind}/${subject.id}` : null);
  const [text, setText] = useState('');
  const [priority, setPriority] = useState<(typeof priorities)[number]>('normal');
  const [stopped, setStopped] = useState(false);
  const [documents, setDocuments] = useState<string[]>([]);
  const send = useMutation({
    mutationFn: () =>
      api.requestMaintenance({
        ...{ entryId, subject: subjectOfKey(key!), text, documents, machineStopped: stopped },
        priority: stopped ? 'stopped' : priority,
      }),
    onSuccess: async (order) => {
      showDone(t('maintenance.requestedDone', { number: order.number }));
      await client.invalidateQueries({ queryKey: [maintenanceKey] });
      close();
    },
  });
  return (
    <FormDialog
      title={t('maintenance.request')}
      size={520}
      close={close}
      save={send}
      ready={!(key === null || text.trim() === '')}
      submit={t('maintenance.send')}
      aside={<PhotoButton count={documents.length} onTaken={(id) => setDocuments([...documents, id])} />}
    >
      <Picker required label={t('maintenance.column.subject')} source={subjects} value={key} onChange={setKey} />
      <Textarea
        required
        label={t('maintenance.column.what')}
        placeholder={t('maintenance.requestHint')}
        autosize
        minRows={3}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <Switch
        label={t('maintenance.machineStopped')}
        checked={stopped}
        onChange={(e) => setStopped(e.currentTarget.checked)}
      />
      {stopped ? null : (
        <SegmentedControl
          aria-label={t('maintenance.priority')}
          value={priority}
          onChange={(value) => setPriority(value as typeof priority)}
          data={priorities.slice(0, 3).map((value) => ({ value, label: t(`maintenance.priority.${value}`) }))}
        />
      )}
    </FormDialog>
  );
}
