import type { KioskState } from '@deungdae/contracts/kiosk.ts';
import { useMantineColorScheme } from '@mantine/core';
import {
  IconBuildingFactory,
  IconBulb,
  IconCheck,
  IconChecklist,
  IconFileText,
  IconHandStop,
  IconLink,
  IconLogout,
  IconMessage2,
  IconMoon,
  IconPackage,
  IconPlayerPause,
  IconReplace,
  IconSun,
  IconUrgent,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useKioskFormats } from './format.ts';
import { clockWrongMs } from './parts/offset.ts';
import type { OutboxItem } from './parts/outbox-store.ts';
import { Insecure } from './screens-begin.tsx';
import { runOf } from './screens-work.tsx';
import type { Task, TaskProps } from './task.ts';
import { kioskLanguages, setKioskLanguage, useKioskText, useKioskTexts } from './texts.ts';
import { Choices, type Icon, Press, Screen } from './ui.tsx';
import { useKiosk, useName, useScan, useSnapshot, useView } from './use-kiosk.ts';

/** What is wanted less often than the six of the first screen. */
export function MoreScreen({ close, open }: TaskProps) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const view = useView();
  const running = view?.run != null;
  const tiles: { task: Task; text: string; icon: Icon; needsRun?: boolean }[] = [
    { task: { name: 'stop' }, text: t('kiosk.more.stop'), icon: IconHandStop },
    { task: { name: 'checks' }, text: t('kiosk.check.title'), icon: IconChecklist },
    { task: { name: 'pack' }, text: t('kiosk.pack.title'), icon: IconPackage, needsRun: true },
    { task: { name: 'change' }, text: t('kiosk.change.title'), icon: IconReplace },
    { task: { name: 'handover' }, text: t('kiosk.handover.write'), icon: IconMessage2 },
    { task: { name: 'nearMiss' }, text: t('kiosk.nearMiss.title'), icon: IconUrgent },
    { task: { name: 'knowHow', about: { words: '' } }, text: t('kiosk.knowHow.title'), icon: IconBulb },
  ];
  return (
    <Screen title={t('kiosk.action.more')} back={close}>
      <Choices fill>
        {tiles
          .filter((tile) => running || !tile.needsRun)
          .map((tile) => (
            <Press key={tile.text} icon={tile.icon} className="k-tall" onPress={() => open(tile.task)}>
              {tile.text}
            </Press>
          ))}
        {view?.run && view.run.status !== 'paused' ? (
          <Press
            icon={IconPlayerPause}
            className="k-tall"
            onPress={() => {
              void kiosk.enter('pause', runOf(view.run?.id), { thanks: t('kiosk.work.paused') });
              close();
            }}
          >
            {t('kiosk.finish.pause')}
          </Press>
        ) : null}
        <Press
          icon={IconLogout}
          className="k-tall"
          onPress={() => {
            if (view?.run) void kiosk.enter('leave', runOf(view.run.id));
            kiosk.signOff();
            close();
          }}
        >
          {t('kiosk.signOff')}
        </Press>
      </Choices>
    </Screen>
  );
}

