import type { CheckDue } from '@deungdae/contracts/maintenance.ts';
import {
  IconAlertTriangle,
  IconBolt,
  IconBuildingFactory,
  IconCheck,
  IconDots,
  IconDroplet,
  IconFlame,
  IconHandClick,
  IconPackage,
  IconPencil,
  IconRulerMeasure,
  IconStairs,
  IconTruck,
  IconUsers,
  IconX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import type { Photo } from './core.ts';
import { recall, remember } from './device.ts';
import { unitText, useKioskFormats } from './format.ts';
import type { TaskProps } from './task.ts';
import { useKioskText } from './texts.ts';
import { Choices, NumberPad, PhotoTaker, Press, Screen, Words } from './ui.tsx';
import { useKiosk, useName, useSnapshot, useView } from './use-kiosk.ts';

const fours = [
  { kind: 'man', icon: IconUsers },
  { kind: 'machine', icon: IconBuildingFactory },
  { kind: 'material', icon: IconPackage },
  { kind: 'method', icon: IconRulerMeasure },
] as const;

/** 4M change notice (4M 변경 신고): the usual changes are one press each; anything else is written. */
export function ChangeScreen({ close }: TaskProps) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const [kind, setKind] = useState<(typeof fours)[number]['kind'] | null>(null);
  const send = (what: (typeof fours)[number]['kind'], text: string) => {
    void kiosk.enter('change', { kind: what, text }, { thanks: t('kiosk.change.thanks') });
    close();
  };
  if (kind)
    return (
      <WriteScreen
        title={t(`kiosk.change.${kind}`)}
        hint={t('kiosk.change.what')}
        back={() => setKind(null)}
        send={(text) => send(kind, text)}
      />
    );
  return (
    <Screen title={t('kiosk.change.title')} hint={t('kiosk.change.hint')} back={close}>
      <div className="k-fours">
        {fours.map(({ kind: one, icon: Glyph }) => (
          <section key={one}>
            <h2>
              <Glyph size={28} aria-hidden /> {t(`kiosk.change.${one}`)}
            </h2>
            {([1, 2, 3] as const).map((n) => (
              <Press key={n} onPress={() => send(one, t(`kiosk.change.${one}${n}`))}>
                {t(`kiosk.change.${one}${n}`)}
              </Press>
            ))}
            <Press look="quiet" icon={IconPencil} onPress={() => setKind(one)}>
              {t('kiosk.write')}
            </Press>
          </section>
        ))}
      </div>
    </Screen>
  );
}

function WriteScreen({
  title,
  hint,
  back,
  send,
  children,
}: {
  title: string;
  hint: string;
  back: () => void;
  send: (text: string) => void;
  children?: ReactNode;
}) {
  const t = useKioskText();
  const [text, setText] = useState('');
  return (
    <Screen
      title={title}
      hint={hint}
      back={back}
      foot={
        <Press look="main" icon={IconCheck} disabled={text.trim() === ''} onPress={() => send(text.trim())}>
          {t('kiosk.send')}
        </Press>
      }
    >
      {children}
      <Words value={text} onChange={setText} label={t('kiosk.words')} />
    </Screen>
  );
}

/** What the next shift should know: the usual things are one press, the rest is written. */
export function HandoverScreen({ close }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const view = useView();
  const send = (text: string) => {
    void kiosk.enter('handover', { text }, { thanks: t('kiosk.handover.thanks') });
    close();
  };
  const phrases = [t('kiosk.phrase.normal'), t('kiosk.phrase.watch'), t('kiosk.phrase.materialLow')];
  return (
    <WriteScreen title={t('kiosk.handover.write')} hint={t('kiosk.handover.hint')} back={close} send={send}>
      <Choices wide>
        {phrases.map((phrase) => (
          <Press key={phrase} onPress={() => send(phrase)}>
            {phrase}
          </Press>
        ))}
      </Choices>
      {view?.handover ? (
        <p className="k-note">
          {t('kiosk.handover.last', { name: view.handover.by, time: f.time(view.handover.at / 1000) })}:{' '}
          {view.handover.text}
        </p>
      ) : null}
    </WriteScreen>
  );
}

const hazards = [
  { id: 'slip', icon: IconStairs },
  { id: 'pinch', icon: IconHandClick },
  { id: 'fall', icon: IconPackage },
  { id: 'hit', icon: IconTruck },
  { id: 'burn', icon: IconFlame },
  { id: 'shock', icon: IconBolt },
  { id: 'chemical', icon: IconDroplet },
  { id: 'other', icon: IconDots },
] as const;

/** Near miss (아차사고) in half a minute: what nearly happened, a picture, send. */
export function NearMissScreen({ close }: TaskProps) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const name = useName();
  const view = useView();
  const { offset } = useSnapshot();
  const [hazard, setHazard] = useState<(typeof hazards)[number]['id'] | null>(null);
  const [text, setText] = useState('');
  const [photos, setPhotos] = useState<Photo[]>([]);
  if (!hazard)
    return (
      <Screen title={t('kiosk.nearMiss.title')} hint={t('kiosk.nearMiss.hint')} back={close}>
        <Choices fill>
          {hazards.map((h) => (
            <Press key={h.id} icon={h.icon} className="k-tall" onPress={() => setHazard(h.id)}>
              {t(`kiosk.hazard.${h.id}`)}
            </Press>
          ))}
        </Choices>
      </Screen>
    );
  const send = () => {
    const what = t(`kiosk.hazard.${hazard}`);
    const body = {
      ...{
        kind: 'nearMiss',
        place: view ? name(view.machine.name) : '',
        text: [what, text.trim()].filter(Boolean).join(': '),
      },
      ...{ time: Math.round(Date.now() * 1000 + (offset?.us ?? 0)), documents: photos.map((p) => `@file:${p.id}`) },
      ...(kiosk.badgeCode ? { badge: kiosk.badgeCode } : {}),
    };
    void kiosk.enter('reportSafety', { body }, { via: 'route', photos, thanks: t('kiosk.nearMiss.thanks') });
    close();
  };
  return (
    <Screen
      title={t(`kiosk.hazard.${hazard}`)}
      hint={t('kiosk.nearMiss.more')}
      back={() => setHazard(null)}
      foot={
        <Press look="main" icon={IconCheck} onPress={send}>
          {t('kiosk.send')}
        </Press>
      }
    >
      <Words value={text} onChange={setText} label={t('kiosk.words')} />
      <PhotoTaker photos={photos} onChange={setPhotos} />
    </Screen>
  );
}

