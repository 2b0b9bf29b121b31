import type { Route } from './route.ts';

export const operationsRoutes = {} as const satisfies Record<string, Route>;
