import type { RouteOutput } from '@deungdae/contracts/api.ts';
import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.generated.ts';
import { ApiFailure } from '../../api/http.ts';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { lineDiff } from './line-diff.ts';

type File = RouteOutput<'plantFile'>;
type Changes = RouteOutput<'checkPlantFile'>['changes'];
const shownAtMost = 400;

interface Props {
  base: File;
  text: string;
  changes: Changes;
  close: () => void;
  saved: () => void;
  /** Own text over somebody else's newer file. */
  rebase: (fresh: File) => void;
  takeTheirs: (fresh: File) => void;
}

/** What saving will do, before it does it; and when somebody was faster, what now differs. */
export function SaveDialog({ base, text, changes, close, saved, rebase, takeTheirs }: Props) {
  const t = useText();
  const client = useQueryClient();
  const diff = useMemo(() => lineDiff(base.text, text), [base.text, text]);
  const save = useMutation({
    mutationFn: () => api.savePlantFile({ text, revision: base.revision }),
    onSuccess: async () => {
      showDone(t('plant.saved'));
      await client.invalidateQueries({ queryKey: ['plant'] });
      saved();
    },
  });
  const conflict = save.error instanceof ApiFailure && save.error.status === 409;
  const fetchFresh = useMutation({ mutationFn: () => api.plantFile() });
  return (
    <Modal opened onClose={close} size={760} title={<strong>{t('plant.review')}</strong>}>
      <div className="stack">
        <ChangeSummary changes={changes} />
        <section className="diff" aria-label={t('plant.diff')}>
          {diff.slice(0, shownAtMost).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a diff is drawn once
            <div key={index} className={`diff-${line.kind}`}>
              <span>{line.line}</span>
              <span>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '}</span>
              <span>{line.text}</span>
            </div>
          ))}
          {diff.length > shownAtMost ? (
            <p className="small muted">{t('action.more', { n: diff.length - shownAtMost })}</p>
          ) : null}
        </section>
        {save.error ? <ErrorBox error={save.error} /> : null}
        {conflict ? (
          <div className="row wrap">
            <Button
              variant="default"
              loading={fetchFresh.isPending}
              onClick={async () => {
                rebase(await fetchFresh.mutateAsync());
                save.reset();
              }}
            >
              {t('plant.compareTheirs')}
            </Button>
            <Button
              variant="default"
              onClick={async () => {
                if (confirm(t('plant.discardAsk'))) takeTheirs(await fetchFresh.mutateAsync());
              }}
            >
              {t('plant.takeTheirs')}
            </Button>
          </div>
        ) : (
          <div className="row">
            <span className="small muted">{t('plant.saveHelp')}</span>
            <Button className="push" loading={save.isPending} onClick={() => save.mutate()} data-autofocus>
              {t('plant.saveAndUse')}
            </Button>
          </div>
        )}
      </div>
    </Modal>
  );
}

function ChangeSummary({ changes }: { changes: Changes }) {
  const t = useText();
  if (!changes) return null;
  const lists = [
    ['added', changes.connectionsAdded],
    ['changed', changes.connectionsChanged],
    ['removed', changes.connectionsRemoved],
  ] as const;
  return (
    <ul className="change-summary">
      {lists.map(([kind, names]) =>
        names.length > 0 ? <li key={kind}>{t(`plant.connections.${kind}`, { names: names.join(', ') })}</li> : null,
      )}
      {changes.signalsAdded > 0 ? <li>{t('plant.signalsAdded', { n: changes.signalsAdded })}</li> : null}
      {changes.signalsRemoved > 0 ? <li>{t('plant.signalsRemoved', { n: changes.signalsRemoved })}</li> : null}
      <li className="muted">{t('plant.othersStay')}</li>
    </ul>
  );
}
