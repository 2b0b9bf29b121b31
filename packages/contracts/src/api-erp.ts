import type { Route } from './route.ts';

export const erpRoutes = {} as const satisfies Record<string, Route>;
