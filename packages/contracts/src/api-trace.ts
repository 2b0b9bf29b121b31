import type { Route } from './route.ts';

export const traceRoutes = {} as const satisfies Record<string, Route>;
