import { IconArrowsExchange, IconCheck, IconPencil, IconPlayerPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { recall, remember } from './device.ts';
import { useKioskFormats } from './format.ts';
import { differs, proposeResult, recentFirst, scrapOf } from './parts/draft.ts';
import { beforeFinish } from './parts/flow.ts';
import { runOf } from './screens-work.tsx';
import type { TaskProps, Trouble } from './task.ts';
import { useKioskText } from './texts.ts';
import { Choices, NumberPad, Press, Screen } from './ui.tsx';
import { useDraft } from './use-draft.ts';
import { useKiosk, useName, useSnapshot, useView } from './use-kiosk.ts';

/** So many reasons fit beside the number pad; more of them get a screen of their own. */
const fewReasons = 3;

/** The count of the machine, agreed to with one press or corrected with a reason. */
export function ConfirmScreen({ close, open }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const name = useName();
  const view = useView();
  const { link } = useSnapshot();
  const { draft, clear } = useDraft();
  // What is on the screen is what is confirmed: the machine counts on meanwhile, for the next time.
  const [seen] = useState(() => ({ proposed: link === 'ok' ? (view?.proposed ?? null) : null, at: view?.at ?? 0 }));
  const proposal = proposeResult(seen.proposed, draft.defects);
  const [typed, setTyped] = useState<string | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  if (!view?.run) return null;
  const editing = typed !== null || proposal.good === null;
  const good = typed === null ? proposal.good : Number(typed || '0');
  const pressed = scrapOf(draft.defects);
  const scrap = proposal.scrap;
  const wantsReason = good !== null && differs(seen.proposed, good, scrap) && view.correctionReasons.length > 0;
  const blocked = view.run.blocked[0] ?? null;
  const nothing = good === null || (good === 0 && scrap === 0) || (blocked !== null && good > 0);
  // A figure that is not the machine's is sent by its reason: one press less than reason and send.
  const whys = typed && wantsReason && view.correctionReasons.length <= fewReasons ? view.correctionReasons : [];
  const send = (why: string | null) => {
    if (good === null) return;
    if (wantsReason && why === null) return setAsking(true);
    const thanks = t('kiosk.confirm.thanks', { n: f.number(good) });
    void kiosk.enter(
      'confirm',
      {
        ...{ ...runOf(view.run?.id), good, scrap, defects: draft.defects },
        ...(seen.proposed ? { counted: seen.proposed, countedTo: seen.at } : {}),
        ...(why ? { reason: why } : {}),
      },
      { thanks },
    );
    clear();
    close();
  };
  if (asking)
    return (
      <Screen title={t('kiosk.confirm.why')} hint={t('kiosk.confirm.whyHint')} back={() => setAsking(false)}>
        <Choices wide>
          {view.correctionReasons.map((choice) => (
            <Press
              key={choice.code}
              pressed={reason === choice.code}
              onPress={() => {
                setReason(choice.code);
                send(choice.code);
              }}
            >
              {name(choice.name)}
            </Press>
          ))}
        </Choices>
      </Screen>
    );
  return (
    <Screen
      title={t('kiosk.confirm.title')}
      hint={
        whys.length > 0
          ? `${t('kiosk.confirm.why')} ${t('kiosk.confirm.whyHint')}`
          : seen.proposed
            ? t('kiosk.confirm.counted', { n: f.number(seen.proposed.total) })
            : t('kiosk.confirm.count')
      }
      back={close}
      foot={
        <>
          {editing ? null : (
            <Press icon={IconPencil} onPress={() => setTyped('')}>
              {t('kiosk.confirm.correct')}
            </Press>
          )}
          {whys.length > 0 ? (
            whys.map((choice) => (
              <Press
                key={choice.code}
                look="main"
                icon={IconCheck}
                disabled={nothing}
                onPress={() => send(choice.code)}
              >
                {name(choice.name)}
              </Press>
            ))
          ) : (
            <Press look="main" icon={IconCheck} disabled={nothing} onPress={() => send(reason)}>
              {t('kiosk.confirm.send')}
            </Press>
          )}
        </>
      }
    >
      {blocked ? <p className="k-problem">{t('kiosk.confirm.blocked')}</p> : null}
      <div className="k-split">
        <div>
          <p className="k-label">{t('kiosk.confirm.good')}</p>
          <p className={editing ? 'k-big k-entry' : 'k-big'}>
            <strong>{editing ? typed || '0' : f.number(good)}</strong>
          </p>
          <button type="button" className="k-line" onClick={() => open({ name: 'defects' })}>
            <span>{t('kiosk.confirm.scrap')}</span>
            <strong className={scrap > 0 ? 'k-red' : ''}>{f.number(scrap)}</strong>
            {pressed > 0 && scrap > pressed ? (
              <small>{t('kiosk.confirm.unnamed', { n: f.number(scrap - pressed) })}</small>
            ) : null}
            <small>
              {draft.defects
                .map((d) => `${nameOfDefect(view.defectReasons, d.reason, name)} ${d.quantity}`)
                .join(' · ')}
            </small>
          </button>
        </div>
        {editing ? <NumberPad value={typed ?? ''} onChange={setTyped} decimals={false} /> : null}
      </div>
    </Screen>
  );
}

type Reasons = readonly { code: string; name: string | { ko: string; en: string } }[];
function nameOfDefect(reasons: Reasons, code: string, name: (text: never) => string): string {
  const found = reasons.find((r) => r.code === code);
  return found ? name(found.name as never) : code;
}

/** Cavities of the tool that is mounted; 1 where nothing is known. */
function useCavities(tool: string | null): number {
  const known = recall<Record<string, number>>('cavities') ?? {};
  const { data } = useQuery({
    queryKey: ['kiosk', 'tool', tool],
    enabled: tool !== null,
    staleTime: 3_600_000,
    queryFn: async () => {
      const { revisions } = await api.masterRecord({ kind: 'tool', code: tool! });
      const cavities = Number(revisions.at(-1)?.data.cavities ?? 1);
      remember('cavities', { ...known, [tool!]: cavities });
      return cavities;
    },
  });
  return data ?? (tool ? (known[tool] ?? 1) : 1);
}

/** Each press is one bad piece more. */
export function DefectScreen({ close, open }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const name = useName();
  const view = useView();
  const { draft, press, put } = useDraft();
  const cavities = useCavities(view?.run?.tool ?? null);
  const [cavity, setCavity] = useState<number | null>(null);
  const [last, setLast] = useState<Trouble | null>(null);
  const [counting, setCounting] = useState<{ code: string; typed: string } | null>(null);
  if (!view) return null;
  const recent = recall<string[]>('recent') ?? [];
  const parents = new Set(view.defectReasons.map((r) => r.parent));
  const leaves = view.defectReasons.filter((r) => !parents.has(r.code));
  const of = (code: string) => draft.defects.filter((d) => d.reason === code).reduce((sum, d) => sum + d.quantity, 0);
  if (counting)
    return (
      <Screen
        title={nameOfDefect(view.defectReasons, counting.code, name)}
        hint={t('kiosk.defect.howMany')}
        back={() => setCounting(null)}
        foot={
          <Press
            look="main"
            icon={IconCheck}
            disabled={counting.typed === ''}
            onPress={() => {
              put(counting.code, Number(counting.typed));
              setCounting(null);
            }}
          >
            {t('kiosk.ok')}
          </Press>
        }
      >
        <div className="k-split">
          <p className="k-big k-entry">
            <strong>{counting.typed || f.number(of(counting.code))}</strong>
          </p>
          <NumberPad
            value={counting.typed}
            onChange={(typed) => setCounting({ ...counting, typed })}
            decimals={false}
          />
        </div>
      </Screen>
    );
  return (
    <Screen
      title={t('kiosk.defect.title')}
      hint={t('kiosk.defect.hint')}
      back={close}
      foot={
        <>
          {last ? (
            <Press icon={IconArrowsExchange} onPress={() => open({ name: 'offers', about: last })}>
              {t('kiosk.offers.ask')}
            </Press>
          ) : null}
          <Press look="main" icon={IconCheck} onPress={close}>
            {t('kiosk.defect.done', { n: f.number(scrapOf(draft.defects)) })}
          </Press>
        </>
      }
    >
      {cavities > 1 ? (
        <fieldset className="k-cavities">
          <legend>{t('kiosk.defect.cavity')}</legend>
          {Array.from({ length: Math.min(cavities, 32) }, (_, i) => i + 1).map((n) => (
            <button
              key={n}
              type="button"
              className="k-key"
              aria-pressed={cavity === n}
              onClick={() => setCavity(cavity === n ? null : n)}
            >
              {n}
            </button>
          ))}
        </fieldset>
      ) : null}
      {leaves.length === 0 ? <p className="k-empty">{t('kiosk.defect.none')}</p> : null}
      <Choices>
        {recentFirst(leaves, recent).map((reason) => (
          <div key={reason.code} className="k-tally">
            <Press
              onPress={() => {
                press(reason.code, cavity, 1);
                remember('recent', [reason.code, ...recent.filter((c) => c !== reason.code)].slice(0, 12));
                setLast({ defect: reason.code, words: name(reason.name) });
              }}
            >
              {reason.picture ? <img src={api.documentAddress({ id: reason.picture })} alt="" /> : null}
              {name(reason.name)}
            </Press>
            {of(reason.code) > 0 ? (
              <button
                type="button"
                className="k-count"
                aria-label={t('kiosk.defect.number', { name: name(reason.name) })}
                onClick={() => setCounting({ code: reason.code, typed: '' })}
              >
                {f.number(of(reason.code))}
                <IconPencil size={24} aria-hidden />
              </button>
            ) : null}
          </div>
        ))}
      </Choices>
    </Screen>
  );
}

/** The last count, the last piece, and the end of the work. */
export function FinishScreen({ close, open }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const view = useView();
  const { link } = useSnapshot();
  const { draft } = useDraft();
  const lastPiece = useLastPiece(link === 'ok');
  if (!view?.run) return null;
  const { run, order } = view;
  const left = view.proposed ? view.proposed.total : 0;
  const unsaid = left > 0 || scrapOf(draft.defects) > 0;
  const step = order?.steps.find((s) => s.id === run.step);
  const asked = beforeFinish(view)[0] ?? lastPiece;
  return (
    <Screen
      title={t('kiosk.finish.title')}
      hint={run.workOrderNumber}
      back={close}
      foot={
        <>
          <Press
            icon={IconPlayerPause}
            onPress={() => {
              void kiosk.enter('pause', runOf(run.id), { thanks: t('kiosk.work.paused') });
              close();
            }}
          >
            {t('kiosk.finish.pause')}
          </Press>
          <Press
            look="main"
            icon={IconCheck}
            onPress={() => {
              if (asked && asked.stage === 'last')
                return open({ name: 'inspection', id: asked.id, inspection: asked, after: { name: 'finish' } });
              void kiosk.enter('finish', runOf(run.id), { thanks: t('kiosk.finish.thanks') });
              close();
            }}
          >
            {asked?.stage === 'last' ? t('kiosk.inspection.last') : t('kiosk.finish.send')}
          </Press>
        </>
      }
    >
      {unsaid ? (
        <Press look="bad" onPress={() => open({ name: 'confirm' })} sub={t('kiosk.finish.unsaidHint')}>
          {t('kiosk.finish.unsaid', { n: f.number(left || scrapOf(draft.defects)) })}
        </Press>
      ) : null}
      <dl className="k-sum">
        <div>
          <dt>{t('kiosk.confirm.good')}</dt>
          <dd>
            {f.number((step ? Math.max(0, step.good - run.good) : 0) + run.good)} /{' '}
            {f.number(step?.planned ?? order?.quantity)}
          </dd>
        </div>
        <div>
          <dt>{t('kiosk.confirm.scrap')}</dt>
          <dd>{f.number(run.scrap)}</dd>
        </div>
      </dl>
    </Screen>
  );
}

/** The last piece's inspection is asked for before the work is finished, where the control plan wants one. */
function useLastPiece(online: boolean) {
  const view = useView();
  const { run, order } = view ?? {};
  const { data } = useQuery({
    queryKey: ['kiosk', 'last', run?.id],
    enabled: online && Boolean(run?.id) && (run?.good ?? 0) > 0,
    staleTime: 60_000,
    retry: false,
    queryFn: () =>
      api.askInspection({
        ...{ stage: 'last', item: run!.item, operation: run!.operation, run: run!.id, machine: run!.machine },
        ...(order ? { workOrder: order.id } : {}),
      }),
  });
  return data?.find((i) => i.status === 'due' || i.status === 'open') ?? null;
}
