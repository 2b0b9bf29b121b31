import { Button, Checkbox, Modal, PasswordInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import type { Target } from './targets.tsx';
import './exchange.css';

const blank: Target = {
  ...{ id: '', name: '', kind: 'webhook', url: '', events: ['workOrder.*'], format: 'event', takes: [] },
  ...{ enabled: true, allowLocal: false, hasSecret: false },
};

export function TargetDialog({ target, close }: { target: Target | null; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Target>(target ?? blank);
  const [events, setEvents] = useState(draft.events.join(', '));
  const [secret, setSecret] = useState('');
  const change = (part: Partial<Target>) => setDraft((before) => ({ ...before, ...part }));
  const done = () => {
    void client.invalidateQueries({ queryKey: ['erp-targets'] });
    void client.invalidateQueries({ queryKey: ['erp-outbox'] });
    close();
  };
  const save = useMutation({
    mutationFn: () => {
      const { hasSecret: _known, ...rest } = draft;
      const list = events.split(/[\s,]+/).filter(Boolean);
      return api.saveErpTarget({ ...rest, events: list, ...(secret ? { secret } : {}) });
    },
    onSuccess: done,
  });
  const remove = useMutation({ mutationFn: () => api.removeErpTarget({ id: draft.id }), onSuccess: done });
  const error = save.error ?? remove.error;
  return (
    <Modal opened onClose={close} title={<strong>{target ? target.name : t('exchange.add')}</strong>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          data-autofocus
          required
          label={t('exchange.name')}
          maxLength={100}
          value={draft.name}
          onChange={(e) => change({ name: e.currentTarget.value })}
        />
        <TextInput
          required
          label={t('exchange.id')}
          description={t('exchange.idHelp')}
          maxLength={60}
          disabled={target !== null}
          value={draft.id}
          onChange={(e) => change({ id: e.currentTarget.value })}
        />
        <Select
          label={t('exchange.kind')}
          allowDeselect={false}
          value={draft.kind}
          onChange={(value) => value && change({ kind: value as Target['kind'] })}
          data={(['rest', 'file', 'webhook'] as const).map((value) => ({ value, label: t(`exchange.kind.${value}`) }))}
        />
        {draft.kind === 'file' ? null : (
          <>
            <TextInput
              required
              label={t('exchange.url')}
              placeholder="https://"
              maxLength={1000}
              value={draft.url}
              onChange={(e) => change({ url: e.currentTarget.value })}
            />
            <PasswordInput
              label={t('exchange.secret')}
              description={t('exchange.secretHelp')}
              autoComplete="new-password"
              maxLength={500}
              value={secret}
              onChange={(e) => setSecret(e.currentTarget.value)}
            />
          </>
        )}
        <TextInput
          label={t('exchange.events')}
          description={t('exchange.eventsHelp')}
          value={events}
          onChange={(e) => setEvents(e.currentTarget.value)}
        />
        <Select
          label={t('exchange.format')}
          allowDeselect={false}
          value={draft.format}
          onChange={(value) => value && change({ format: value as Target['format'] })}
          data={(['event', 'b2mml'] as const).map((value) => ({ value, label: t(`exchange.format.${value}`) }))}
        />
        <Checkbox.Group
          label={t('exchange.takes')}
          description={t('exchange.takesHelp', { folder: `erp/${draft.id || '…'}/in` })}
          value={draft.takes}
          onChange={(value) => change({ takes: value as Target['takes'] })}
        >
          <div className="exchange-takes">
            {(['item', 'workOrder', 'salesOrder'] as const).map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`exchange.takes.${kind}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox
          label={t('exchange.enabled')}
          checked={draft.enabled}
          onChange={(e) => change({ enabled: e.currentTarget.checked })}
        />
        {draft.kind === 'file' ? null : (
          <Checkbox
            label={t('exchange.allowLocal')}
            checked={draft.allowLocal}
            onChange={(e) => change({ allowLocal: e.currentTarget.checked })}
          />
        )}
        <Button type="submit" loading={save.isPending}>
          {t('exchange.save')}
        </Button>
        {target ? (
          <Button
            variant="default"
            onClick={() => confirm(t('exchange.removeAsk', { name: target.name })) && remove.mutate()}
          >
            {t('exchange.remove')}
          </Button>
        ) : null}
      </form>
    </Modal>
  );
}