interface CheckAnswer {
  item: string;
  ok: boolean;
  value: number | null;
  document: string | null;
}

/** The check sheet of this machine (설비점검), one item a screen. */
export function CheckScreen({ close }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const view = useView();
  const { link } = useSnapshot();
  const machine = view?.machine.equipment ?? '';
  const [sheet, setSheet] = useState<CheckDue | null>(null);
  const { data, isPending } = useQuery({
    queryKey: ['kiosk', 'checks', machine],
    retry: false,
    staleTime: 5_000,
    queryFn: async () => {
      const due = await api.checksDue({ kind: 'machine', subject: machine });
      remember('checks', { machine, due });
      return due;
    },
  });
  const kept = recall<{ machine: string; due: CheckDue[] }>('checks');
  const due = data ?? (kept?.machine === machine ? kept.due : []);
  if (sheet) return <CheckItems sheet={sheet} back={() => setSheet(null)} close={close} />;
  return (
    <Screen title={t('kiosk.check.title')} hint={t('kiosk.check.hint')} back={close}>
      {due.length === 0 ? (
        <p className="k-empty">{t(isPending && link === 'ok' ? 'kiosk.loading' : 'kiosk.check.none')}</p>
      ) : null}
      <Choices wide>
        {due.map((one) => (
          <Press
            key={one.sheet.code}
            onPress={() => setSheet(one)}
            sub={one.overdue ? t('kiosk.order.late') : t('kiosk.check.until', { time: f.time(one.dueAt / 1000) })}
          >
            {one.sheet.name}
          </Press>
        ))}
      </Choices>
    </Screen>
  );
}

function CheckItems({ sheet, back, close }: { sheet: CheckDue; back: () => void; close: () => void }) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const name = useName();
  const { offset } = useSnapshot();
  const [answers, setAnswers] = useState<readonly CheckAnswer[]>([]);
  const [photos, setPhotos] = useState<Photo[]>([]);
  const [typed, setTyped] = useState('');
  const { items } = sheet.sheet;
  const item = items[answers.length];
  const answer = (ok: boolean, value: number | null) => {
    const photo = photos.at(answers.filter((a) => a.document).length);
    const next = [...answers, { item: item!.id, ok, value, document: photo ? `@file:${photo.id}` : null }];
    setTyped('');
    setAnswers(next);
    if (next.length < items.length) return;
    const body = {
      ...{ sheet: sheet.sheet.code, subject: sheet.subject, results: next },
      time: Math.round(Date.now() * 1000 + (offset?.us ?? 0)),
      ...(kiosk.badgeCode ? { badge: kiosk.badgeCode } : {}),
    };
    const thanks = next.every((a) => a.ok) ? t('kiosk.check.thanks') : t('kiosk.check.thanksFailed');
    void kiosk.enter('doCheck', { body }, { via: 'route', photos, thanks });
    const kept = recall<{ machine: string; due: CheckDue[] }>('checks');
    if (kept) remember('checks', { ...kept, due: kept.due.filter((d) => d.sheet.code !== sheet.sheet.code) });
    close();
  };
  if (!item) return null;
  const { lower, upper } = item;
  const value = Number(typed);
  const inside = (lower === undefined || value >= lower) && (upper === undefined || value <= upper);
  const limits = [lower === undefined ? '' : f.number(lower), upper === undefined ? '' : f.number(upper)].join(' – ');
  return (
    <Screen
      title={name({ ko: item.text, en: item.names?.en ?? item.text, ...item.names })}
      hint={`${sheet.sheet.name} · ${answers.length + 1} / ${items.length}`}
      back={answers.length === 0 ? back : () => setAnswers(answers.slice(0, -1))}
      foot={
        item.kind === 'ok' ? (
          <>
            <Press look="bad" icon={IconX} onPress={() => answer(false, null)}>
              {t('kiosk.check.bad')}
            </Press>
            <Press look="good" icon={IconCheck} onPress={() => answer(true, null)}>
              {t('kiosk.check.good')}
            </Press>
          </>
        ) : (
          <Press
            look={typed === '' || inside ? 'main' : 'bad'}
            icon={typed === '' || inside ? IconCheck : IconAlertTriangle}
            disabled={typed === ''}
            onPress={() => answer(inside, value)}
          >
            {t('kiosk.inspection.next')}
          </Press>
        )
      }
    >
      {item.kind === 'value' ? (
        <div className="k-split">
          <div>
            <p className={typed !== '' && !inside ? 'k-big k-entry k-red' : 'k-big k-entry'}>
              <strong>{typed || '–'}</strong> <span>{unitText(item.unit)}</span>
            </p>
            <p className="k-hint">{lower === undefined && upper === undefined ? '' : limits}</p>
          </div>
          <NumberPad value={typed} onChange={setTyped} sign />
        </div>
      ) : null}
      {item.picture ? <PhotoTaker photos={photos} onChange={setPhotos} /> : null}
    </Screen>
  );
}
