import type { KioskState } from '@deungdae/contracts/kiosk.ts';
import {
  IconAlertTriangle,
  IconBell,
  IconChecklist,
  IconClipboardCheck,
  IconDots,
  IconFileText,
  IconFlag,
  IconPackage,
  IconPackages,
  IconPlayerPlay,
  IconPlus,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { api } from '../../api/client.generated.ts';
import { unitText, useKioskFormats } from './format.ts';
import { proposeResult, scrapOf } from './parts/draft.ts';
import { shortCode } from './parts/short-code.ts';
import { isBadge } from './screens-begin.tsx';
import type { Task } from './task.ts';
import { useKioskText } from './texts.ts';
import { Press } from './ui.tsx';
import { useDraft } from './use-draft.ts';
import { useKiosk, useScan, useShownName, useSnapshot, useView } from './use-kiosk.ts';

/** The machine at work: one order, one picture, one big number, and what can be entered. */
export function WorkScreen({ open }: { open: (task: Task) => void }) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const view = useView();
  const { person } = useSnapshot();
  // Labels scanned one after the other wait for their turn; the same one twice meanwhile is one.
  const asking = useRef(new Set<string>());
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  // A badge changes the person; every other code here is a lot of material.
  useScan((code) => {
    if (asking.current.has(code)) return;
    // The order's barcode twice: it runs, and it is no lot.
    if (view?.run && code.trim().toUpperCase() === view.run.workOrderNumber.toUpperCase())
      return kiosk.say(t('kiosk.refused.alreadyRunning', { order: view.run.workOrderNumber }));
    const run = runOf(view?.run?.id);
    const take = async () => {
      try {
        if (await isBadge(kiosk, code)) return;
        await kiosk.enter(
          'useLot',
          { ...run, lot: code },
          { thanks: t('kiosk.material.used', { lot: shortCode(code) }) },
        );
      } finally {
        asking.current.delete(code);
      }
    };
    asking.current.add(code);
    turn.current = turn.current.then(take, take);
  });
  if (!view?.run) return null;
  const { run } = view;
  const joined = run.workers.some((w) => w.person === person?.id) || run.operators.includes(person?.name ?? '');
  const firstDue = view.inspections.find((i) => i.stage === 'first');
  return (
    <div className="k-work">
      <OrderCard view={view} open={open} />
      <section className="k-figures">
        <Figures />
        {run.status === 'paused' ? (
          <Press
            look="main"
            icon={IconPlayerPlay}
            onPress={() => kiosk.enter('resume', runOf(run.id), { thanks: t('kiosk.work.resumed') })}
          >
            {t('kiosk.work.resume')}
          </Press>
        ) : run.status === 'setup' && (firstDue || !(view.proposed && view.proposed.total > 0)) ? (
          <Press
            look="main"
            icon={firstDue ? IconClipboardCheck : IconPlayerPlay}
            onPress={() =>
              firstDue
                ? open({ name: 'inspection', id: firstDue.id })
                : kiosk.enter('productionStart', runOf(run.id), { thanks: t('kiosk.work.setupOver') })
            }
            sub={t('kiosk.work.inSetup')}
          >
            {firstDue ? t('kiosk.inspection.first') : t('kiosk.work.endSetup')}
          </Press>
        ) : (
          <ConfirmButton open={open} />
        )}
        {joined ? null : (
          <Press icon={IconPlus} onPress={() => kiosk.enter('join', runOf(run.id), { thanks: t('kiosk.work.joined') })}>
            {t('kiosk.work.join')}
          </Press>
        )}
      </section>
      <nav className="k-actions" aria-label={t('kiosk.actions')}>
        <Press icon={IconAlertTriangle} onPress={() => open({ name: 'defects' })}>
          {t('kiosk.action.defect')}
        </Press>
        <Press icon={IconPackages} onPress={() => open({ name: 'material' })}>
          {t('kiosk.action.material')}
        </Press>
        <Press icon={IconFileText} onPress={() => open({ name: 'documents' })}>
          {t('kiosk.action.documents')}
        </Press>
        <Press icon={IconBell} onPress={() => open({ name: 'call' })}>
          {t('kiosk.action.call')}
        </Press>
        <Press icon={IconFlag} onPress={() => open({ name: 'finish' })}>
          {t('kiosk.action.finish')}
        </Press>
        <Press icon={IconDots} onPress={() => open({ name: 'more' })}>
          {t('kiosk.action.more')}
        </Press>
      </nav>
    </div>
  );
}

