import type { OeeReport } from '@deungdae/contracts/api-entities.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { type Step, timeSteps } from './time-steps.ts';

const fills: Partial<Record<Step['key'], string>> = {
  adet: 'var(--unplannedStop)',
  asut: 'var(--setup)',
  good: 'var(--running)',
};

/** Where the time went, from the calendar down to the good pieces; every bar has its name, length and share. */
export function Waterfall({ report }: { report: OeeReport }) {
  const t = useText();
  const f = useFormats();
  const steps = timeSteps(report);
  const whole = Math.max(1, ...steps.map((s) => s.to));
  const base = report.time.pbtMs;
  return (
    <table className="waterfall">
      <caption className="hidden-text">{t('oee.waterfall')}</caption>
      <tbody>
        {steps.map((step) => (
          <tr key={step.key} className={`step-${step.kind}`}>
            <th scope="row">{t(`step.${step.key}`)}</th>
            <td className="waterfall-track">
              <span
                className={step.kind === 'loss' ? `loss-bar loss-${step.key}` : 'level-bar'}
                style={{
                  left: `${(step.from / whole) * 100}%`,
                  width: `${((step.to - step.from) / whole) * 100}%`,
                  ...(fills[step.key] ? { background: fills[step.key] } : {}),
                }}
              />
            </td>
            <td className="num">
              {step.kind === 'loss' ? (step.ms > 0 ? '−' : '+') : ''}
              {f.duration(Math.abs(step.ms))}
            </td>
            <td className="num muted">{base > 0 ? `${f.percent(Math.abs(step.ms) / base)} %` : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
