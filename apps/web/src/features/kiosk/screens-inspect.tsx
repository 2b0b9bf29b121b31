import type { Inspection } from '@deungdae/contracts/inspection.ts';
import { IconAlertTriangle, IconCheck, IconClock, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { queryClient } from '../../api/queries.ts';
import { unitText, useKioskFormats } from './format.ts';
import { type Entered, gaugeValue, judge, nextQuestion, pointerShare } from './parts/measure.ts';
import { useKioskText } from './texts.ts';
import { NumberPad, Press, Screen } from './ui.tsx';
import { useKiosk, useName, useScan } from './use-kiosk.ts';

type Characteristic = Inspection['characteristics'][number];

/** One characteristic at a time: a number against its tolerance, or good and not good. */
export function InspectionScreen({
  inspection,
  later,
  close,
}: {
  inspection: Inspection;
  /** Puts it off; not offered where it is left out. */
  later?: (() => void) | undefined;
  close: () => void;
}) {
  const t = useKioskText();
  const kiosk = useKiosk();
  const name = useName();
  const [entered, setEntered] = useState<readonly Entered[]>([]);
  const [typed, setTyped] = useState('');
  const [sure, setSure] = useState(false);
  const question = nextQuestion(inspection, entered);
  const take = (value: number | null, pass: boolean) => {
    if (!question) return;
    setEntered([...entered, { characteristic: question.characteristic.id, sample: question.sample, value, pass }]);
    setTyped('');
    setSure(false);
  };
  // A gauge that types gives its value as a scanner gives a code.
  useScan((code) => {
    const value = kiosk.knows(code) ? null : gaugeValue(code);
    // A badge is no measured value: the screen is its holder's then.
    if (value === null) void kiosk.badge(code);
    else if (question?.characteristic.kind === 'variable') setTyped(String(value));
  });
  const send = () => {
    const results = entered.map((e) => ({
      ...{ characteristic: e.characteristic, sample: e.sample, pass: e.pass },
      ...(e.value === null ? {} : { value: e.value }),
    }));
    const good = entered.every((e) => e.pass);
    void kiosk.enter(
      'inspection',
      { inspection: inspection.id, results, finish: true, confirmed: true },
      { thanks: t(good ? 'kiosk.inspection.passed' : 'kiosk.inspection.failed') },
    );
    // The last piece is asked of the server, which does not know yet that it is done.
    if (inspection.stage === 'last') queryClient.setQueryData(['kiosk', 'last', inspection.run], []);
    close();
  };
  const title = t(`kiosk.stage.${inspection.stage}`);
  if (!question) return <Summary {...{ inspection, entered, title, send, redo: () => setEntered([]) }} />;
  const { characteristic, sample, index, total } = question;
  const hint = `${inspection.planName} · ${t('kiosk.inspection.of', { n: index, total })}`;
  const verdict = typed === '' ? null : judge(characteristic, Number(typed));
  return (
    <Screen
      title={title}
      hint={hint}
      back={later ?? undefined}
      foot={
        characteristic.kind === 'attribute' ? (
          <>
            <Press look="bad" icon={IconX} onPress={() => take(null, false)}>
              {t('kiosk.inspection.notOk')}
            </Press>
            <Press look="good" icon={IconCheck} onPress={() => take(null, true)}>
              {t('kiosk.inspection.ok')}
            </Press>
          </>
        ) : (
          <>
            {later ? (
              <Press look="quiet" icon={IconClock} onPress={later}>
                {t('kiosk.later')}
              </Press>
            ) : null}
            <Press
              look="main"
              icon={verdict === 'far' && !sure ? IconAlertTriangle : IconCheck}
              disabled={verdict === null}
              onPress={() => (verdict === 'far' && !sure ? setSure(true) : take(Number(typed), verdict === 'in'))}
            >
              {verdict === 'far' && sure ? t('kiosk.inspection.reallySo') : t('kiosk.inspection.next')}
            </Press>
          </>
        )
      }
    >
      <div className="k-split">
        <div>
          <h2 className="k-asked">
            {characteristic.critical ? <span title={t('kiosk.inspection.critical')}>◎ </span> : null}
            {characteristicName(characteristic, name)}
            {characteristic.required > 1 ? ` · ${t('kiosk.inspection.sample', { n: sample })}` : ''}
          </h2>
          {characteristic.method ? <p className="k-hint">{characteristic.method}</p> : null}
          {characteristic.kind === 'variable' ? (
            <>
              <p className={`k-big k-entry ${verdict === 'out' || verdict === 'far' ? 'k-red' : ''}`}>
                <strong>{typed || '–'}</strong> <span>{unitText(characteristic.unit)}</span>
              </p>
              <Tolerance characteristic={characteristic} value={typed === '' ? null : Number(typed)} />
              {verdict === 'far' ? (
                <p className="k-problem" role="alert">
                  {t('kiosk.inspection.far')}
                </p>
              ) : null}
              {verdict === 'out' ? (
                <p className="k-problem" role="alert">
                  {t('kiosk.inspection.out')}
                </p>
              ) : null}
            </>
          ) : null}
        </div>
        {characteristic.kind === 'variable' ? <NumberPad value={typed} onChange={setTyped} sign /> : null}
      </div>
    </Screen>
  );
}

function characteristicName(c: Characteristic, name: ReturnType<typeof useName>): string {
  return name({ ko: c.name, en: c.names?.en ?? c.name, ...c.names });
}

/** Where the value lies between its limits. */
function Tolerance({ characteristic, value }: { characteristic: Characteristic; value: number | null }) {
  const f = useKioskFormats();
  const { lower, upper, nominal } = characteristic;
  if (lower === undefined && upper === undefined) return null;
  const at = value === null ? null : pointerShare(characteristic, value);
  return (
    <div className="k-tolerance" aria-hidden>
      <div className="k-band">{at === null ? null : <i style={{ left: `${at * 100}%` }} />}</div>
      <div className="k-limits">
        <span>{lower === undefined ? '' : f.number(lower)}</span>
        <span>{nominal === undefined ? '' : f.number(nominal)}</span>
        <span>{upper === undefined ? '' : f.number(upper)}</span>
      </div>
    </div>
  );
}

function Summary({
  inspection,
  entered,
  title,
  send,
  redo,
}: {
  inspection: Inspection;
  entered: readonly Entered[];
  title: string;
  send: () => void;
  redo: () => void;
}) {
  const t = useKioskText();
  const f = useKioskFormats();
  const name = useName();
  const good = entered.every((e) => e.pass);
  return (
    <Screen
      title={title}
      hint={inspection.planName}
      foot={
        <>
          <Press onPress={redo}>{t('kiosk.inspection.redo')}</Press>
          <Press look="main" icon={IconCheck} onPress={send}>
            {t('kiosk.inspection.send')}
          </Press>
        </>
      }
    >
      <p className={good ? 'k-verdict k-ok' : 'k-verdict k-ng'} role="status">
        {good ? <IconCheck size={54} aria-hidden /> : <IconX size={54} aria-hidden />}
        {t(good ? 'kiosk.inspection.allIn' : 'kiosk.inspection.someOut')}
      </p>
      <ul className="k-items">
        {entered.map((e) => {
          const c = inspection.characteristics.find((x) => x.id === e.characteristic)!;
          return (
            <li key={`${e.characteristic}-${e.sample}`} className={e.pass ? '' : 'k-red'}>
              <span>
                {characteristicName(c, name)}
                {c.required > 1 ? ` ${e.sample}` : ''}
              </span>
              <strong>
                {e.value === null ? (e.pass ? 'OK' : 'NG') : `${f.number(e.value)} ${unitText(c.unit)}`}
                {e.pass || e.value === null ? '' : ' ✕'}
              </strong>
            </li>
          );
        })}
      </ul>
    </Screen>
  );
}
