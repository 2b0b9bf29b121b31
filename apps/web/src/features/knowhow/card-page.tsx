import type { KnowHowCard } from '@deungdae/contracts/know-how.ts';
import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { Pictures } from '../maintenance/order-drawer.tsx';
import '../maintenance/maintenance.css';
import { CardDialog } from './card-dialog.tsx';
import { Tags } from './knowhow-page.tsx';
import './knowhow.css';

const parts = ['symptom', 'cause', 'action', 'conditions'] as const;

/** One card as it is now, its earlier versions, and whether it helped. */
export function KnowHowCardPage() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const client = useQueryClient();
  const { id } = useParams({ from: '/session/shell/know-how/$id' });
  const [editing, setEditing] = useState(false);
  const [shown, setShown] = useState<number | null>(null);
  const { data, error, isLoading } = useQuery({
    queryKey: ['know-how', 'card', id],
    queryFn: ({ signal }) => api.knowHowCard({ id }, { signal }),
    placeholderData: undefined,
  });
  const act = useMutation({
    mutationFn: ({ work }: { work: () => Promise<unknown>; message: string }) => work(),
    onSuccess: async (_, { message }) => {
      showDone(message);
      await client.invalidateQueries({ queryKey: ['know-how'] });
    },
  });
  if (error) return <ErrorBox error={error} />;
  if (isLoading || !data) return <LoadingRows />;
  const { card, versions } = data;
  const version = versions.find((each) => each.version === shown) ?? card;
  const judge = (status: KnowHowCard['status']) =>
    act.mutate({ work: () => api.judgeKnowHow({ id }, { status }), message: t(`knowhow.status.${status}`) });
  const helped = (yes: boolean) =>
    act.mutate({ work: () => api.knowHowHelped({ id }, { helped: yes }), message: t('knowhow.thanks') });
  return (
    <>
      <PageHead title={card.number} lead={<span className="muted">{t(`knowhow.status.${card.status}`)}</span>}>
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
          renderRoot={(props) => <Link to="/know-how" search={{}} {...props} />}
        >
          {t('knowhow.back')}
        </Button>
        {can.operate ? (
          <Button variant="default" onClick={() => setEditing(true)}>
            {t('knowhow.edit')}
          </Button>
        ) : null}
        {can.lead && card.status !== 'approved' ? (
          <Button onClick={() => judge('approved')}>{t('knowhow.approve')}</Button>
        ) : null}
        {can.lead && card.status !== 'retired' ? (
          <Button variant="subtle" color="gray" onClick={() => judge('retired')}>
            {t('knowhow.retire')}
          </Button>
        ) : null}
      </PageHead>
      {act.error ? <ErrorBox error={act.error} /> : null}
      <div className="kh-page">
        <section className="panel panel-body stack">
          {parts.map((part) =>
            version[part] === '' ? null : (
              <div key={part}>
                <h2 className="muted">{t(`knowhow.${part}`)}</h2>
                <p className="kh-text">{version[part]}</p>
              </div>
            ),
          )}
          <Tags card={version} />
          <Pictures documents={version.documents} />
          {can.operate ? (
            <div className="row wrap">
              <span className="muted">{t('knowhow.didItHelp')}</span>
              <Button variant="default" onClick={() => helped(true)}>
                {t('knowhow.yes', { n: card.helped })}
              </Button>
              <Button variant="default" onClick={() => helped(false)}>
                {t('knowhow.no', { n: card.notHelped })}
              </Button>
            </div>
          ) : null}
        </section>
        <section className="panel">
          <div className="panel-head">
            <h2>{t('knowhow.versions')}</h2>
          </div>
          <ul className="mt-list">
            {versions.map((each) => (
              <li key={each.version}>
                <button
                  type="button"
                  className="plain-button link"
                  aria-pressed={version.version === each.version}
                  onClick={() => setShown(each.version === card.version ? null : each.version)}
                >
                  {t('knowhow.version', { n: each.version })}
                </button>
                <span className="grow">{each.editor.name}</span>
                <span className="muted nowrap">{f.dateTime(each.updatedAt / 1000)}</span>
              </li>
            ))}
          </ul>
          <p className="panel-body muted small">{t('knowhow.authorOf', { name: card.author.name })}</p>
        </section>
      </div>
      {editing ? <CardDialog card={card} close={() => setEditing(false)} saved={() => setShown(null)} /> : null}
    </>
  );
}
