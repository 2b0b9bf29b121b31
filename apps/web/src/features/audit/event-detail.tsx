import { useText } from '../../i18n/i18n.ts';
import { factsOf } from './event-words.ts';
import type { AuditEvent, EventWords } from './use-event-words.ts';

/** Lines of a list that are shown; the whole is in what is stored. */
const listed = 20;

/** All that an event says, a line a field, and folded away what is stored. */
export function EventDetail({ event, words }: { event: AuditEvent; words: EventWords }) {
  const t = useText();
  const facts = factsOf(event.data);
  const isChange = facts.some((fact) => 'before' in fact);
  return (
    <div className="audit-detail">
      {facts.length === 0 ? <p className="muted">{t('audit.nothing')}</p> : null}
      {facts.length > 0 ? (
        <dl className={isChange ? 'audit-facts change' : 'audit-facts'}>
          {isChange ? (
            <div className="muted">
              <dt>{t('audit.field')}</dt>
              <dd>{t('audit.before')}</dd>
              <dd>{t('audit.after')}</dd>
            </div>
          ) : null}
          {facts.map((fact) => (
            <div key={fact.key}>
              <dt>{words.field(fact.key)}</dt>
              {isChange ? <dd>{'before' in fact ? words.value(fact.key, fact.before) : ''}</dd> : null}
              <dd>
                {Array.isArray(fact.value) && typeof fact.value[0] === 'object' ? (
                  <ul>
                    {fact.value.slice(0, listed).map((each, i) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: what was recorded never changes
                      <li key={i}>{words.value(fact.key, each)}</li>
                    ))}
                    {fact.value.length > listed ? <li>… ({fact.value.length})</li> : null}
                  </ul>
                ) : (
                  words.value(fact.key, fact.value)
                )}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <details>
        <summary className="muted small">{t('audit.original')}</summary>
        <p className="small muted">
          {event.type} · {event.subject} · {event.actor}
        </p>
        <pre>{JSON.stringify(event.data, null, 2)}</pre>
        <p className="small muted">
          {t('audit.hash')} <code>{event.hash}</code>
        </p>
      </details>
    </div>
  );
}