/** Language, light or dark, machine, and how the tablet stands. */
export function SettingsScreen({ close, open }: TaskProps) {
  const { t, language } = useKioskTexts();
  const f = useKioskFormats();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { machine, state, durable, persisted, offset, device } = useSnapshot();
  const name = useName();
  const wrong = Math.abs(offset?.us ?? 0) / 1000 > clockWrongMs;
  return (
    <Screen title={t('kiosk.settings.title')} back={close}>
      {isSecureContext ? null : <Insecure />}
      {durable ? null : <p className="k-problem">{t('kiosk.settings.notDurable')}</p>}
      {wrong ? (
        <p className="k-note">{t('kiosk.settings.clock', { duration: f.duration(Math.abs(offset!.us) / 1000) })}</p>
      ) : null}
      <h2>{t('kiosk.settings.language')}</h2>
      <Choices>
        {kioskLanguages.map(({ code, name }) => (
          <Press key={code} pressed={code === language} onPress={() => setKioskLanguage(code)}>
            {name}
          </Press>
        ))}
      </Choices>
      <h2>{t('kiosk.settings.light')}</h2>
      <Choices>
        <Press icon={IconSun} pressed={colorScheme === 'light'} onPress={() => setColorScheme('light')}>
          {t('kiosk.settings.day')}
        </Press>
        <Press icon={IconMoon} pressed={colorScheme === 'dark'} onPress={() => setColorScheme('dark')}>
          {t('kiosk.settings.night')}
        </Press>
      </Choices>
      <h2>{t('kiosk.settings.machine')}</h2>
      <Press
        icon={IconBuildingFactory}
        onPress={() => open({ name: 'machine' })}
        sub={state ? name(state.machine.name) : machine}
      >
        {t('kiosk.settings.changeMachine')}
      </Press>
      <Press icon={IconLink} onPress={() => open({ name: 'pair' })} sub={device?.name}>
        {t(device ? 'kiosk.pair.again' : 'kiosk.signIn')}
      </Press>
      <p className="k-hint">{t(persisted ? 'kiosk.settings.kept' : 'kiosk.settings.notKept')}</p>
    </Screen>
  );
}

/** What waits to be sent, and what was refused and why. */
export function WaitingScreen({ close }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const { items, link } = useSnapshot();
  const waiting = items.filter((i) => i.status === 'waiting');
  return (
    <Screen
      title={t('kiosk.waiting.title', { n: waiting.length })}
      hint={t(
        link === 'ok' ? 'kiosk.waiting.sending' : link === 'signIn' ? 'kiosk.signInNeeded' : 'kiosk.waiting.hint',
      )}
      back={close}
    >
      {waiting.length === 0 ? <p className="k-empty">{t('kiosk.waiting.none')}</p> : null}
      <ul className="k-items">
        {waiting.map((item) => (
          <li key={item.entryId}>
            <span>
              {kindText(t, item.kind)}
              {detail(item) ? ` · ${detail(item)}` : ''}
            </span>
            <span>
              {item.person ?? ''} {f.time(item.clientTime / 1000)}
            </span>
          </li>
        ))}
      </ul>
    </Screen>
  );
}

const kinds = [
  ...(['start', 'productionStart', 'confirm', 'pause', 'resume', 'finish', 'join', 'leave', 'useLot', 'pack'] as const),
  ...([
    'call',
    'closeCall',
    'downtimeReason',
    'change',
    'handover',
    'readHandover',
    'doCheck',
    'reportSafety',
  ] as const),
  ...(['addKnowHow', 'knowHowHelped', 'inspection', 'printLabels'] as const),
];

export function kindText(t: ReturnType<typeof useKioskText>, kind: string): string {
  const known = kinds.find((k) => k === kind);
  return known ? t(`kiosk.kind.${known}`) : kind;
}

/** What is in an entry, in a few figures. */
export function detail({ kind, data }: OutboxItem): string {
  if (kind === 'confirm') return `${data.good ?? 0} / ${data.scrap ?? 0}`;
  const known = data.order ?? data.lot ?? data.quantity ?? data.text ?? '';
  return String(known).slice(0, 40);
}

/** Drawing and instruction in the revision of the order. */
export function DocumentsScreen({ close }: TaskProps) {
  const t = useKioskText();
  const view = useView();
  const documents = view?.documents ?? [];
  const [at, setAt] = useState(0);
  const { data } = useQuery({
    queryKey: ['kiosk', 'documents', documents.map((d) => d.id).join(',')],
    enabled: documents.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: () => api.documents({ ids: documents.map((d) => d.id).join(',') }),
  });
  const shown = documents[at];
  if (!shown)
    return (
      <Screen title={t('kiosk.action.documents')} hint={t('kiosk.documents.none')} back={close}>
        <IconFileText size={110} stroke={1} aria-hidden className="k-faint" />
      </Screen>
    );
  const info = data?.find((d) => d.id === shown.id);
  return (
    <Screen
      title={t(`kiosk.documents.${shown.kind}`)}
      hint={`${shown.of}${info ? ` · ${info.name}` : ''}`}
      back={close}
      className="k-viewer"
    >
      {documents.length > 1 ? (
        <div className="k-tabs">
          {documents.map((d, i) => (
            <Press key={d.id} pressed={i === at} onPress={() => setAt(i)}>
              {t(`kiosk.documents.${d.kind}`)} {i + 1}
            </Press>
          ))}
        </div>
      ) : null}
      <Sheet id={shown.id} pdf={info?.type.startsWith('application/pdf') ?? false} />
    </Screen>
  );
}

