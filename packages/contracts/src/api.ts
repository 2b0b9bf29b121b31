import { z } from 'zod';
import { deviceRoutesOfApi } from './api-devices.ts';
import * as e from './api-entities.ts';
import { erpRoutes } from './api-erp.ts';
import { inventoryRoutes } from './api-inventory.ts';
import { knowhowRoutes } from './api-knowhow.ts';
import { maintenanceRoutes } from './api-maintenance.ts';
import { masterdataRoutes } from './api-masterdata.ts';
import { operationsRoutes } from './api-operations.ts';
import { ownerRoutes } from './api-owner.ts';
import { peopleRoutes } from './api-people.ts';
import { qualityRoutes } from './api-quality.ts';
import { traceRoutes } from './api-trace.ts';
import { MachineState, StateInterval } from './equipment.ts';
import { NewConnection, NewPlace } from './plant-edit.ts';
import {
  auditing,
  engineering,
  idParam,
  ids,
  leading,
  ok,
  operating,
  own,
  page,
  password,
  type Route,
  userName,
  window,
} from './route.ts';

export type { Route } from './route.ts';

/** Every route of the API. Each module's stand in a file of its own. */
export const routes = {
  // first run and sessions
  setupState: {
    method: 'GET',
    path: '/setup',
    summary: 'Whether an administrator exists',
    access: 'public',
    response: z.object({ needed: z.boolean(), demo: z.boolean(), plant: z.string(), version: z.string() }),
  },
  setup: {
    method: 'POST',
    path: '/setup',
    summary: 'Set the administrator with the first-run link',
    access: 'public',
    body: z.strictObject({
      token: z.string().max(200),
      name: userName,
      displayName: z.string().max(80),
      password,
      language: z.string().max(8),
    }),
    response: e.User,
  },
  signIn: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in',
    access: 'public',
    body: z.strictObject({ name: z.string().max(80), password: z.string().max(200) }),
    response: e.User,
  },
  signOut: { method: 'DELETE', path: '/session', summary: 'Sign out', access: 'signedIn', response: ok },
  me: { method: 'GET', path: '/session', summary: 'Who is signed in', access: 'signedIn', response: e.User },
  updateMe: {
    method: 'PATCH',
    path: '/session',
    summary: 'Own language, name or password',
    access: 'signedIn',
    body: z.strictObject({
      language: z.string().max(8).optional(),
      displayName: z.string().max(80).optional(),
      currentPassword: z.string().max(200).optional(),
      newPassword: password.optional(),
    }),
    response: e.User,
  },

  // users and tokens
  users: { method: 'GET', path: '/users', summary: 'All users', access: [], response: z.array(e.User) },
  createUser: {
    method: 'POST',
    path: '/users',
    summary: 'Add a user',
    access: [],
    body: z.strictObject({
      name: userName,
      displayName: z.string().max(80),
      role: e.Role,
      language: z.string().max(8).default('ko'),
      password,
    }),
    response: e.User,
  },
  updateUser: {
    method: 'PATCH',
    path: '/users/:id',
    summary: 'Change role, name, activity or password',
    access: [],
    params: idParam,
    body: z.strictObject({
      displayName: z.string().max(80).optional(),
      role: e.Role.optional(),
      active: z.boolean().optional(),
      password: password.optional(),
    }),
    response: e.User,
  },
  tokens: { method: 'GET', path: '/tokens', summary: 'API tokens', access: [], response: z.array(e.ApiToken) },
  createToken: {
    method: 'POST',
    path: '/tokens',
    summary: 'Make an API token; its text is shown once',
    access: [],
    body: z.strictObject({ name: z.string().min(1).max(80), role: e.Role, days: z.number().int().min(1).max(3650) }),
    response: e.ApiToken.extend({ token: z.string() }),
  },
  revokeToken: {
    method: 'DELETE',
    path: '/tokens/:id',
    summary: 'Revoke an API token',
    access: [],
    params: idParam,
    response: ok,
  },
  ...deviceRoutesOfApi,

  // plant
  plant: {
    method: 'GET',
    path: '/plant',
    summary: 'The running plant: equipment tree and time zone',
    access: 'signedIn',
    response: z.object({
      name: z.string(),
      timeZone: z.string(),
      nodes: z.array(e.EquipmentNode),
      reasons: z.array(
        z.object({ id: z.string(), name: z.unknown(), loss: z.string(), parent: z.string().nullable() }),
      ),
      revision: z.string(),
    }),
  },
  plantFile: {
    method: 'GET',
    path: '/plant/file',
    summary: 'The plant file as text',
    access: engineering,
    response: z.object({ text: z.string(), revision: z.string(), path: z.string(), problems: z.array(e.PlantProblem) }),
  },
  checkPlantFile: {
    method: 'POST',
    path: '/plant/check',
    summary: 'Check a plant file without using it',
    access: engineering,
    body: z.strictObject({ text: z.string().max(4_000_000) }),
    response: z.object({
      problems: z.array(e.PlantProblem),
      changes: z
        .object({
          connectionsAdded: z.array(z.string()),
          connectionsChanged: z.array(z.string()),
          connectionsRemoved: z.array(z.string()),
          signalsAdded: z.number(),
          signalsRemoved: z.number(),
        })
        .nullable(),
    }),
  },
  savePlantFile: {
    method: 'PUT',
    path: '/plant/file',
    summary: 'Save and use a plant file; refused whole when it has a problem',
    access: engineering,
    body: z.strictObject({ text: z.string().max(4_000_000), revision: z.string() }),
    response: z.object({ revision: z.string() }),
  },
  addBindings: {
    method: 'POST',
    path: '/plant/bindings',
    summary: 'Add discovered signals to an equipment, which may be new like its connection; comments in the file stay',
    access: engineering,
    body: z.strictObject({
      equipment: z.string(),
      connection: z.string(),
      /** Places that are made first, from above to below: an area, a line, the machine. */
      places: z.array(NewPlace).max(4).default([]),
      newConnection: NewConnection.optional(),
      proposals: z.array(e.DiscoveryProposal).min(1).max(2000),
      revision: z.string(),
    }),
    response: z.object({ revision: z.string(), added: z.number() }),
  },
  plantSchema: {
    method: 'GET',
    path: '/plant/schema',
    summary: 'JSON Schema of the plant file with all connectors',
    access: auditing,
    response: z.record(z.string(), z.unknown()),
  },

  // floor and machines
  floor: {
    method: 'GET',
    path: '/floor',
    summary: 'Every machine now',
    access: 'signedIn',
    response: z.object({ at: z.number(), machines: z.array(e.MachineCard) }),
  },
  machine: {
    method: 'GET',
    path: '/machine',
    summary: 'One machine over a window',
    access: 'signedIn',
    query: z.object({ equipment: z.string(), ...window }),
    response: e.MachineDetail,
  },
  states: {
    method: 'GET',
    path: '/states',
    summary: 'State intervals of a machine',
    access: 'signedIn',
    query: z.object({ equipment: z.string(), ...window }),
    response: z.array(StateInterval),
  },
  oee: {
    method: 'GET',
    path: '/oee',
    summary: 'OEE and the ISO 22400 set of one element of the hierarchy',
    access: 'signedIn',
    query: z.object({
      path: z.string(),
      ...window,
      by: z.enum(['total', 'shift', 'day', 'machine', 'line', 'product']).default('total'),
    }),
    response: z.object({
      total: e.OeeReport,
      parts: z.array(e.OeeReport),
      target: z
        .number()
        .nullable()
        .meta({ description: 'OEE aimed at, 0 to 1 (oeeTarget of the site); null when none is set' }),
    }),
  },
  downtimes: {
    method: 'GET',
    path: '/downtimes',
    summary: 'Stops with their reasons',
    access: 'signedIn',
    query: z.object({ path: z.string(), ...window }),
    response: z.array(e.Downtime),
  },
  downtimePareto: {
    method: 'GET',
    path: '/downtimes/pareto',
    summary: 'Stops by reason',
    access: 'signedIn',
    query: z.object({ path: z.string(), ...window }),
    response: z.array(
      z.object({ reason: z.string().nullable(), loss: z.string().nullable(), count: z.number(), ms: z.number() }),
    ),
  },
  setDowntimeReason: {
    method: 'PUT',
    path: '/downtimes/:id/reason',
    summary: 'Give or correct the reason of a stop',
    access: operating,
    params: idParam,
    body: z.strictObject({ reason: z.string().max(130), note: z.string().max(1000).default('') }),
    response: e.Downtime,
  },
  splitDowntime: {
    method: 'POST',
    path: '/downtimes/:id/split',
    summary: 'Split a stop in two at a time',
    access: operating,
    params: idParam,
    body: z.strictObject({ at: z.number().int() }),
    response: z.array(e.Downtime),
  },
  addDowntime: {
    method: 'POST',
    path: '/downtimes',
    summary: 'Record a stop or set-up that the machine did not tell',
    access: operating,
    body: z.strictObject({
      equipment: z.string(),
      from: z.number().int(),
      to: z.number().int(),
      state: MachineState.extract(['setup', 'plannedStop', 'unplannedStop', 'idle', 'running']),
      reason: z.string().max(130).nullable(),
      note: z.string().max(1000).default(''),
    }),
    response: e.Downtime,
  },
  shifts: {
    method: 'GET',
    path: '/shifts',
    summary: 'Shifts in a window',
    access: 'signedIn',
    query: z.object({ path: z.string(), ...window }),
    response: z.array(
      z.object({ id: z.string(), name: z.unknown(), day: z.string(), from: z.number(), to: z.number() }),
    ),
  },

  // signals and trends
  signals: {
    method: 'GET',
    path: '/signals',
    summary: 'Signal catalogue',
    access: 'signedIn',
    query: z.object({
      equipment: z.string().optional(),
      search: z.string().max(100).optional(),
      limit: z.coerce.number().int().min(1).max(5000).default(500),
    }),
    response: z.array(e.SignalInfo),
  },
  latest: {
    method: 'GET',
    path: '/signals/latest',
    summary: 'Latest values',
    access: 'signedIn',
    query: z.object({ ids }),
    response: z.array(e.SignalValue),
  },
  trend: {
    method: 'GET',
    path: '/trend',
    summary: 'A window of signals in buckets; columns, for drawing',
    access: 'signedIn',
    query: z.object({ ids, ...window, width: z.coerce.number().int().min(10).max(10_000).default(2000) }),
    response: z.object({
      series: z.array(
        z.object({
          id: z.number(),
          time: z.array(z.number()),
          min: z.array(z.number().nullable()),
          max: z.array(z.number().nullable()),
          mean: z.array(z.number().nullable()),
          last: z.array(z.number().nullable()),
          text: z.array(z.string()).nullable(),
        }),
      ),
    }),
  },
  export: {
    method: 'GET',
    path: '/export',
    summary: 'Samples as CSV or Parquet',
    access: own,
    query: z.object({ ids, ...window, format: z.enum(['csv', 'parquet']) }),
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },

  // alarms
  alarms: {
    method: 'GET',
    path: '/alarms',
    summary: 'Alarms not in the normal state',
    access: 'signedIn',
    query: z.object({ equipment: z.string().optional() }),
    response: z.array(e.Alarm),
  },
  alarmJournal: {
    method: 'GET',
    path: '/alarms/journal',
    summary: 'What happened to alarms',
    access: 'signedIn',
    query: z.object({ ...window, equipment: z.string().optional(), ...page }),
    response: z.array(e.AlarmJournalEntry),
  },
  alarmKpis: {
    method: 'GET',
    path: '/alarms/kpis',
    summary: 'Alarm system performance (ISA-18.2, EEMUA 191)',
    access: 'signedIn',
    query: z.object(window),
    response: e.AlarmKpis,
  },
  acknowledgeAlarms: {
    method: 'POST',
    path: '/alarms/acknowledge',
    summary: 'Acknowledge',
    access: operating,
    body: z.strictObject({ ids: z.array(z.string()).min(1).max(500), note: z.string().max(500).default('') }),
    response: z.array(e.Alarm),
  },
  shelveAlarm: {
    method: 'POST',
    path: '/alarms/:id/shelve',
    summary: 'Shelve for a time, with a reason',
    access: leading,
    params: idParam,
    body: z.strictObject({ minutes: z.number().int().min(1).max(10_080), reason: z.string().min(1).max(500) }),
    response: e.Alarm,
  },
  unshelveAlarm: {
    method: 'POST',
    path: '/alarms/:id/unshelve',
    summary: 'End shelving',
    access: leading,
    params: idParam,
    response: e.Alarm,
  },
  outOfService: {
    method: 'POST',
    path: '/alarms/:id/service',
    summary: 'Take out of service or return',
    access: leading,
    params: idParam,
    body: z.strictObject({ inService: z.boolean(), reason: z.string().min(1).max(500) }),
    response: e.Alarm,
  },

  // connections
  connections: {
    method: 'GET',
    path: '/connections',
    summary: 'Health of every connection',
    access: auditing,
    response: z.array(e.ConnectionHealth),
  },
  connectors: {
    method: 'GET',
    path: '/connectors',
    summary: 'Kinds of connection and the JSON Schemas of their settings',
    access: auditing,
    response: z.array(
      z.object({
        type: z.string(),
        config: z.record(z.string(), z.unknown()),
        address: z.record(z.string(), z.unknown()),
        discovers: z.boolean(),
      }),
    ),
  },
  testConnection: {
    method: 'POST',
    path: '/connections/test',
    summary: 'Try settings without side effects',
    access: engineering,
    body: z.strictObject({ type: z.string(), config: z.record(z.string(), z.unknown()) }),
    response: e.ProbeResult,
  },
  testExisting: {
    method: 'POST',
    path: '/connections/:id/test',
    summary: 'Try a configured connection',
    access: leading,
    params: idParam,
    response: e.ProbeResult,
  },
  discover: {
    method: 'POST',
    path: '/connections/discover',
    summary: 'Browse a device and propose signals',
    access: engineering,
    body: z.strictObject({
      connection: z.string().optional(),
      type: z.string().optional(),
      config: z.record(z.string(), z.unknown()).optional(),
      limit: z.number().int().min(1).max(20_000).default(2000),
    }),
    response: z.object({
      proposals: z.array(e.DiscoveryProposal),
      truncated: z.boolean(),
      error: e.ApiError.nullable(),
    }),
  },

  // audit and operation
  audit: {
    method: 'GET',
    path: '/audit',
    summary: 'Business events, newest first',
    access: auditing,
    query: z.object({ ...page, subject: z.string().optional(), type: z.string().optional() }),
    response: z.array(
      z.object({
        id: z.string(),
        type: z.string(),
        time: z.number(),
        subject: z.string(),
        actor: z.string(),
        /** Name of the actor or subject where it is a user, a person with a badge, a tablet or a token, else null. */
        actorName: z.string().nullable(),
        subjectName: z.string().nullable(),
        data: z.unknown(),
        hash: z.string(),
      }),
    ),
  },
  verifyAudit: {
    method: 'POST',
    path: '/audit/verify',
    summary: 'Check the hash chain',
    access: auditing,
    response: z.object({ ok: z.boolean(), events: z.number(), firstBroken: z.string().nullable() }),
  },
  system: {
    method: 'GET',
    path: '/system',
    summary: 'Version, storage, memory, stream',
    access: auditing,
    response: z.object({
      version: z.string(),
      startedAt: z.number(),
      node: z.string(),
      memoryMb: z.number(),
      history: z.object({ samples: z.number(), bytes: z.number(), sealedFiles: z.number(), hotSamples: z.number() }),
      stream: z.object({ ingested: z.number(), pendingSamples: z.number(), samplesPerSecond: z.number() }),
      diskFreeMb: z.number(),
      demo: z.boolean(),
    }),
  },
  backup: {
    method: 'POST',
    path: '/system/backup',
    summary: 'Back up while running',
    access: [],
    body: z.strictObject({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/) }),
    response: z.object({ directory: z.string(), bytes: z.number() }),
  },

  ...masterdataRoutes,
  ...inventoryRoutes,
  ...qualityRoutes,
  ...peopleRoutes,
  ...operationsRoutes,
  ...maintenanceRoutes,
  ...knowhowRoutes,
  ...traceRoutes,
  ...erpRoutes,
  ...ownerRoutes,
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof routes;
type R<Id extends RouteId> = (typeof routes)[Id];
type Out<T> = T extends z.ZodType ? z.output<T> : undefined;
type In<T> = T extends z.ZodType ? z.input<T> : undefined;
type Part<Id extends RouteId, K extends string> = R<Id> extends Record<K, infer S> ? S : undefined;

/** What a handler gets, after validation. */
export interface RouteInput<Id extends RouteId> {
  params: Out<Part<Id, 'params'>>;
  query: Out<Part<Id, 'query'>>;
  body: Out<Part<Id, 'body'>>;
}
/** What a caller gives. */
export interface RouteCall<Id extends RouteId> {
  params: In<Part<Id, 'params'>>;
  query: In<Part<Id, 'query'>>;
  body: In<Part<Id, 'body'>>;
}
export type RouteOutput<Id extends RouteId> = z.output<R<Id>['response']>;

/** Who calls: after authentication. */
export interface Caller {
  userId: string;
  name: string;
  /** What the person is called on paper and to others; left out where `name` is all there is. */
  displayName?: string;
  role: e.Role;
  language: string;
  via: 'session' | 'token' | 'device' | 'cli' | 'public';
  /** Of a tablet: the machines that it may be used at. */
  machines?: readonly string[];
}
export type Handler<Id extends RouteId> = (
  input: RouteInput<Id>,
  caller: Caller,
) => Promise<RouteOutput<Id>> | RouteOutput<Id>;
/** What a module serves; the server puts the modules' handlers together. */
export type Handlers = { [Id in RouteId]?: Handler<Id> };
