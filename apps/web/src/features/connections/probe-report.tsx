import type { RouteOutput } from '@deungdae/contracts/api.ts';
import { IconCircleCheck } from '@tabler/icons-react';
import { ApiFailure } from '../../api/http.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';

/** What a test found: the device as it names itself, or what stood in the way. */
export function ProbeReport({ result }: { result: RouteOutput<'testConnection'> }) {
  const t = useText();
  const f = useFormats();
  if (!result.ok) return <ErrorBox error={result.error ? new ApiFailure(200, result.error) : null} />;
  return (
    <section className="probe-ok" role="status">
      <IconCircleCheck size={20} aria-hidden />
      <div>
        <strong>{t('connections.testOk', { ms: f.number(result.roundTripMs, 0) })}</strong>
        {result.device ? <p>{result.device}</p> : null}
        {result.signals.length > 0 ? (
          <ul className="small">
            {result.signals.slice(0, 20).map((signal) => (
              <li key={signal.path}>
                {signal.path}: {signal.value ?? signal.error}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </section>
  );
}
