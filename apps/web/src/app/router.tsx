import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { ApiFailure } from '../api/http.ts';
import { meQuery, plantQuery, queryClient, setupQuery } from '../api/queries.ts';
import { parseWindow } from '../time/window.ts';
import { CrashPage, NotFoundPage } from './fallback-pages.tsx';
import { Shell } from './shell.tsx';
import { Zoned } from './zoned.tsx';

type Search = Record<string, unknown>;
/** Keeps the named parameters of an address that are texts. */
function texts<const K extends string>(search: Search, ...names: readonly K[]): { [name in K]?: string | undefined } {
  const kept: { [name in K]?: string | undefined } = {};
  for (const name of names) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') kept[name] = value;
  }
  return kept;
}

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Search) => texts(search, 'token'),
  component: lazyRouteComponent(() => import('../features/setup/setup-page.tsx'), 'SetupPage'),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Search) => texts(search, 'next'),
  beforeLoad: async () => {
    const state = await queryClient.fetchQuery(setupQuery).catch(() => null);
    if (state?.needed) throw redirect({ to: '/setup', search: {} });
  },
  component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** The kiosk asks for its session itself: it must start without a network too. */
const kiosk = createRoute({
  getParentRoute: () => root,
  path: '/kiosk',
  component: lazyRouteComponent(() => import('../features/kiosk/kiosk-page.tsx'), 'KioskPage'),
});
const kioskMachine = createRoute({
  getParentRoute: () => root,
  path: '/kiosk/$',
  component: lazyRouteComponent(() => import('../features/kiosk/kiosk-page.tsx'), 'KioskPage'),
});

/** Everything that needs a session; the time window of the address stays from page to page. */
const session = createRoute({
  getParentRoute: () => root,
  id: 'session',
  validateSearch: (search: Search) => parseWindow(search),
  search: { middlewares: [retainSearchParams(['span', 'from', 'to'])] },
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) {
        const next = location.href === '/' ? undefined : location.href;
        throw redirect({ to: '/sign-in', search: { next } });
      }
      throw error;
    }
    await queryClient.ensureQueryData(plantQuery);
  },
  component: Zoned,
});
const wall = createRoute({
  getParentRoute: () => session,
  path: '/wall',
  validateSearch: (search: Search) => texts(search, 'area'),
  component: lazyRouteComponent(() => import('../features/wall/wall-page.tsx'), 'WallPage'),
});
const shell = createRoute({ getParentRoute: () => session, id: 'shell', component: Shell });

