import type { Subject } from '@deungdae/contracts/maintenance.ts';
import { Button, Modal, SegmentedControl, Select, Switch, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { maintenanceKey, PhotoButton } from './common.tsx';

const priorities = ['low', 'normal', 'high', 'stopped'] as const;

/** Machines and tools to choose from, as `machine/<path>` or `tool/<code>`. */
export function useSubjectChoices() {
  const t = useText();
  const plant = usePlantIndex();
  const tools = useQuery({
    queryKey: [maintenanceKey, 'tools'],
    queryFn: ({ signal }) => api.toolCards({}, { signal }),
    staleTime: 60_000,
  });
  return [
    {
      group: t('maintenance.machines'),
      items: plant.nodes
        .filter((node) => node.level === 'equipment')
        .map((node) => ({ value: `machine/${node.path}`, label: plant.name(node.path) })),
    },
    {
      group: t('maintenance.tools'),
      items: (tools.data ?? []).map((card) => ({ value: `tool/${card.tool}`, label: `${card.name} (${card.tool})` })),
    },
  ];
}

export function subjectOfKey(key: string): Subject {
  const cut = key.indexOf('/');
  return { kind: key.slice(0, cut) as Subject['kind'], id: key.slice(cut + 1) };
}

export function RequestDialog({ subject, close }: { subject?: Subject; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const choices = useSubjectChoices();
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
    <Modal opened onClose={close} size={520} title={<strong>{t('maintenance.request')}</strong>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        {send.error ? <ErrorBox error={send.error} /> : null}
        <Select
          required
          searchable
          label={t('maintenance.column.subject')}
          data={choices}
          value={key}
          onChange={setKey}
        />
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
        <div className="row wrap">
          <PhotoButton taken={documents.length > 0} onTaken={(id) => setDocuments([...documents, id])} />
          <Button className="push" type="submit" loading={send.isPending} disabled={key === null || text.trim() === ''}>
            {t('maintenance.send')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
