import type { Route } from './route.ts';

export const qualityRoutes = {} as const satisfies Record<string, Route>;
