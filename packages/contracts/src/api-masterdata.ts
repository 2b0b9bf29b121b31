import type { Route } from './route.ts';

export const masterdataRoutes = {} as const satisfies Record<string, Route>;
