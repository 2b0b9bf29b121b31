import type { Role } from '@deungdae/contracts/api-entities.ts';
import {
  IconArrowsExchange,
  IconBellRinging,
  IconBulb,
  IconChartLine,
  IconClipboardList,
  IconDatabase,
  IconDeviceTablet,
  IconFileText,
  IconGauge,
  IconGitFork,
  IconId,
  IconLayoutGrid,
  IconPackages,
  IconPlugConnected,
  IconReportMoney,
  IconRosetteDiscountCheck,
  IconServer,
  IconShieldCheck,
  IconTool,
  IconUserCircle,
  IconUsers,
} from '@tabler/icons-react';
import type { TextKey } from '../i18n/i18n.ts';

export interface NavEntry {
  to:
    | '/'
    | '/owner'
    | '/production'
    | '/quality'
    | '/oee'
    | '/trends'
    | '/alarms'
    | '/maintenance'
    | '/people'
    | '/know-how'
    | '/materials'
    | '/trace'
    | '/connections'
    | '/master'
    | '/plant'
    | '/users'
    | '/devices'
    | '/exchange'
    | '/audit'
    | '/system'
    | '/profile';
  text: TextKey;
  icon: typeof IconGauge;
  group: 'work' | 'settings';
  /** Who sees it; everybody when left out. The server decides again. */
  roles?: readonly Role[];
}

const leading: readonly Role[] = ['supervisor', 'engineer', 'administrator'];

const entries: readonly NavEntry[] = [
  { to: '/', text: 'nav.floor', icon: IconLayoutGrid, group: 'work' },
  { to: '/owner', text: 'owner.nav', icon: IconReportMoney, group: 'work', roles: [...leading, 'auditor'] },
  {
    to: '/production',
    text: 'production.title',
    icon: IconClipboardList,
    group: 'work',
    roles: ['operator', ...leading, 'auditor'],
  },
  {
    to: '/quality',
    text: 'quality.title',
    icon: IconRosetteDiscountCheck,
    group: 'work',
    roles: ['operator', ...leading, 'auditor'],
  },
  { to: '/oee', text: 'nav.oee', icon: IconGauge, group: 'work' },
  { to: '/trends', text: 'nav.trends', icon: IconChartLine, group: 'work' },
  { to: '/alarms', text: 'nav.alarms', icon: IconBellRinging, group: 'work' },
  {
    to: '/maintenance',
    text: 'maintenance.title',
    icon: IconTool,
    group: 'work',
    roles: ['operator', ...leading, 'auditor'],
  },
  {
    to: '/materials',
    text: 'inventory.title',
    icon: IconPackages,
    group: 'work',
    roles: ['operator', ...leading, 'auditor'],
  },
  {
    to: '/trace',
    text: 'inventory.traceTitle',
    icon: IconGitFork,
    group: 'work',
    roles: ['operator', ...leading, 'auditor'],
  },
  { to: '/people', text: 'people.title', icon: IconId, group: 'work', roles: ['operator', ...leading, 'auditor'] },
  { to: '/know-how', text: 'knowhow.title', icon: IconBulb, group: 'work', roles: ['operator', ...leading, 'auditor'] },
  {
    to: '/connections',
    text: 'nav.connections',
    icon: IconPlugConnected,
    group: 'work',
    roles: [...leading, 'auditor'],
  },
  {
    to: '/master',
    text: 'masterdata.title',
    icon: IconDatabase,
    group: 'settings',
    roles: ['operator', ...leading, 'auditor'],
  },
  { to: '/plant', text: 'nav.plant', icon: IconFileText, group: 'settings', roles: ['engineer', 'administrator'] },
  { to: '/users', text: 'nav.users', icon: IconUsers, group: 'settings', roles: ['administrator'] },
  {
    to: '/devices',
    text: 'devices.title',
    icon: IconDeviceTablet,
    group: 'settings',
    roles: ['engineer', 'administrator'],
  },
  {
    to: '/exchange',
    text: 'exchange.title',
    icon: IconArrowsExchange,
    group: 'settings',
    roles: [...leading, 'auditor'],
  },
  { to: '/audit', text: 'nav.audit', icon: IconShieldCheck, group: 'settings', roles: [...leading, 'auditor'] },
  { to: '/system', text: 'nav.system', icon: IconServer, group: 'settings', roles: [...leading, 'auditor'] },
  { to: '/profile', text: 'nav.profile', icon: IconUserCircle, group: 'settings' },
];

export function navFor(role: Role): readonly NavEntry[] {
  return entries.filter((entry) => !entry.roles || entry.roles.includes(role));
}

/** The four of the bottom bar on a phone. */
export function phoneNavFor(role: Role): readonly NavEntry[] {
  const wanted: readonly NavEntry['to'][] =
    role === 'engineer' || role === 'administrator'
      ? ['/', '/trends', '/alarms', '/connections']
      : role === 'auditor'
        ? ['/', '/oee', '/alarms', '/audit']
        : ['/', '/production', '/alarms', '/oee'];
  return wanted.flatMap((to) => entries.filter((entry) => entry.to === to));
}

/** What a role may do with what it sees. */
export function abilities(role: Role) {
  const admin = role === 'administrator';
  return {
    operate: admin || role === 'operator' || role === 'supervisor' || role === 'engineer',
    lead: admin || role === 'supervisor' || role === 'engineer',
    engineer: admin || role === 'engineer',
    administer: admin,
  };
}
