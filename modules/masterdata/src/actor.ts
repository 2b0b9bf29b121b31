import type { Caller } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';

export function actorOf(caller: Caller): Actor {
  return { kind: caller.via === 'token' ? 'token' : caller.via === 'cli' ? 'system' : 'person', id: caller.userId };
}
