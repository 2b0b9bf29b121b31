import { IconAlertTriangle, IconCloudOff, IconCloudUp, IconSettings, IconUrgent, IconUser } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { StateMark } from '../../ui/state.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Kiosk } from './core.ts';
import { recall, remember } from './device.ts';
import { useKioskFormats } from './format.ts';
import './kiosk.css';
import { type Ask, askKey, askNow } from './parts/flow.ts';
import { BadgeScreen, CodeEntry, HandoverAsk, MachineScreen, OrderScreen } from './screens-begin.tsx';
import { DocumentsScreen, MoreScreen, RefusedCard, SettingsScreen, WaitingScreen } from './screens-device.tsx';
import { InspectionScreen } from './screens-inspect.tsx';
import { MaterialScreen, PackScreen } from './screens-lots.tsx';
import { ChangeScreen, CheckScreen, HandoverScreen, NearMissScreen } from './screens-notes.tsx';
import { PairScreen } from './screens-pair.tsx';
import { ConfirmScreen, DefectScreen, FinishScreen } from './screens-results.tsx';
import { CallScreen, KnowHowScreen, OffersScreen, StopScreen } from './screens-trouble.tsx';
import { WorkScreen } from './screens-work.tsx';
import type { Task } from './task.ts';
import { useKioskText } from './texts.ts';
import { Done } from './ui.tsx';
import { KioskContext, useKiosk, useName, useSnapshot, useView, useWedge } from './use-kiosk.ts';
import { registerWorker } from './worker/register.ts';

/** The operator's screen, full and without the office around it. The machine comes from the address when it is there. */
export function KioskPage() {
  const { _splat: machine } = useParams({ strict: false });
  const kiosk = useMemo(() => new Kiosk(), []);
  useEffect(() => {
    if (machine && machine !== kiosk.snapshot().machine) kiosk.choose(machine);
    void registerWorker();
    return kiosk.open();
  }, [kiosk, machine]);
  return (
    <KioskContext value={kiosk}>
      <Frame />
    </KioskContext>
  );
}

const putOffMs = 10 * 60_000;

function Frame() {
  useWedge();
  useScreenOn();
  const kiosk = useKiosk();
  const view = useView();
  const snapshot = useSnapshot();
  const [task, setTask] = useState<Task | null>(null);
  const [putOff, setPutOff] = useState<ReadonlyMap<string, number>>(
    () => new Map(Object.entries(recall<Record<string, number>>('putOff') ?? {})),
  );
  useNow(5000);
  useDocumentsKept(view?.documents.map((d) => d.id).join(',') ?? '');
  const ask = askNow({ machine: snapshot.machine, view, person: snapshot.person, now: kiosk.now(), putOff });
  const later = () => {
    const next = new Map([...putOff].filter(([, until]) => until > kiosk.now()));
    next.set(askKey(ask), kiosk.now() + putOffMs);
    remember('putOff', Object.fromEntries(next));
    setPutOff(next);
  };
  const close = () => setTask(null);
  const refused = snapshot.items.find((i) => i.status === 'refused');
  const free =
    snapshot.person ||
    task?.name === 'settings' ||
    task?.name === 'waiting' ||
    task?.name === 'machine' ||
    task?.name === 'pair';
  return (
    <main className="kiosk">
      <Head open={setTask} />
      <Thanks />
      {task && free ? (
        <TaskScreen task={task} open={setTask} close={close} />
      ) : (
        <AskScreen {...{ ask, later, open: setTask }} />
      )}
      {refused ? <RefusedCard item={refused} /> : null}
    </main>
  );
}

function AskScreen({ ask, later, open }: { ask: Ask; later: () => void; open: (task: Task) => void }) {
  const t = useKioskText();
  const { link } = useSnapshot();
  const close = () => {};
  if (ask.step === 'machine') return <MachineScreen unpaired={<PairScreen />} />;
  if (ask.step === 'loading')
    return <p className="k-empty">{t(link === 'offline' ? 'kiosk.noNetwork' : 'kiosk.loading')}</p>;
  if (ask.step === 'badge') return <BadgeScreen />;
  if (ask.step === 'handover') return <HandoverAsk ask={ask} />;
  if (ask.step === 'inspection')
    return (
      <InspectionScreen
        key={ask.inspection.id}
        inspection={ask.inspection}
        later={ask.blocking ? undefined : later}
        close={close}
      />
    );
  if (ask.step === 'stop') return <StopScreen close={later} open={open} later={later} />;
  return ask.step === 'order' ? (
    <>
      <OrderScreen />
      <IdleActions open={open} />
    </>
  ) : (
    <WorkScreen open={open} />
  );
}

/** What can be done while no order runs. */
function IdleActions({ open }: { open: (task: Task) => void }) {
  const t = useKioskText();
  const tasks: { task: Task; text: string }[] = [
    { task: { name: 'call' }, text: t('kiosk.action.call') },
    { task: { name: 'checks' }, text: t('kiosk.check.title') },
    { task: { name: 'more' }, text: t('kiosk.action.more') },
  ];
  return (
    <nav className="k-actions k-three" aria-label={t('kiosk.actions')}>
      {tasks.map(({ task, text }) => (
        <button key={task.name} type="button" className="k-press k-plain" onClick={() => open(task)}>
          <span className="k-press-text">{text}</span>
        </button>
      ))}
    </nav>
  );
}

