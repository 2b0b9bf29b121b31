import {
  IconBulb,
  IconCheck,
  IconClock,
  IconHandStop,
  IconPackages,
  IconPencilPlus,
  IconShieldCheck,
  IconThumbDown,
  IconThumbUp,
  IconTool,
  IconUserStar,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import type { Photo } from './core.ts';
import { recall, remember } from './device.ts';
import { useKioskFormats } from './format.ts';
import { recentFirst } from './parts/draft.ts';
import type { TaskProps, Trouble } from './task.ts';
import { useKioskText, useKioskTexts } from './texts.ts';
import { Choices, PhotoTaker, Press, Screen, Words } from './ui.tsx';
import { useKiosk, useName, useSnapshot, useView } from './use-kiosk.ts';

/** Why did the machine stop? Groups, then reasons; what was chosen last comes first, so one press is mostly enough. */
export function StopScreen({ close, open, later }: TaskProps & { later?: () => void }) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const name = useName();
  const view = useView();
  const [group, setGroup] = useState<string | null>(null);
  if (!view) return null;
  const stop = view.openStop;
  if (!stop)
    return (
      <Screen title={t('kiosk.stop.none')} hint={t('kiosk.stop.noneHint')} back={close}>
        <IconHandStop size={110} stroke={1} aria-hidden className="k-faint" />
      </Screen>
    );
  const groups = view.downtimeReasons.filter((r) => r.parent === null);
  const leaves = view.downtimeReasons.filter((r) => r.parent !== null);
  const used = recall<string[]>('recent') ?? [];
  const recent = recentFirst(leaves, used)
    .filter((r) => used.includes(r.code))
    .slice(0, 4);
  const shown = group ? leaves.filter((r) => r.parent === group) : groups;
  const give = (reason: (typeof leaves)[number]) => {
    remember('recent', [reason.code, ...used.filter((c) => c !== reason.code)].slice(0, 12));
    void kiosk.enter('downtimeReason', { stop: stop.id, reason: reason.code }, { thanks: t('kiosk.stop.thanks') });
    open({ name: 'offers', about: { downtimeReason: reason.code, words: name(reason.name) } });
  };
  const began = t('kiosk.stop.since', {
    time: f.time(stop.from / 1000),
    duration: f.duration((stop.to === null ? kiosk.now() : stop.to / 1000) - stop.from / 1000),
  });
  return (
    <Screen
      title={t(stop.to === null ? 'kiosk.stop.title' : 'kiosk.stop.titleOver')}
      hint={began}
      back={group ? () => setGroup(null) : (later ?? close)}
      foot={
        later && !group ? (
          <Press look="quiet" icon={IconClock} onPress={later}>
            {t('kiosk.later')}
          </Press>
        ) : undefined
      }
    >
      {!group && recent.length > 0 ? (
        <>
          <h2>{t('kiosk.stop.recent')}</h2>
          <Choices wide>
            {recent.map((r) => (
              <Press key={r.code} onPress={() => give(r)}>
                {name(r.name)}
              </Press>
            ))}
          </Choices>
          <h2>{t('kiosk.stop.all')}</h2>
        </>
      ) : null}
      <Choices>
        {shown.map((r) => (
          <Press
            key={r.code}
            onPress={() => (group || !leaves.some((l) => l.parent === r.code) ? give(r) : setGroup(r.code))}
            sub={group ? undefined : String(leaves.filter((l) => l.parent === r.code).length || '')}
          >
            {r.picture ? <img src={api.documentAddress({ id: r.picture })} alt="" /> : null}
            {name(r.name)}
          </Press>
        ))}
      </Choices>
    </Screen>
  );
}

/** What somebody knew about the same trouble. Leaves by itself when nobody did. */
export function OffersScreen({ about, close, open }: TaskProps & { about: Trouble }) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const view = useView();
  const { link } = useSnapshot();
  const [at, setAt] = useState(0);
  const { data, isPending } = useQuery({
    queryKey: ['kiosk', 'offers', about, view?.machine.equipment],
    enabled: link === 'ok',
    retry: false,
    queryFn: () =>
      api.knowHowOffers({
        machine: view!.machine.equipment,
        ...(view!.run ? { item: view!.run.item } : {}),
        ...(view!.run?.tool ? { tool: view!.run.tool } : {}),
        ...(about.defect ? { defect: about.defect } : {}),
        ...(about.downtimeReason ? { downtimeReason: about.downtimeReason } : {}),
        text: about.words,
      }),
  });
  const card = data?.[at]?.card;
  const judge = (helped: boolean) => {
    const body = { helped, run: view?.run?.id || null };
    void kiosk.enter('knowHowHelped', { params: { id: card!.id }, body }, { via: 'route', thanks: t('kiosk.thanks') });
    if (helped || !data || at + 1 >= data.length) close();
    else setAt(at + 1);
  };
  if (link === 'ok' && isPending) return <Screen title={about.words} back={close} hint={t('kiosk.loading')} />;
  if (!card)
    return (
      <Screen
        title={about.words}
        hint={t('kiosk.offers.none')}
        back={close}
        foot={
          <>
            <Press icon={IconPencilPlus} onPress={() => open({ name: 'knowHow', about })}>
              {t('kiosk.offers.write')}
            </Press>
            <Press look="main" icon={IconCheck} onPress={close}>
              {t('kiosk.ok')}
            </Press>
          </>
        }
      >
        <IconBulb size={110} stroke={1} aria-hidden className="k-faint" />
      </Screen>
    );
  return (
    <Screen
      title={card.symptom}
      hint={t('kiosk.offers.by', { name: card.author.name, n: card.helped })}
      back={close}
      foot={
        <>
          <Press icon={IconThumbDown} onPress={() => judge(false)}>
            {t('kiosk.offers.notHelped')}
          </Press>
          <Press look="good" icon={IconThumbUp} onPress={() => judge(true)}>
            {t('kiosk.offers.helped')}
          </Press>
        </>
      }
    >
      {card.cause ? (
        <>
          <h2>{t('kiosk.knowHow.cause')}</h2>
          <p className="k-letter">{card.cause}</p>
        </>
      ) : null}
      <h2>{t('kiosk.offers.action')}</h2>
      <p className="k-letter">{card.action}</p>
      {card.conditions ? <p className="k-hint">{card.conditions}</p> : null}
      <div className="k-photos">
        {card.documents.map((id) => (
          <img key={id} className="k-shot" src={api.documentAddress({ id })} alt="" />
        ))}
      </div>
    </Screen>
  );
}