function Sheet({ id, pdf }: { id: string; pdf: boolean }) {
  const t = useKioskText();
  const [zoom, setZoom] = useState(false);
  const [broken, setBroken] = useState(false);
  const address = api.documentAddress({ id });
  if (pdf || broken)
    return (
      <>
        <iframe className="k-sheet" src={address} title={t('kiosk.documents.drawing')} />
        <a className="k-press k-plain" href={address} target="_blank" rel="noreferrer">
          {t('kiosk.documents.open')}
        </a>
      </>
    );
  return (
    <button type="button" className={zoom ? 'k-sheet k-zoom' : 'k-sheet'} onClick={() => setZoom(!zoom)}>
      <img src={address} alt={t('kiosk.documents.drawing')} onError={() => setBroken(true)} />
    </button>
  );
}

/** What an entry lacked, where one press adds it: the tool of a start, the reason of a count that is not the machine's. */
function fixesOf(item: OutboxItem, reasons: KioskState['correctionReasons']) {
  const { code, params } = item.refusal!;
  if (code === 'operations.toolNeeded' && item.kind === 'start')
    return String(params.tools ?? '')
      .split(', ')
      .map((tool) => ({ name: tool, data: { tool } }));
  if (code === 'operations.reasonNeeded' && item.kind === 'confirm')
    return reasons.map((reason) => ({ name: reason.name, data: { reason: reason.code } }));
  return [];
}

/** An entry was refused: said once, big and plain, in the person's language. */
export function RefusedCard({ item }: { item: OutboxItem }) {
  const { t, has } = useKioskTexts();
  const kiosk = useKiosk();
  const name = useName();
  const view = useView();
  const refusal = item.refusal!;
  const key = `kiosk.refused.${refusal.code.split('.').at(-1)}`;
  const own = has(key) ? t(key, refusal.params) : null;
  const fixes = fixesOf(item, view?.correctionReasons ?? []);
  const again = (data: Record<string, unknown>) => {
    void kiosk.forget(item.seq);
    void kiosk.enter(item.kind, { ...item.data, ...data }, { thanks: t('kiosk.thanks') });
  };
  // A start that only lacks its tool goes on with the scan of it.
  useScan(fixes.length > 0 && item.kind === 'start' ? (tool) => again({ tool }) : null);
  return (
    <div className="k-overlay" role="alertdialog" aria-label={t('kiosk.refused.title')}>
      <Screen
        title={own ?? refusal.message}
        hint={`${kindText(t, item.kind)}${detail(item) ? ` · ${detail(item)}` : ''}`}
        foot={
          <Press look="main" icon={IconCheck} onPress={() => kiosk.forget(item.seq)}>
            {t('kiosk.refused.read')}
          </Press>
        }
      >
        {own ? null : <p className="k-letter">{refusal.advice}</p>}
        {fixes.length > 0 ? (
          <Choices wide>
            {fixes.map((fix) => (
              <Press key={JSON.stringify(fix.data)} onPress={() => again(fix.data)}>
                {name(fix.name)}
              </Press>
            ))}
          </Choices>
        ) : (
          <p className="k-note">{t('kiosk.refused.kept')}</p>
        )}
        <p className="k-hint">{refusal.code}</p>
      </Screen>
    </div>
  );
}
