import type { User } from '@deungdae/contracts/api-entities.ts';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import { abilities } from './nav.ts';

/** The signed-in person; the router has loaded it before any page of the shell is drawn. */
export function useMe(): User {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error('a page of the shell was drawn without a session');
  return data;
}

export function useAbilities() {
  return abilities(useMe().role);
}
