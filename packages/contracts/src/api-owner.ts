import type { Route } from './route.ts';

export const ownerRoutes = {} as const satisfies Record<string, Route>;
