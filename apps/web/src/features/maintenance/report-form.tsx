import type { MaintenanceOrder } from '@deungdae/contracts/maintenance.ts';
import { ActionIcon, Button, NumberInput, Select, Textarea } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { maintenanceKey, usePeople } from './common.tsx';

interface Line {
  key: string;
  id: string | null;
  amount: number;
}
const line = (amount: number): Line => ({ key: newEntryId(), id: null, amount });

/** Cause, action, who worked how long, and which parts left the stock; one entry however often it is sent. */
export function ReportForm({ order, close }: { order: MaintenanceOrder; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const people = usePeople();
  const stock = useQuery({
    queryKey: [maintenanceKey, 'parts'],
    queryFn: ({ signal }) => api.spareParts({}, { signal }),
  });
  const [entryId] = useState(newEntryId);
  const [cause, setCause] = useState('');
  const [action, setAction] = useState('');
  const [labour, setLabour] = useState<Line[]>([{ ...line(30), id: order.assignee }]);
  const [parts, setParts] = useState<Line[]>([]);
  const [documents, setDocuments] = useState<string[]>([]);
  const send = useMutation({
    mutationFn: () =>
      api.finishMaintenance(
        { id: order.id },
        {
          ...{ entryId, cause, action, documents },
          labour: labour.flatMap(({ id, amount }) => (id === null ? [] : [{ person: id, minutes: amount }])),
          parts: parts.flatMap(({ id, amount }) =>
            id === null || amount <= 0 ? [] : [{ item: id, quantity: amount }],
          ),
        },
      ),
    onSuccess: async () => {
      showDone(t('maintenance.reported'));
      await client.invalidateQueries({ queryKey: [maintenanceKey] });
      close();
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      {send.error ? <ErrorBox error={send.error} /> : null}
      <Textarea
        label={t('maintenance.column.cause')}
        placeholder={t('maintenance.causeHint')}
        autosize
        minRows={2}
        value={cause}
        onChange={(e) => setCause(e.currentTarget.value)}
      />
      <Textarea
        required
        label={t('maintenance.column.action')}
        placeholder={t('maintenance.actionHint')}
        autosize
        minRows={2}
        value={action}
        onChange={(e) => setAction(e.currentTarget.value)}
      />
      <Lines
        label={t('maintenance.labour')}
        unit={t('maintenance.minutes')}
        lines={labour}
        change={setLabour}
        choices={(people.data ?? []).filter((p) => p.active).map((p) => ({ value: p.id, label: p.name }))}
        fresh={() => line(30)}
      />
      <Lines
        label={t('maintenance.parts')}
        unit={t('maintenance.pieces')}
        lines={parts}
        change={setParts}
        choices={(stock.data ?? []).map((p) => ({
          value: p.item,
          label: t('maintenance.partChoice', { name: p.name, item: p.item, n: p.onHand }),
        }))}
        fresh={() => line(1)}
      />
      <div className="row wrap">
        <PhotoButton count={documents.length} onTaken={(id) => setDocuments([...documents, id])} />
        <span className="push row">
          <Button variant="default" onClick={close}>
            {t('maintenance.back')}
          </Button>
          <Button type="submit" loading={send.isPending} disabled={action.trim() === ''}>
            {t('maintenance.finish')}
          </Button>
        </span>
      </div>
    </form>
  );
}

function Lines({
  label,
  unit,
  lines,
  change,
  choices,
  fresh,
}: {
  label: string;
  unit: string;
  lines: readonly Line[];
  change: (lines: Line[]) => void;
  choices: { value: string; label: string }[];
  fresh: () => Line;
}) {
  const t = useText();
  const set = (key: string, part: Partial<Line>) =>
    change(lines.map((each) => (each.key === key ? { ...each, ...part } : each)));
  return (
    <fieldset className="mt-lines">
      <legend>{label}</legend>
      {lines.map((each) => (
        <div key={each.key} className="row">
          <Select
            style={{ flex: 1 }}
            aria-label={label}
            searchable
            data={choices}
            value={each.id}
            onChange={(id) => set(each.key, { id })}
          />
          <NumberInput
            w={110}
            aria-label={`${label} ${unit}`}
            min={0}
            suffix={` ${unit}`}
            value={each.amount}
            onChange={(value) => set(each.key, { amount: Number(value) || 0 })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('maintenance.remove')}
            onClick={() => change(lines.filter((other) => other.key !== each.key))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={15} />}
        onClick={() => change([...lines, fresh()])}
      >
        {t('maintenance.add')}
      </Button>
    </fieldset>
  );
}
