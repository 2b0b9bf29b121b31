import type { Route } from './route.ts';

export const maintenanceRoutes = {} as const satisfies Record<string, Route>;