/** A know-how card in under a minute: what was seen, what helped, a picture. */
export function KnowHowScreen({ about, close }: TaskProps & { about: Trouble }) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const view = useView();
  const { language } = useKioskTexts();
  const [symptom, setSymptom] = useState(about.words);
  const [action, setAction] = useState('');
  const [photos, setPhotos] = useState<Photo[]>([]);
  const ready = symptom.trim().length > 1 && action.trim().length > 1;
  const send = () => {
    const links = {
      ...{ machines: view ? [view.machine.equipment] : [], items: view?.run?.item ? [view.run.item] : [] },
      ...{ defects: about.defect ? [about.defect] : [], tools: view?.run?.tool ? [view.run.tool] : [] },
      downtimeReasons: about.downtimeReason ? [about.downtimeReason] : [],
    };
    const body = {
      ...{ symptom, action, language, links, documents: photos.map((p) => `@file:${p.id}`) },
      ...(kiosk.badgeCode ? { badge: kiosk.badgeCode } : {}),
    };
    void kiosk.enter('addKnowHow', { body }, { via: 'route', photos, thanks: t('kiosk.knowHow.thanks') });
    close();
  };
  return (
    <Screen
      title={t('kiosk.knowHow.title')}
      hint={t('kiosk.knowHow.hint')}
      back={close}
      foot={
        <Press look="main" icon={IconCheck} disabled={!ready} onPress={send}>
          {t('kiosk.send')}
        </Press>
      }
    >
      <h2>{t('kiosk.knowHow.symptom')}</h2>
      <Words value={symptom} onChange={setSymptom} label={t('kiosk.knowHow.symptomHint')} />
      <h2>{t('kiosk.knowHow.action')}</h2>
      <Words
        value={action}
        onChange={setAction}
        label={t('kiosk.knowHow.actionHint')}
        phrases={[t('kiosk.phrase.cleaned'), t('kiosk.phrase.adjusted'), t('kiosk.phrase.exchanged')]}
      />
      <PhotoTaker photos={photos} onChange={setPhotos} />
    </Screen>
  );
}

const calls = [
  { kind: 'maintenance', icon: IconTool },
  { kind: 'material', icon: IconPackages },
  { kind: 'quality', icon: IconShieldCheck },
  { kind: 'supervisor', icon: IconUserStar },
] as const;

/** Somebody comes, or material does: one press. */
export function CallScreen({ close }: TaskProps) {
  const t = useKioskText();
  const f = useKioskFormats();
  const kiosk = useKiosk();
  const view = useView();
  if (!view) return null;
  return (
    <Screen title={t('kiosk.call.title')} hint={t('kiosk.call.hint')} back={close}>
      <Choices fill>
        {calls.map(({ kind, icon }) => {
          const open = view.calls.find((c) => c.kind === kind);
          return (
            <Press
              key={kind}
              icon={icon}
              className="k-tall"
              disabled={open !== undefined}
              onPress={() => {
                void kiosk.enter('call', { kind }, { thanks: t('kiosk.call.thanks') });
                close();
              }}
              sub={open ? t('kiosk.call.already', { time: f.time(open.raisedAt / 1000) }) : undefined}
            >
              {t(`kiosk.call.${kind}`)}
            </Press>
          );
        })}
      </Choices>
      {view.calls.length > 0 ? <h2>{t('kiosk.call.open')}</h2> : null}
      {view.calls.map((call) => (
        <div key={call.id} className="k-line">
          <span>
            {t(`kiosk.call.${call.kind}`)} · {f.time(call.raisedAt / 1000)}
            {call.acknowledgedBy ? ` · ${t('kiosk.call.comes', { name: call.acknowledgedBy })}` : ''}
          </span>
          {call.id.startsWith('waiting:') ? null : (
            <Press
              icon={IconCheck}
              onPress={() => kiosk.enter('closeCall', { call: call.id }, { thanks: t('kiosk.thanks') })}
            >
              {t('kiosk.call.over')}
            </Press>
          )}
        </div>
      ))}
    </Screen>
  );
}