function TaskScreen({ task, open, close }: { task: Task; open: (task: Task) => void; close: () => void }) {
  const t = useKioskText();
  const view = useView();
  const common = { open, close };
  switch (task.name) {
    case 'confirm':
      return <ConfirmScreen {...common} />;
    case 'defects':
      return <DefectScreen {...common} />;
    case 'material':
      return <MaterialScreen {...common} entry={<CodeEntry label={t('kiosk.material.label')} />} />;
    case 'documents':
      return <DocumentsScreen {...common} />;
    case 'call':
      return <CallScreen {...common} />;
    case 'finish':
      return <FinishScreen {...common} />;
    case 'more':
      return <MoreScreen {...common} />;
    case 'stop':
      return <StopScreen {...common} />;
    case 'pack':
      return <PackScreen {...common} />;
    case 'checks':
      return <CheckScreen {...common} />;
    case 'change':
      return <ChangeScreen {...common} />;
    case 'handover':
      return <HandoverScreen {...common} />;
    case 'nearMiss':
      return <NearMissScreen {...common} />;
    case 'knowHow':
      return <KnowHowScreen about={task.about} {...common} />;
    case 'offers':
      return <OffersScreen about={task.about} {...common} />;
    case 'waiting':
      return <WaitingScreen {...common} />;
    case 'machine':
      return <MachineScreen done={close} unpaired={<PairScreen done={close} />} />;
    case 'pair':
      return <PairScreen done={close} />;
    case 'settings':
      return <SettingsScreen {...common} />;
    case 'inspection': {
      const inspection = view?.inspections.find((i) => i.id === task.id) ?? task.inspection;
      const { after } = task;
      return inspection ? (
        <InspectionScreen
          key={task.id}
          inspection={inspection}
          later={close}
          close={after ? () => open(after) : close}
        />
      ) : (
        <WorkScreen open={open} />
      );
    }
  }
}

function Head({ open }: { open: (task: Task) => void }) {
  const t = useKioskText();
  const f = useKioskFormats();
  const name = useName();
  const view = useView();
  const kiosk = useKiosk();
  const { person, items, link } = useSnapshot();
  useNow(10_000);
  const waiting = items.filter((i) => i.status === 'waiting').length;
  const machine = view?.machine;
  return (
    <header className="k-head">
      <div className="k-where">
        {machine && link === 'ok' ? <StateMark state={machine.state} size={26} /> : null}
        <strong>{machine ? name(machine.name) : t('kiosk.name')}</strong>
        {machine && link === 'ok' ? <span className="k-state">{t(`kiosk.state.${machine.state}`)}</span> : null}
      </div>
      <time className="k-clock">{f.time(kiosk.now())}</time>
      {link === 'signIn' || link === 'notAllowed' ? (
        <button type="button" className="k-chip k-warn" onClick={() => open({ name: 'pair' })}>
          <IconAlertTriangle size={26} aria-hidden />
          {t(link === 'signIn' ? 'kiosk.signIn' : 'kiosk.notAllowed')}
        </button>
      ) : null}
      {link === 'offline' || waiting > 0 ? (
        <button
          type="button"
          className={link === 'offline' ? 'k-chip k-warn' : 'k-chip'}
          onClick={() => open({ name: 'waiting' })}
        >
          {link === 'offline' ? <IconCloudOff size={26} aria-hidden /> : <IconCloudUp size={26} aria-hidden />}
          {waiting > 0 ? t('kiosk.waiting.chip', { n: waiting }) : t('kiosk.offline')}
        </button>
      ) : null}
      {person ? (
        <button
          type="button"
          className="k-chip k-icon"
          aria-label={t('kiosk.nearMiss.title')}
          onClick={() => open({ name: 'nearMiss' })}
        >
          <IconUrgent size={30} aria-hidden />
        </button>
      ) : null}
      {person ? (
        <button type="button" className="k-chip" onClick={() => open({ name: 'more' })}>
          <IconUser size={26} aria-hidden />
          <span className="k-person">{person.name}</span>
        </button>
      ) : null}
      <button
        type="button"
        className="k-chip k-icon"
        aria-label={t('kiosk.settings.title')}
        onClick={() => open({ name: 'settings' })}
      >
        <IconSettings size={28} aria-hidden />
      </button>
    </header>
  );
}

const thanksMs = 3500;

/** A short word that it was taken in; it goes by itself. */
function Thanks() {
  const { thanks } = useSnapshot();
  const [shown, setShown] = useState<typeof thanks>(null);
  useEffect(() => {
    if (!thanks || Date.now() - thanks.at > thanksMs) return;
    setShown(thanks);
    const timer = setTimeout(() => setShown(null), thanksMs);
    return () => clearTimeout(timer);
  }, [thanks]);
  return shown ? <Done>{shown.text}</Done> : null;
}

/** Fetches the documents of the order ahead, so that the worker has them when the network is gone. */
function useDocumentsKept(ids: string): void {
  useEffect(() => {
    for (const id of ids.split(',').filter(Boolean)) void fetch(api.documentAddress({ id })).catch(() => {});
  }, [ids]);
}

function useScreenOn(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const ask = async () => {
      if (document.visibilityState === 'visible')
        lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    };
    void ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      document.removeEventListener('visibilitychange', ask);
      void lock?.release();
    };
  }, []);
}
