import type { PlantProblem } from '@deungdae/contracts/api-entities.ts';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';

/** What is wrong, where, and the nearest right name; pressing one goes there. */
export function ProblemList({
  problems,
  checking,
  changed,
  error,
  goTo,
}: {
  problems: readonly PlantProblem[];
  checking: boolean;
  changed: boolean;
  error: unknown;
  goTo: (problem: PlantProblem) => void;
}) {
  const t = useText();
  return (
    <section className="problems" aria-label={t('plant.problems')} aria-live="polite">
      {error ? <ErrorBox error={error} /> : null}
      {problems.length === 0 ? (
        <p className="row small">
          <IconCircleCheck size={16} aria-hidden />
          {checking ? t('plant.checking') : changed ? t('plant.good') : t('plant.running')}
        </p>
      ) : (
        <>
          <p className="row small problem-count">
            <IconAlertTriangle size={16} aria-hidden />
            {t('plant.problemCount', { n: problems.length })}
          </p>
          <ol>
            {problems.map((problem) => (
              <li key={`${problem.line}:${problem.column}:${problem.code}:${problem.path}`}>
                <button type="button" onClick={() => goTo(problem)}>
                  <span className="problem-place">
                    {problem.line}:{problem.column}
                  </span>
                  <span>
                    <strong>{problem.message}</strong> {problem.advice}
                    {problem.suggestion ? (
                      <span className="suggestion">{t('plant.didYouMean', { name: problem.suggestion })}</span>
                    ) : null}
                  </span>
                  <code>{problem.code}</code>
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
