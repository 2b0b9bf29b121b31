import { IconCheck, IconPackage, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { recall, remember } from './device.ts';
import { useKioskFormats } from './format.ts';
import { shortCode } from './parts/short-code.ts';
import { runOf } from './screens-work.tsx';
import type { TaskProps } from './task.ts';
import { useKioskText } from './texts.ts';
import { Choices, NumberPad, Press, Screen } from './ui.tsx';
import { useKiosk, useScan, useSnapshot, useView } from './use-kiosk.ts';

/** Lots that went in; each scan is one more. */
export function MaterialScreen({ close, entry }: TaskProps & { entry: ReactNode }) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const view = useView();
  useScan((code) => {
    void kiosk.enter(
      'useLot',
      { ...runOf(view?.run?.id), lot: code },
      { thanks: t('kiosk.material.used', { lot: shortCode(code) }) },
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
