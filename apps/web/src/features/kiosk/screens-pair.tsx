import { IconAlertTriangle, IconCheck, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { codeOfPairing } from './parts/pairing.ts';
import { CodeEntry } from './screens-begin.tsx';
import { useKioskText } from './texts.ts';
import { NumberPad, Press, Screen } from './ui.tsx';
import { useKiosk, useScan, useSnapshot } from './use-kiosk.ts';

/** The tablet is let in once, by a code that the office shows: no person's sign-in stays on it. */
export function PairScreen({ done }: { done?: () => void }) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const { device } = useSnapshot();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const pair = async (code: string) => {
    setBusy(true);
    const outcome = await kiosk.pair(code);
    setBusy(false);
    setTyped('');
    setProblem(outcome);
    if (outcome === null) done?.();
  };
  useScan((scan) => {
    const code = codeOfPairing(scan);
    if (code) void pair(code);
    else setProblem(t('kiosk.pair.noCode'));
  });
  return (
    <Screen
      title={t('kiosk.pair.title')}
      hint={device ? t('kiosk.pair.as', { name: device.name }) : t('kiosk.pair.hint')}
      back={done}
      foot={
        <Press look="main" icon={IconCheck} disabled={typed.length !== 8 || busy} onPress={() => void pair(typed)}>
          {t('kiosk.pair.send')}
        </Press>
      }
    >
      {problem ? (
        <p className="k-problem" role="alert">
          <IconAlertTriangle size={34} aria-hidden />
          {problem}
        </p>
      ) : null}
      <div className="k-split">
        <div>
          <p className="k-label">{t('kiosk.pair.label')}</p>
          <p className="k-big k-entry">
            <strong>{typed === '' ? '––––' : `${typed.slice(0, 4)} ${typed.slice(4)}`}</strong>
          </p>
          <CodeEntry label={t('kiosk.pair.label')} />
          <a className="k-press k-plain" href={`/sign-in?next=${encodeURIComponent('/kiosk')}`}>
            <IconLink size={26} aria-hidden /> {t('kiosk.pair.account')}
          </a>
        </div>
        <NumberPad value={typed} onChange={(value) => setTyped(value.slice(0, 8))} decimals={false} />
      </div>
    </Screen>
  );
}
