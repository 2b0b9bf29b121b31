import { useText } from '../i18n/i18n.ts';

const steps = ['written', 'reviewed', 'approved'] as const;

/** The three boxes (결재란) that are signed by hand on paper; only printed. */
export function ApprovalBox() {
  const t = useText();
  return (
    <table className="approval-box" aria-hidden>
      <tbody>
        <tr>
          {steps.map((step) => (
            <th key={step}>{t(`production.sign.${step}`)}</th>
          ))}
        </tr>
        <tr>
          {steps.map((step) => (
            <td key={step} />
          ))}
        </tr>
      </tbody>
    </table>
  );
}
