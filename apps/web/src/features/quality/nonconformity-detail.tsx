import type { DecisionKind, Nonconformity } from '@deungdae/contracts/quality.ts';
import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { ApprovalBox } from '../../ui/approval-box.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { Pictures, qualityKey } from './common.tsx';
import { EightDPanel } from './eight-d.tsx';

const decisions: readonly DecisionKind[] = ['rework', 'scrap', 'return', 'concession', 'release'];

export function NonconformityDetail({ id, back }: { id: string; back: () => void }) {
  const t = useText();
  const f = useFormats();
  const { lead } = useAbilities();
  const plant = usePlantIndex();
  const { data, error, refetch } = useQuery({
    queryKey: [qualityKey, 'nonconformity', id],
    queryFn: ({ signal }) => api.nonconformity({ id }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingRows />;
  const facts: [string, string | null][] = [
    [t('quality.sourceName'), t(`quality.source.${data.source}`)],
    [t('quality.item'), data.item],
    [t('quality.partner'), [data.partner, data.partnerReference].filter(Boolean).join(' · ') || null],
    [t('quality.machine'), data.machine === null ? null : plant.name(data.machine)],
    [t('quality.defect'), data.defect],
    [t('quality.quantity'), data.quantity > 0 ? f.number(data.quantity) : null],
    [t('quality.gauge'), data.gauge],
    [t('quality.openedAt'), f.dateTime(data.openedAt / 1000)],
    [t('quality.due'), data.dueAt === null ? null : f.dateTime(data.dueAt / 1000)],
    [t('quality.closedAt'), data.closedAt === null ? null : f.dateTime(data.closedAt / 1000)],
  ];
  return (
    <div className="stack">
      <div className="row wrap no-print">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={back}>
          {t('quality.toBoard')}
        </Button>
        <Button variant="subtle" color="gray" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
          {t('quality.print')}
        </Button>
        {lead && data.status !== 'closed' ? <CloseButton data={data} /> : null}
      </div>
      <ApprovalBox />
      <section className="panel">
        <div className="panel-head">
          <h2>{data.number}</h2>
          <span className="push">{t(`quality.board.${data.status}`)}</span>
        </div>
        <p className="panel-body nc-text">{data.text}</p>
        <dl className="facts">
          {facts.map(([name, value]) =>
            value ? (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ) : null,
          )}
        </dl>
        <Pictures ids={data.pictures} alt={data.text} />
      </section>
      {data.lots.length > 0 || data.decisions.length > 0 ? <Lots data={data} /> : null}
      <EightDPanel key={`${data.id}${data.eightD?.startedAt ?? ''}`} data={data} />
    </div>
  );
}

function useInvalidate() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [qualityKey] });
}

function CloseButton({ data }: { data: Nonconformity }) {
  const t = useText();
  const refresh = useInvalidate();
  const close = useMutation({ mutationFn: () => api.closeNonconformity({ id: data.id }), onSuccess: refresh });
  return (
    <>
      <Button className="push" loading={close.isPending} onClick={() => close.mutate()}>
        {t('quality.close')}
      </Button>
      {close.error ? <ErrorBox error={close.error} /> : null}
    </>
  );
}

/** Held lots and the decision on them. */
function Lots({ data }: { data: Nonconformity }) {
  const t = useText();
  const f = useFormats();
  const { lead, engineer } = useAbilities();
  const refresh = useInvalidate();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [kind, setKind] = useState<DecisionKind>('rework');
  const [reason, setReason] = useState('');
  const [approval, setApproval] = useState('');
  const decide = useMutation({
    mutationFn: () =>
      api.decideNonconformity({ id: data.id }, { kind, lots: [...chosen], reason: reason.trim(), approval }),
    onSuccess: () => {
      setChosen([]);
      setReason('');
      return refresh();
    },
  });
  const held = data.lots.filter((l) => l.held);
  const allowed = decisions.filter((d) => engineer || (d !== 'concession' && d !== 'release'));
  return (
    <section className="panel" aria-label={t('quality.lots')}>
      <div className="panel-head">
        <h2>{t('quality.lots')}</h2>
        <span className="muted small">{t('quality.heldLots', { n: held.length })}</span>
      </div>
      <table className="grid">
        <tbody>
          {data.lots.map((l) => (
            <tr key={l.lot}>
              <td>
                {l.held && lead ? (
                  <Checkbox
                    label={l.number}
                    checked={chosen.includes(l.lot)}
                    onChange={(e) =>
                      setChosen(e.currentTarget.checked ? [...chosen, l.lot] : chosen.filter((x) => x !== l.lot))
                    }
                  />
                ) : (
                  l.number
                )}
              </td>
              <td>{l.held ? t('quality.held') : l.decision ? t(`quality.decision.${l.decision}`) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.decisions.map((d) => (
        <p key={d.at} className="panel-body decision">
          <strong>{t(`quality.decision.${d.kind}`)}</strong> {d.reason}
          {d.approval ? ` · ${d.approval}` : ''}
          <span className="muted small">
            {' '}
            {d.by} · {f.dateTime(d.at / 1000)}
          </span>
        </p>
      ))}
      {lead && held.length > 0 && data.status !== 'closed' ? (
        <form
          className="panel-body row wrap no-print"
          onSubmit={(event) => {
            event.preventDefault();
            decide.mutate();
          }}
        >
          <Select
            aria-label={t('quality.decisionName')}
            allowDeselect={false}
            value={kind}
            onChange={(v) => setKind(decisions.find((d) => d === v) ?? 'rework')}
            data={allowed.map((value) => ({ value, label: t(`quality.decision.${value}`) }))}
          />
          <Textarea
            className="grow"
            aria-label={t('quality.reason')}
            placeholder={t('quality.reason')}
            autosize
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
          />
          {kind === 'concession' ? (
            <TextInput
              placeholder={t('quality.approval')}
              aria-label={t('quality.approval')}
              value={approval}
              onChange={(e) => setApproval(e.currentTarget.value)}
            />
          ) : null}
          <Button type="submit" loading={decide.isPending} disabled={reason.trim() === ''}>
            {chosen.length === 0
              ? t('quality.decideAll', { n: held.length })
              : t('quality.decide', { n: chosen.length })}
          </Button>
          {decide.error ? <ErrorBox error={decide.error} /> : null}
        </form>
      ) : null}
    </section>
  );
}
