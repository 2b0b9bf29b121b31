import type { KnowHowCard, KnowHowLinks } from '@deungdae/contracts/know-how.ts';
import { Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { CardLinks } from './card-links.tsx';

const none: KnowHowLinks = {
  ...{ defects: [], downtimeReasons: [], alarms: [], machines: [], items: [], tools: [], parameters: [] },
};

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
  const [symptom, setSymptom] = useState(card?.symptom ?? typed);
  const [action, setAction] = useState(card?.action ?? '');
  const [cause, setCause] = useState(card?.cause ?? '');
  const [conditions, setConditions] = useState(card?.conditions ?? '');
  const [links, setLinks] = useState<KnowHowLinks>(card?.links ?? none);
  const [documents, setDocuments] = useState<string[]>(card?.documents ?? []);
  const save = useMutation({
    mutationFn: () => {
      const parameters = links.parameters.filter((each) => each.signal !== '');
      const fields = { symptom, action, cause, conditions, links: { ...links, parameters }, documents };
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
    <FormDialog
      title={card ? card.number : t('knowhow.add')}
      size={620}
      close={close}
      save={save}
      ready={!(symptom.trim().length < 2 || action.trim().length < 2)}
      aside={<PhotoButton count={documents.length} onTaken={(id) => setDocuments([...documents, id])} />}
    >
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
      <CardLinks links={links} change={setLinks} />
    </FormDialog>
  );
}
