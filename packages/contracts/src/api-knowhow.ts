import type { Route } from './route.ts';

export const knowhowRoutes = {} as const satisfies Record<string, Route>;