const floor = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: (search: Search) => texts(search, 'view', 'state'),
  component: lazyRouteComponent(() => import('../features/floor/floor-page.tsx'), 'FloorPage'),
});
const machine = createRoute({
  getParentRoute: () => shell,
  path: '/machine/$',
  component: lazyRouteComponent(() => import('../features/machine/machine-page.tsx'), 'MachinePage'),
});
const trends = createRoute({
  getParentRoute: () => shell,
  path: '/trends',
  validateSearch: (search: Search) => texts(search, 'signals', 'states', 'compare', 'hidden'),
  component: lazyRouteComponent(() => import('../features/trends/trends-page.tsx'), 'TrendsPage'),
});
const oee = createRoute({
  getParentRoute: () => shell,
  path: '/oee',
  validateSearch: (search: Search) => texts(search, 'path', 'by', 'reason'),
  component: lazyRouteComponent(() => import('../features/oee/oee-page.tsx'), 'OeePage'),
});
const alarms = createRoute({
  getParentRoute: () => shell,
  path: '/alarms',
  validateSearch: (search: Search) => texts(search, 'tab', 'equipment'),
  component: lazyRouteComponent(() => import('../features/alarms/alarms-page.tsx'), 'AlarmsPage'),
});
const connections = createRoute({
  getParentRoute: () => shell,
  path: '/connections',
  validateSearch: (search: Search) => texts(search, 'id'),
  component: lazyRouteComponent(() => import('../features/connections/connections-page.tsx'), 'ConnectionsPage'),
});
const discover = createRoute({
  getParentRoute: () => shell,
  path: '/connections/discover',
  validateSearch: (search: Search) => texts(search, 'connection'),
  component: lazyRouteComponent(() => import('../features/connections/discover-page.tsx'), 'DiscoverPage'),
});
const plant = createRoute({
  getParentRoute: () => shell,
  path: '/plant',
  validateSearch: (search: Search): { line?: number | undefined } =>
    typeof search.line === 'number' ? { line: search.line } : {},
  component: lazyRouteComponent(() => import('../features/plant/plant-page.tsx'), 'PlantPage'),
});
const master = createRoute({
  getParentRoute: () => shell,
  path: '/master',
  validateSearch: (search: Search) => texts(search, 'kind', 'code'),
  component: lazyRouteComponent(() => import('../features/masterdata/master-page.tsx'), 'MasterPage'),
});
const masterImport = createRoute({
  getParentRoute: () => shell,
  path: '/master/import',
  component: lazyRouteComponent(() => import('../features/masterdata/import-page.tsx'), 'ImportPage'),
});
const users = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  validateSearch: (search: Search) => texts(search, 'tab'),
  component: lazyRouteComponent(() => import('../features/users/users-page.tsx'), 'UsersPage'),
});
const devices = createRoute({
  getParentRoute: () => shell,
  path: '/devices',
  component: lazyRouteComponent(() => import('../features/devices/devices-page.tsx'), 'DevicesPage'),
});
const exchange = createRoute({
  getParentRoute: () => shell,
  path: '/exchange',
  validateSearch: (search: Search) => texts(search, 'tab'),
  component: lazyRouteComponent(() => import('../features/exchange/exchange-page.tsx'), 'ExchangePage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
});
const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  component: lazyRouteComponent(() => import('../features/system/system-page.tsx'), 'SystemPage'),
});
const production = createRoute({
  getParentRoute: () => shell,
  path: '/production',
  validateSearch: (search: Search) => texts(search, 'tab', 'id'),
  component: lazyRouteComponent(() => import('../features/production/production-page.tsx'), 'ProductionPage'),
});
const maintenance = createRoute({
  getParentRoute: () => shell,
  path: '/maintenance',
  validateSearch: (search: Search) => texts(search, 'tab', 'id'),
  component: lazyRouteComponent(() => import('../features/maintenance/maintenance-page.tsx'), 'MaintenancePage'),
});
const maintenanceCheck = createRoute({
  getParentRoute: () => shell,
  path: '/maintenance/check',
  validateSearch: (search: Search) => texts(search, 'sheet', 'kind', 'subject'),
  component: lazyRouteComponent(() => import('../features/maintenance/check-page.tsx'), 'CheckPage'),
});
const maintenanceScan = createRoute({
  getParentRoute: () => shell,
  path: '/maintenance/scan',
  validateSearch: (search: Search) => texts(search, 'code'),
  component: lazyRouteComponent(() => import('../features/maintenance/scan-page.tsx'), 'ScanPage'),
});
const maintenanceLabels = createRoute({
  getParentRoute: () => shell,
  path: '/maintenance/labels',
  component: lazyRouteComponent(() => import('../features/maintenance/labels-page.tsx'), 'LabelsPage'),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  validateSearch: (search: Search) => texts(search, 'tab', 'id'),
  component: lazyRouteComponent(() => import('../features/people/people-page.tsx'), 'PeoplePage'),
});
const knowHow = createRoute({
  getParentRoute: () => shell,
  path: '/know-how',
  validateSearch: (search: Search) => texts(search, 'q'),
  component: lazyRouteComponent(() => import('../features/knowhow/knowhow-page.tsx'), 'KnowHowPage'),
});
const knowHowCard = createRoute({
  getParentRoute: () => shell,
  path: '/know-how/$id',
  component: lazyRouteComponent(() => import('../features/knowhow/card-page.tsx'), 'KnowHowCardPage'),
});
const quality = createRoute({
  getParentRoute: () => shell,
  path: '/quality',
  validateSearch: (search: Search) => texts(search, 'tab', 'id'),
  component: lazyRouteComponent(() => import('../features/quality/quality-page.tsx'), 'QualityPage'),
});
const materials = createRoute({
  getParentRoute: () => shell,
  path: '/materials',
  validateSearch: (search: Search) => texts(search, 'tab', 'id'),
  component: lazyRouteComponent(() => import('../features/materials/materials-page.tsx'), 'MaterialsPage'),
});
const lotCard = createRoute({
  getParentRoute: () => shell,
  path: '/lots/$id',
  component: lazyRouteComponent(() => import('../features/materials/lot-page.tsx'), 'LotPage'),
});
const trace = createRoute({
  getParentRoute: () => shell,
  path: '/trace',
  validateSearch: (search: Search) => texts(search, 'lot', 'dir'),
  component: lazyRouteComponent(() => import('../features/trace/trace-page.tsx'), 'TracePage'),
});
/** Addresses on labels: GS1 Digital Link, and a plant's own. */
const linkPage = lazyRouteComponent(() => import('../features/trace/link-page.tsx'), 'LinkPage');
const gs1Link = createRoute({ getParentRoute: () => shell, path: '/01/$', component: linkPage });
const lotLink = createRoute({ getParentRoute: () => shell, path: '/lot/$', component: linkPage });
const owner = createRoute({
  getParentRoute: () => shell,
  path: '/owner',
  validateSearch: (search: Search) => texts(search, 'day', 'rows'),
  component: lazyRouteComponent(() => import('../features/owner/owner-page.tsx'), 'OwnerPage'),
});
const profile = createRoute({
  getParentRoute: () => shell,
  path: '/profile',
  component: lazyRouteComponent(() => import('../features/profile/profile-page.tsx'), 'ProfilePage'),
});

const pages = [
  floor,
  machine,
  trends,
  oee,
  alarms,
  production,
  owner,
  quality,
  maintenance,
  maintenanceCheck,
  maintenanceScan,
  maintenanceLabels,
  people,
  knowHow,
  knowHowCard,
  materials,
  lotCard,
  trace,
  gs1Link,
  lotLink,
  connections,
  discover,
  plant,
  master,
  masterImport,
  users,
  devices,
  exchange,
  audit,
  system,
  profile,
] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signIn,
    kiosk,
    kioskMachine,
    session.addChildren([wall, shell.addChildren(pages)]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
