import type { Handlers } from '@deungdae/contracts/api.ts';
import type { BusinessEvent } from '@deungdae/contracts/event.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';

/** More users, tablets or tokens than this are shown by their id. */
const mostNames = 5000;
/** Events whose subject acts later on, and never changes its name. */
const namesActors = ['user.created', 'device.added', 'token.created'];

/** `personName`: of somebody who has no account but a badge. */
export function auditHandlers(ledger: Ledger, personName: (id: string) => Promise<string | null>): Handlers {
  return {
    async audit({ query }) {
      const [events, ...created] = await Promise.all([
        ledger.events(query),
        ...namesActors.map((type) => ledger.events({ type, limit: mostNames })),
      ]);
      const names = new Map<string, string>();
      for (const { subject, data } of created.flat()) if (typeof data.name === 'string') names.set(subject, data.name);
      const people = new Set(events.flatMap(peopleOf).filter((id) => !names.has(`user/${id}`)));
      for (const id of people) {
        const name = await personName(id);
        if (name !== null) names.set(`person/${id}`, name);
      }
      const named = (kinds: readonly string[], id: string) =>
        kinds.map((kind) => names.get(`${kind}/${id}`)).find(Boolean);
      return events.map((event) => ({
        ...event,
        actor: `${event.actor.kind}:${event.actor.id}`,
        actorName: named(['user', 'person', 'device', 'token'], event.actor.id) ?? null,
        subjectName: names.get(event.subject) ?? null,
      }));
    },
    verifyAudit: () => ledger.verify(),
  };
}

/** Ids of people without an account that an event speaks of. */
function peopleOf({ actor, subject }: BusinessEvent): string[] {
  const [kind, id] = subject.split('/');
  return [...(actor.kind === 'person' ? [actor.id] : []), ...(kind === 'person' && id ? [id] : [])];
}
