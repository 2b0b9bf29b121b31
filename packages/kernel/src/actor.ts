import type { Caller } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';

/** Who did it, for the audit chain. */
export function actorOf({ via, userId }: Pick<Caller, 'via' | 'userId'>): Actor {
  return { kind: via === 'token' || via === 'device' ? 'token' : via === 'cli' ? 'system' : 'person', id: userId };
}

/** What papers and lists call who did it: the person's own name, not the name of the sign-in. */
export function nameOf({ name, displayName }: Pick<Caller, 'name' | 'displayName'>): string {
  return displayName || name;
}
