import type { Route } from './route.ts';

export const inventoryRoutes = {} as const satisfies Record<string, Route>;
