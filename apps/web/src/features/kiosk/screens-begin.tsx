import type { DispatchEntry } from '@deungdae/contracts/work-order.ts';
import {
  IconAlertTriangle,
  IconCamera,
  IconCheck,
  IconClock,
  IconId,
  IconKeyboard,
  IconQrcode,
  IconShieldLock,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { ApiFailure } from '../../api/http.ts';
import { floorQuery, plantQuery } from '../../api/queries.ts';
import type { BadgeOutcome } from './core.ts';
import { recall, remember } from './device.ts';
import { unitText, useKioskFormats } from './format.ts';
import type { Ask } from './parts/flow.ts';
import { keysOfHangul } from './parts/hangul-keys.ts';
import { entryOfScan } from './parts/projection.ts';
import { useKioskText } from './texts.ts';
import { Choices, Press, Screen } from './ui.tsx';
import { scanned, useKiosk, useName, useScan, useShownName, useSnapshot, useView } from './use-kiosk.ts';

const Camera = lazy(() => import('./camera.tsx'));

interface Place {
  path: string;
  name: string;
  area: string;
}

/** Chosen once: the tablet stands at this machine. `unpaired` stands in its place while nobody let the tablet in. */
export function MachineScreen({ done, unpaired }: { done?: () => void; unpaired?: ReactNode }) {
  const t = useKioskText();
  const name = useName();
  const kiosk = useKiosk();
  const { machine, items, device } = useSnapshot();
  // A paired tablet knows its machines; only a person's sign-in may look at all of them.
  const { data, isError, error } = useQuery({ ...floorQuery, enabled: !device, retry: false });
  const { data: plant } = useQuery({ ...plantQuery, enabled: !device, retry: false });
  const areaName = (path: string) => {
    const node = plant?.nodes.find((n) => n.path === path);
    return node ? name(node.name) : (path.split('/').at(-1) ?? path);
  };
  const kept = recall<Place[]>('floor') ?? [];
  const own = device?.machines.map((m) => ({ path: m.path, name: name(m.name), area: m.area }));
  const places: Place[] =
    own ??
    data?.machines
      .filter((m) => m.hasState)
      .map((m) => ({ path: m.equipment, name: name(m.name), area: areaName(m.area) })) ??
    kept;
  if (data && places.length > 0) remember('floor', places);
  const choose = (path: string) => {
    kiosk.choose(path);
    done?.();
  };
  // A label on the machine holds its path.
  useScan((code) => {
    const found = places.find((p) => code === p.path || code.endsWith(`/${p.path.split('/').at(-1)}`));
    if (found) choose(found.path);
  });
  const areas = [...new Set(places.map((p) => p.area))];
  if (!device && unpaired && error instanceof ApiFailure && error.status === 401) return unpaired;
  return (
    <Screen title={t('kiosk.machine.title')} hint={t('kiosk.machine.hint')} back={machine ? done : undefined}>
      {isSecureContext ? null : <Insecure />}
      {items.length > 0 ? <p className="k-note">{t('kiosk.machine.waiting', { n: items.length })}</p> : null}
      {places.length === 0 ? <p className="k-empty">{t(isError ? 'kiosk.noNetwork' : 'kiosk.loading')}</p> : null}
      {areas.map((area) => (
        <div key={area} className="k-group">
          <h2>{area}</h2>
          <Choices>
            {places
              .filter((p) => p.area === area)
              .map((p) => (
                <Press key={p.path} onPress={() => choose(p.path)} pressed={p.path === machine}>
                  {p.name}
                </Press>
              ))}
          </Choices>
        </div>
      ))}
    </Screen>
  );
}

/** Without HTTPS the browser lets us use neither camera nor offline: how to come to it. */
export function Insecure() {
  const t = useKioskText();
  return (
    <p className="k-note">
      <IconShieldLock size={30} aria-hidden />
      <span>
        {t('kiosk.insecure')} <a href="/trust">{t('kiosk.insecureLink')}</a>
      </span>
    </p>
  );
}

/** Scan, camera or hand: one of them gives a code. */
export function CodeEntry({ label }: { label: string }) {
  const t = useKioskText();
  const [mode, setMode] = useState<'none' | 'hand' | 'camera'>('none');
  const [typed, setTyped] = useState('');
  const send = () => {
    const code = keysOfHangul(typed.trim());
    if (code === '') return;
    setTyped('');
    setMode('none');
    scanned(code);
  };
  return (
    <div className="k-code">
      {mode === 'camera' ? (
        <Suspense fallback={<p className="k-hint">{t('kiosk.loading')}</p>}>
          <Camera
            found={(code) => {
              setMode('none');
              scanned(code);
            }}
            close={() => setMode('none')}
          />
        </Suspense>
      ) : null}
      {mode === 'hand' ? (
        <form
          className="k-hand"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <input
            // The screen was asked for by a press on "by hand": the keyboard should come at once.
            // biome-ignore lint/a11y/noAutofocus: the field is what was asked for
            autoFocus
            className="k-input"
            value={typed}
            aria-label={label}
            placeholder={label}
            autoCapitalize="characters"
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Press look="main" icon={IconCheck} onPress={send} disabled={typed.trim() === ''}>
            {t('kiosk.ok')}
          </Press>
        </form>
      ) : null}
      <div className="k-row">
        {isSecureContext && 'mediaDevices' in navigator ? (
          <Press look="quiet" icon={IconCamera} onPress={() => setMode(mode === 'camera' ? 'none' : 'camera')}>
            {t('kiosk.camera')}
          </Press>
        ) : null}
        <Press look="quiet" icon={IconKeyboard} onPress={() => setMode(mode === 'hand' ? 'none' : 'hand')}>
          {t('kiosk.byHand')}
        </Press>
      </div>
    </div>
  );
}

function ScanPicture({ badge }: { badge?: boolean }) {
  const Glyph = badge ? IconId : IconQrcode;
  return (
    <div className="k-scan" aria-hidden>
      <Glyph size={120} stroke={1.2} />
    </div>
  );
}

/** Who are you? */
export function BadgeScreen() {
  const t = useKioskText();
  const kiosk = useKiosk();
  const view = useView();
  const [outcome, setOutcome] = useState<{ code: string; what: BadgeOutcome | 'asking' } | null>(null);
  useScan((code) => {
    setOutcome({ code, what: 'asking' });
    void kiosk.badge(code).then((what) => setOutcome(what === 'ok' ? null : { code, what }));
  });
  return (
    <Screen title={t('kiosk.badge.title')} hint={t('kiosk.badge.hint')} className="k-center">
      <ScanPicture badge />
      {outcome?.what === 'unknown' ? (
        <p className="k-problem" role="alert">
          <IconAlertTriangle size={34} aria-hidden />
          {t('kiosk.badge.unknown', { code: outcome.code })}
        </p>
      ) : null}
      {outcome?.what === 'offline' ? (
        <p className="k-problem" role="alert">
          <IconAlertTriangle size={34} aria-hidden />
          {t('kiosk.badge.offline')}
        </p>
      ) : null}
      {view?.run ? (
        <p className="k-note">
          {t('kiosk.badge.running', { order: view.run.workOrderNumber, who: view.run.operators.join(', ') || '–' })}
        </p>
      ) : null}
      <CodeEntry label={t('kiosk.badge.label')} />
    </Screen>
  );
}

type Chosen = { scan: string; entry: DispatchEntry | null };

/** Which order? Scan it, or press it in the list of this machine. */
export function OrderScreen() {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const view = useView();
  const shown = useShownName();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const choose = (scan: string, entry: DispatchEntry | null) => {
    const steps = view?.queue.filter((e) => e.order.number === entry?.order.number) ?? [];
    if (entry && (steps.length > 1 || entry.tools.length > 1)) setChosen({ scan, entry });
    else start(scan, entry, entry?.tools[0]?.tool);
  };
  const start = (scan: string, entry: DispatchEntry | null, tool?: string) => {
    setChosen(null);
    const data = { order: scan, ...(entry ? { operation: entry.step.number } : {}), ...(tool ? { tool } : {}) };
    void kiosk.enter('start', data, { thanks: t('kiosk.order.started', { order: entry?.order.number ?? scan }) });
  };
  useScan(async (code) => {
    const tool = chosen?.entry?.tools.find((x) => x.tool === code);
    if (chosen && tool) return start(chosen.scan, chosen.entry, tool.tool);
    const entry = entryOfScan(view?.queue ?? [], code);
    if (entry) return choose(code, entry);
    if (kiosk.knows(code) || (await isBadge(kiosk, code))) return;
    choose(code, null);
  });
  if (!view) return null;
  if (chosen?.entry) return <ChooseStep chosen={chosen} start={start} back={() => setChosen(null)} />;
  return (
    <Screen title={t('kiosk.order.title')} hint={t('kiosk.order.hint')}>
      <CodeEntry label={t('kiosk.order.label')} />
      <h2>{t('kiosk.order.next')}</h2>
      {view.queue.length === 0 ? <p className="k-empty">{t('kiosk.order.empty')}</p> : null}
      <div className="k-list">
        {view.queue.slice(0, 12).map((entry) => (
          <button
            key={entry.step.id}
            type="button"
            className="k-order"
            onClick={() => choose(entry.order.number, entry)}
          >
            <span className="k-order-name">
              <strong>{shown(entry.order.item, entry.order.itemName)}</strong>
              <span>
                {entry.order.number} · {shown(entry.step.id, entry.step.name)}
              </span>
            </span>
            <span className="k-order-count">
              {f.number(entry.step.planned - entry.step.good)} {unitText(entry.order.unit)}
            </span>
            <span className="k-order-state">
              {entry.late ? (
                <em className="k-late">
                  <IconClock size={24} aria-hidden /> {t('kiosk.order.late')}
                </em>
              ) : null}
              {entry.ready ? (
                <em>
                  <IconCheck size={24} aria-hidden /> {t('kiosk.order.ready')}
                </em>
              ) : (
                <em className="k-late">
                  <IconAlertTriangle size={24} aria-hidden />
                  {missing(entry) || t('kiosk.order.notReady')}
                </em>
              )}
            </span>
          </button>
        ))}
      </div>
    </Screen>
  );
}

/** What an order waits for, by name. */
function missing(entry: DispatchEntry): string {
  const names = [
    ...entry.material.filter((m) => !m.enough).map((m) => m.name),
    ...(entry.tools.length > 0 && entry.tools.every((x) => !x.ready) ? entry.tools.map((x) => x.name) : []),
  ];
  return names.slice(0, 2).join(', ');
}

/** Whether somebody else's badge was scanned instead: then the screen is theirs. */
export async function isBadge(kiosk: ReturnType<typeof useKiosk>, code: string): Promise<boolean> {
  return (await kiosk.badge(code)) === 'ok';
}

function ChooseStep({
  chosen,
  start,
  back,
}: {
  chosen: Chosen;
  start: (scan: string, entry: DispatchEntry, tool?: string) => void;
  back: () => void;
}) {
  const t = useKioskText();
  const view = useView();
  const shown = useShownName();
  const [entry, setEntry] = useState(() => {
    const steps = view?.queue.filter((e) => e.order.number === chosen.entry?.order.number) ?? [];
    return steps.length > 1 ? null : chosen.entry;
  });
  const steps = view?.queue.filter((e) => e.order.number === chosen.entry?.order.number) ?? [];
  if (!entry)
    return (
      <Screen title={t('kiosk.order.step')} hint={chosen.entry?.order.number} back={back}>
        <Choices wide>
          {steps.map((e) => (
            <Press
              key={e.step.id}
              onPress={() => (e.tools.length > 1 ? setEntry(e) : start(chosen.scan, e))}
              sub={String(e.step.number)}
            >
              {shown(e.step.id, e.step.name)}
            </Press>
          ))}
        </Choices>
      </Screen>
    );
  return (
    <Screen title={t('kiosk.order.tool')} hint={t('kiosk.order.toolHint')} back={back}>
      <Choices wide>
        {entry.tools.map((tool) => (
          <Press
            key={tool.tool}
            onPress={() => start(chosen.scan, entry, tool.tool)}
            sub={tool.ready ? tool.tool : (tool.why ?? t('kiosk.order.notReady'))}
          >
            {tool.name}
          </Press>
        ))}
      </Choices>
      <CodeEntry label={t('kiosk.order.toolLabel')} />
    </Screen>
  );
}

/** What the shift before left to say. */
export function HandoverAsk({ ask }: { ask: Extract<Ask, { step: 'handover' }> }) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  return (
    <Screen
      title={t('kiosk.handover.title')}
      hint={`${ask.by} · ${f.time(ask.at / 1000)}`}
      foot={
        <Press look="main" icon={IconCheck} onPress={() => kiosk.enter('readHandover', { id: ask.id })}>
          {t('kiosk.handover.read')}
        </Press>
      }
    >
      <p className="k-letter">{ask.text}</p>
    </Screen>
  );
}
