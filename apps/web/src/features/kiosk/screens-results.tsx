import {
  IconArrowsExchange,
  IconCheck,
  IconPackage,
  IconPencil,
  IconPlayerPause,
  IconPrinter,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { recall, remember } from './device.ts';
import { useKioskFormats } from './format.ts';
import { differs, proposeResult, recentFirst, scrapOf } from './parts/draft.ts';
import { beforeFinish } from './parts/flow.ts';
import { runOf } from './screens-work.tsx';
import type { Task, Trouble } from './task.ts';
import { useKioskText } from './texts.ts';
import { Choices, NumberPad, Press, Screen } from './ui.tsx';
import { useDraft } from './use-draft.ts';
import { useKiosk, useName, useScan, useSnapshot, useView } from './use-kiosk.ts';

interface TaskProps {
  close: () => void;
  open: (task: Task) => void;
}

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

/** Lots that went in; each scan is one more. */
export function MaterialScreen({ close, entry }: TaskProps & { entry: ReactNode }) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const view = useView();
  useScan((code) => {
    void kiosk.enter(
      'useLot',
      { ...runOf(view?.run?.id), lot: code },
      { thanks: t('kiosk.material.used', { lot: code }) },
    );
  });
  return (
    <Screen title={t('kiosk.material.title')} hint={t('kiosk.material.hint')} back={close}>
      {entry}
      <h2>{t('kiosk.material.in')}</h2>
      <ul className="k-items">
        {[...new Set(view?.run?.inputLots)].map((lot) => (
          <LotLine key={lot} lot={lot} />
        ))}
      </ul>
      {view?.run?.inputLots.length === 0 ? <p className="k-empty">{t('kiosk.material.empty')}</p> : null}
    </Screen>
  );
}

/** A lot by its printed number, with what it is. */
function LotLine({ lot }: { lot: string }) {
  const { data } = useQuery({
    queryKey: ['kiosk', 'lot', lot],
    staleTime: 3_600_000,
    retry: false,
    queryFn: () => api.lot({ id: lot }),
  });
  return (
    <li>
      <strong>{data?.lot.number ?? lot}</strong>
      <span>{data?.lot.item ?? ''}</span>
    </li>
  );
}

/** Pieces into a box, and its label out of the printer. */
export function PackScreen({ close }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const view = useView();
  const { link } = useSnapshot();
  const { data: item } = useQuery({
    queryKey: ['kiosk', 'item', view?.run?.item],
    enabled: Boolean(view?.run?.item),
    staleTime: 3_600_000,
    queryFn: () => api.masterRecord({ kind: 'item', code: view!.run!.item }),
  });
  const { data: settings } = useQuery({
    queryKey: ['kiosk', 'printers'],
    staleTime: 3_600_000,
    queryFn: () => api.inventorySettings(),
  });
  const [typed, setTyped] = useState<string | null>(null);
  const [box, setBox] = useState<string | null>(null);
  const [printer, setPrinter] = useState(recall<string>('printer'));
  const usual = Number(item?.revisions.at(-1)?.data.packQuantity ?? 0);
  const quantity = typed === null ? usual : Number(typed || '0');
  const printers = settings?.printers ?? [];
  const chosen = printers.find((p) => p.id === printer) ?? printers[0];
  const print = (container: string) => {
    if (!chosen) return;
    const body = { lots: [container], printer: chosen.id, copies: 1 };
    void kiosk.enter('printLabels', { body }, { via: 'route', thanks: t('kiosk.pack.printing') });
  };
  const pack = async () => {
    const data = { ...runOf(view?.run?.id), quantity };
    const { answer } = await kiosk.enter('pack', data, { thanks: t('kiosk.pack.packed', { n: f.number(quantity) }) });
    if (link !== 'ok') return close();
    const made = await answer;
    if (made.status === 'rejected') return close();
    const container = String(made.result?.container ?? '');
    setBox(String(made.result?.number ?? container));
    if (container) print(container);
    setTyped(null);
  };
  if (box)
    return (
      <Screen
        title={t('kiosk.pack.box', { number: box })}
        back={close}
        foot={
          <>
            {chosen ? (
              <Press icon={IconPrinter} onPress={() => print(box)}>
                {t('kiosk.pack.again')}
              </Press>
            ) : null}
            <Press icon={IconPackage} onPress={() => setBox(null)}>
              {t('kiosk.pack.next')}
            </Press>
            <Press look="main" icon={IconCheck} onPress={close}>
              {t('kiosk.ok')}
            </Press>
          </>
        }
      >
        <p className="k-letter">{chosen ? t('kiosk.pack.printing') : t('kiosk.pack.noPrinter')}</p>
        {printers.length > 1 ? (
          <Choices wide>
            {printers.map((p) => (
              <Press
                key={p.id}
                pressed={p.id === chosen?.id}
                onPress={() => {
                  remember('printer', p.id);
                  setPrinter(p.id);
                }}
              >
                {p.name}
              </Press>
            ))}
          </Choices>
        ) : null}
      </Screen>
    );
  return (
    <Screen
      title={t('kiosk.pack.title')}
      hint={t('kiosk.pack.hint')}
      back={close}
      foot={
        <Press look="main" icon={IconCheck} disabled={quantity <= 0} onPress={pack}>
          {t('kiosk.pack.send')}
        </Press>
      }
    >
      <div className="k-split">
        <div>
          <p className="k-label">{t('kiosk.pack.quantity')}</p>
          <p className="k-big k-entry">
            <strong>{typed === null ? f.number(usual) : typed || '0'}</strong>
          </p>
        </div>
        <NumberPad value={typed ?? ''} onChange={setTyped} decimals={false} />
      </div>
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
