import type { Caller } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';

/** Who did it, for the audit chain. */
export function actorOf({ via, userId }: Pick<Caller, 'via' | 'userId'>): Actor {
  return { kind: via === 'token' || via === 'device' ? 'token' : via === 'cli' ? 'system' : 'person', id: userId };
}