/** The run of an entry; left out while the server has not given it a name. */
export function runOf(id: string | undefined): { run?: string } {
  return id ? { run: id } : {};
}

function ConfirmButton({ open }: { open: (task: Task) => void }) {
  const t = useKioskText();
  const f = useKioskFormats();
  const view = useView();
  const { link } = useSnapshot();
  const { draft } = useDraft();
  const counted = link === 'ok' ? (view?.proposed ?? null) : null;
  const { good } = proposeResult(counted, draft.defects);
  return (
    <Press look="main" icon={IconChecklist} onPress={() => open({ name: 'confirm' })} sub={t('kiosk.work.confirmHint')}>
      {good === null ? t('kiosk.work.confirm') : t('kiosk.work.confirmN', { n: f.number(good) })}
    </Press>
  );
}

/** Good of the order against what it should be: the one number that is read from afar. */
function Figures() {
  const t = useKioskText();
  const f = useKioskFormats();
  const view = useView();
  const { draft } = useDraft();
  if (!view?.run) return null;
  const { run, order } = view;
  const step = order?.steps.find((s) => s.id === run.step);
  const planned = step?.planned ?? order?.quantity ?? null;
  const before = step ? Math.max(0, step.good - run.good) : 0;
  const waiting = proposeResult(view.proposed, draft.defects).good ?? 0;
  const good = before + run.good + waiting;
  const share = planned ? Math.min(1, good / planned) : 0;
  const scrap = run.scrap + scrapOf(draft.defects);
  return (
    <>
      <p className="k-label">{t('kiosk.work.goodOfTarget')}</p>
      <p className="k-big">
        <strong>{f.number(good)}</strong>
        <span>
          / {f.number(planned)} {unitText(order?.unit ?? '')}
        </span>
      </p>
      <div className="k-progress" aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <dl className="k-small">
        <div>
          <dt>{t('kiosk.work.unconfirmed')}</dt>
          <dd>{view.proposed ? f.number(waiting) : '–'}</dd>
        </div>
        <div className={scrap > 0 ? 'k-attention' : ''}>
          <dt>{t('kiosk.work.scrap')}</dt>
          <dd>{f.number(scrap)}</dd>
        </div>
        <div>
          <dt>{t('kiosk.work.shift')}</dt>
          <dd>
            {f.number(view.produced)}
            {view.target === null ? '' : ` / ${f.number(view.target)}`}
          </dd>
        </div>
      </dl>
    </>
  );
}

function OrderCard({ view, open }: { view: KioskState; open: (task: Task) => void }) {
  const t = useKioskText();
  const f = useKioskFormats();
  const shown = useShownName();
  const { run, order } = view;
  const picture = view.documents.find((d) => d.kind === 'drawing') ?? view.documents[0];
  const step = order?.steps.find((s) => s.id === run?.step);
  return (
    <section className="k-card">
      <p className="k-label">{order?.customer ?? t('kiosk.work.order')}</p>
      <h1 className="k-item">{shown(order?.item, order?.itemName || run?.item || run?.workOrderNumber || '')}</h1>
      <p className="k-meta">
        {run?.workOrderNumber}
        {order?.revision ? ` · ${t('kiosk.work.revision', { revision: order.revision })}` : ''}
        {step ? ` · ${shown(step.id, step.name)}` : ''}
        {run?.tool ? ` · ${run.tool}` : ''}
      </p>
      {picture ? (
        <button type="button" className="k-picture" onClick={() => open({ name: 'documents' })}>
          <DocumentPicture id={picture.id} />
        </button>
      ) : (
        <div className="k-picture k-none" aria-hidden>
          <IconPackage size={90} stroke={1} />
        </div>
      )}
      <p className="k-meta">
        {order?.due ? `${t('kiosk.work.due', { day: f.day(order.due / 1000) })} · ` : ''}
        {run?.operators.join(', ')}
      </p>
      {view.calls.length > 0 ? (
        <p className="k-note">
          <IconBell size={28} aria-hidden />
          {view.calls.map((c) => t(`kiosk.call.${c.kind}`)).join(', ')}
          {view.calls.some((c) => c.status === 'acknowledged') ? ` · ${t('kiosk.call.coming')}` : ''}
        </p>
      ) : null}
    </section>
  );
}

/** A picture when the document is one; a sheet of paper when it is not. */
function DocumentPicture({ id }: { id: string }) {
  return (
    <>
      <IconFileText size={90} stroke={1} aria-hidden />
      <img
        src={api.documentAddress({ id })}
        alt=""
        onError={(event) => {
          event.currentTarget.hidden = true;
        }}
      />
    </>
  );
}
