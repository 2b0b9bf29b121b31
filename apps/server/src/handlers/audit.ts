import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';

/** More people than this are shown by their id. */
const mostNames = 5000;

export function auditHandlers(ledger: Ledger): Handlers {
  return {
    async audit({ query }) {
      const [events, created] = await Promise.all([
        ledger.events(query),
        ledger.events({ type: 'user.created', limit: mostNames }),
      ]);
      // A login name never changes, so the record of the creation names the person for good.
      const names = new Map(created.map((e) => [e.subject, (e.data as { name?: string }).name ?? null]));
      return events.map((event) => ({
        ...event,
        actor: `${event.actor.kind}:${event.actor.id}`,
        actorName: event.actor.kind === 'person' ? (names.get(`user/${event.actor.id}`) ?? null) : null,
        subjectName: names.get(event.subject) ?? null,
      }));
    },
    verifyAudit: () => ledger.verify(),
  };
}
