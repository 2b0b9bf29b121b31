import { useText } from '../../i18n/i18n.ts';

const likelihoods = [5, 4, 3, 2, 1] as const;
const severities = [1, 2, 3, 4] as const;

/** Bounds of the 5×4 matrix: up to 6 may stay, 8 to 12 wants measures, from 15 work stops until it is lowered. */
export function riskGrade(risk: number): 'small' | 'middle' | 'large' {
  return risk >= 15 ? 'large' : risk >= 8 ? 'middle' : 'small';
}

export function Risk({ likelihood, severity }: { likelihood: number; severity: number }) {
  const t = useText();
  const risk = likelihood * severity;
  const grade = riskGrade(risk);
  return (
    <span className={`risk ${grade}`} title={t('people.riskOf', { likelihood, severity })}>
      {risk} {t(`people.risk.${grade}`)}
    </span>
  );
}

/** Likelihood by severity, chosen with one touch. */
export function RiskMatrix({
  label,
  value,
  change,
}: {
  label: string;
  value: { likelihood: number; severity: number } | null;
  change: (value: { likelihood: number; severity: number }) => void;
}) {
  const t = useText();
  return (
    <table className="risk-matrix" aria-label={label}>
      <thead>
        <tr>
          <th>{t('people.likelihoodSeverity')}</th>
          {severities.map((severity) => (
            <th key={severity}>{t(`people.severity.${severity}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {likelihoods.map((likelihood) => (
          <tr key={likelihood}>
            <th>{t(`people.likelihood.${likelihood}`)}</th>
            {severities.map((severity) => (
              <td key={severity}>
                <button
                  type="button"
                  className={riskGrade(likelihood * severity)}
                  aria-pressed={value?.likelihood === likelihood && value.severity === severity}
                  aria-label={t('people.riskOf', { likelihood, severity })}
                  onClick={() => change({ likelihood, severity })}
                >
                  {likelihood * severity}
                </button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
