import type { KnowHowCard, KnowHowLinks } from '@deungdae/contracts/know-how.ts';
import { Button, Modal, MultiSelect, TagsInput, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { PhotoButton } from '../maintenance/common.tsx';

const none: KnowHowLinks = {
  ...{ defects: [], downtimeReasons: [], alarms: [], machines: [], items: [], tools: [], parameters: [] },
};

/** Defect codes with their names, for a card's links. */
function useDefects() {
  const { data } = useQuery({
    queryKey: ['master', 'reason', 'defects'],
    queryFn: ({ signal }) => api.masterRecords({ kind: 'reason' }, { limit: 1000 }, { signal }),
    staleTime: 300_000,
  });
  return (data?.records ?? [])
    .map((record) => ({ code: record.code, data: record.data as { name: string; tree: string } }))
    .filter((record) => record.data.tree === 'defect')
    .map((record) => ({ value: record.code, label: `${record.data.name} (${record.code})` }));
}

/** Captured in under a minute: what one sees and what one does are enough; the rest can come later. */
export function CardDialog({
  card,
  symptom: typed = '',
  close,
  saved,
}: {
  card: KnowHowCard | null;
  symptom?: string;
  close: () => void;
  saved: (card: KnowHowCard) => void;
}) {
  const t = useText();
  const language = useLanguage();
  const client = useQueryClient();
  const plant = usePlantIndex();
  const defects = useDefects();
  const [symptom, setSymptom] = useState(card?.symptom ?? typed);
  const [action, setAction] = useState(card?.action ?? '');
  const [cause, setCause] = useState(card?.cause ?? '');
  const [conditions, setConditions] = useState(card?.conditions ?? '');
  const [links, setLinks] = useState<KnowHowLinks>(card?.links ?? none);
  const [documents, setDocuments] = useState<string[]>(card?.documents ?? []);
  const save = useMutation({
    mutationFn: () => {
      const fields = { symptom, action, cause, conditions, links, documents };
      return card
        ? api.changeKnowHow({ id: card.id }, { ...fields, language: card.language, version: card.version })
        : api.addKnowHow({ ...fields, language });
    },
    onSuccess: async (after) => {
      showDone(t('knowhow.saved', { number: after.number }));
      await client.invalidateQueries({ queryKey: ['know-how'] });
      close();
      saved(after);
    },
  });
  return (
    <Modal opened onClose={close} size={620} title={<strong>{card ? card.number : t('knowhow.add')}</strong>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {save.error ? <ErrorBox error={save.error} /> : null}
        <Textarea
          required
          data-autofocus
          label={t('knowhow.symptom')}
          placeholder={t('knowhow.symptomHint')}
          autosize
          minRows={2}
          value={symptom}
          onChange={(e) => setSymptom(e.currentTarget.value)}
        />
        <Textarea
          required
          label={t('knowhow.action')}
          placeholder={t('knowhow.actionHint')}
          autosize
          minRows={2}
          value={action}
          onChange={(e) => setAction(e.currentTarget.value)}
        />
        <Textarea label={t('knowhow.cause')} autosize value={cause} onChange={(e) => setCause(e.currentTarget.value)} />
        <Textarea
          label={t('knowhow.conditions')}
          placeholder={t('knowhow.conditionsHint')}
          autosize
          value={conditions}
          onChange={(e) => setConditions(e.currentTarget.value)}
        />
        <MultiSelect
          searchable
          label={t('knowhow.machines')}
          value={links.machines}
          data={plant.nodes
            .filter((node) => node.level === 'equipment')
            .map((node) => ({ value: node.path, label: plant.name(node.path) }))}
          onChange={(machines) => setLinks({ ...links, machines })}
        />
        <MultiSelect
          searchable
          label={t('knowhow.defects')}
          value={links.defects}
          data={[
            ...defects,
            ...links.defects
              .filter((code) => !defects.some((each) => each.value === code))
              .map((code) => ({ value: code, label: code })),
          ]}
          onChange={(chosen) => setLinks({ ...links, defects: chosen })}
        />
        <TagsInput
          label={t('knowhow.items')}
          description={t('knowhow.itemsHelp')}
          value={links.items}
          onChange={(items) => setLinks({ ...links, items })}
        />
        <div className="row wrap">
          <PhotoButton taken={documents.length > 0} onTaken={(id) => setDocuments([...documents, id])} />
          <Button
            className="push"
            type="submit"
            loading={save.isPending}
            disabled={symptom.trim().length < 2 || action.trim().length < 2}
          >
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
