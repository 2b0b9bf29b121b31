import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';

export function auditHandlers(ledger: Ledger): Handlers {
  return {
    async audit({ query }) {
      const events = await ledger.events(query);
      return events.map((event) => ({ ...event, actor: `${event.actor.kind}:${event.actor.id}` }));
    },
    verifyAudit: () => ledger.verify(),
  };
}
