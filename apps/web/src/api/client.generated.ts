// Written by scripts/generate-client.ts from packages/contracts/src/api.ts; not by hand.
import type { RouteOutput } from '@deungdae/contracts/api.ts';
import { address, type BodyOf, type ParamsOf, type QueryOf, type RequestOptions, request } from './http.ts';

export const api = {
  /** Whether an administrator exists (GET /setup) */
  setupState: (options?: RequestOptions): Promise<RouteOutput<'setupState'>> => request('GET', '/setup', {}, options),
  /** Set the administrator with the first-run link (POST /setup) */
  setup: (body: BodyOf<'setup'>, options?: RequestOptions): Promise<RouteOutput<'setup'>> =>
    request('POST', '/setup', { body }, options),
  /** Sign in (POST /session) */
  signIn: (body: BodyOf<'signIn'>, options?: RequestOptions): Promise<RouteOutput<'signIn'>> =>
    request('POST', '/session', { body }, options),
  /** Sign out (DELETE /session) */
  signOut: (options?: RequestOptions): Promise<RouteOutput<'signOut'>> => request('DELETE', '/session', {}, options),
  /** Who is signed in (GET /session) */
  me: (options?: RequestOptions): Promise<RouteOutput<'me'>> => request('GET', '/session', {}, options),
  /** Own language, name or password (PATCH /session) */
  updateMe: (body: BodyOf<'updateMe'>, options?: RequestOptions): Promise<RouteOutput<'updateMe'>> =>
    request('PATCH', '/session', { body }, options),
  /** All users (GET /users) */
  users: (options?: RequestOptions): Promise<RouteOutput<'users'>> => request('GET', '/users', {}, options),
  /** Add a user (POST /users) */
  createUser: (body: BodyOf<'createUser'>, options?: RequestOptions): Promise<RouteOutput<'createUser'>> =>
    request('POST', '/users', { body }, options),
  /** Change role, name, activity or password (PATCH /users/:id) */
  updateUser: (
    params: ParamsOf<'updateUser'>,
    body: BodyOf<'updateUser'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'updateUser'>> => request('PATCH', '/users/:id', { params, body }, options),
  /** API tokens (GET /tokens) */
  tokens: (options?: RequestOptions): Promise<RouteOutput<'tokens'>> => request('GET', '/tokens', {}, options),
  /** Make an API token; its text is shown once (POST /tokens) */
  createToken: (body: BodyOf<'createToken'>, options?: RequestOptions): Promise<RouteOutput<'createToken'>> =>
    request('POST', '/tokens', { body }, options),
  /** Revoke an API token (DELETE /tokens/:id) */
  revokeToken: (params: ParamsOf<'revokeToken'>, options?: RequestOptions): Promise<RouteOutput<'revokeToken'>> =>
    request('DELETE', '/tokens/:id', { params }, options),
  /** The running plant: equipment tree and time zone (GET /plant) */
  plant: (options?: RequestOptions): Promise<RouteOutput<'plant'>> => request('GET', '/plant', {}, options),
  /** The plant file as text (GET /plant/file) */
  plantFile: (options?: RequestOptions): Promise<RouteOutput<'plantFile'>> =>
    request('GET', '/plant/file', {}, options),
  /** Check a plant file without using it (POST /plant/check) */
  checkPlantFile: (body: BodyOf<'checkPlantFile'>, options?: RequestOptions): Promise<RouteOutput<'checkPlantFile'>> =>
    request('POST', '/plant/check', { body }, options),
  /** Save and use a plant file; refused whole when it has a problem (PUT /plant/file) */
  savePlantFile: (body: BodyOf<'savePlantFile'>, options?: RequestOptions): Promise<RouteOutput<'savePlantFile'>> =>
    request('PUT', '/plant/file', { body }, options),
  /** Add discovered signals to an equipment, which may be new like its connection; comments in the file stay (POST /plant/bindings) */
  addBindings: (body: BodyOf<'addBindings'>, options?: RequestOptions): Promise<RouteOutput<'addBindings'>> =>
    request('POST', '/plant/bindings', { body }, options),
  /** JSON Schema of the plant file with all connectors (GET /plant/schema) */
  plantSchema: (options?: RequestOptions): Promise<RouteOutput<'plantSchema'>> =>
    request('GET', '/plant/schema', {}, options),
  /** Every machine now (GET /floor) */
  floor: (options?: RequestOptions): Promise<RouteOutput<'floor'>> => request('GET', '/floor', {}, options),
  /** One machine over a window (GET /machine) */
  machine: (query: QueryOf<'machine'>, options?: RequestOptions): Promise<RouteOutput<'machine'>> =>
    request('GET', '/machine', { query }, options),
  /** State intervals of a machine (GET /states) */
  states: (query: QueryOf<'states'>, options?: RequestOptions): Promise<RouteOutput<'states'>> =>
    request('GET', '/states', { query }, options),
  /** OEE and the ISO 22400 set of one element of the hierarchy (GET /oee) */
  oee: (query: QueryOf<'oee'>, options?: RequestOptions): Promise<RouteOutput<'oee'>> =>
    request('GET', '/oee', { query }, options),
  /** Stops with their reasons (GET /downtimes) */
  downtimes: (query: QueryOf<'downtimes'>, options?: RequestOptions): Promise<RouteOutput<'downtimes'>> =>
    request('GET', '/downtimes', { query }, options),
  /** Stops by reason (GET /downtimes/pareto) */
  downtimePareto: (
    query: QueryOf<'downtimePareto'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'downtimePareto'>> => request('GET', '/downtimes/pareto', { query }, options),
  /** Give or correct the reason of a stop (PUT /downtimes/:id/reason) */
  setDowntimeReason: (
    params: ParamsOf<'setDowntimeReason'>,
    body: BodyOf<'setDowntimeReason'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'setDowntimeReason'>> => request('PUT', '/downtimes/:id/reason', { params, body }, options),
  /** Split a stop in two at a time (POST /downtimes/:id/split) */
  splitDowntime: (
    params: ParamsOf<'splitDowntime'>,
    body: BodyOf<'splitDowntime'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'splitDowntime'>> => request('POST', '/downtimes/:id/split', { params, body }, options),
  /** Record a stop or set-up that the machine did not tell (POST /downtimes) */
  addDowntime: (body: BodyOf<'addDowntime'>, options?: RequestOptions): Promise<RouteOutput<'addDowntime'>> =>
    request('POST', '/downtimes', { body }, options),
  /** Shifts in a window (GET /shifts) */
  shifts: (query: QueryOf<'shifts'>, options?: RequestOptions): Promise<RouteOutput<'shifts'>> =>
    request('GET', '/shifts', { query }, options),
  /** Signal catalogue (GET /signals) */
  signals: (query: QueryOf<'signals'>, options?: RequestOptions): Promise<RouteOutput<'signals'>> =>
    request('GET', '/signals', { query }, options),
  /** Latest values (GET /signals/latest) */
  latest: (query: QueryOf<'latest'>, options?: RequestOptions): Promise<RouteOutput<'latest'>> =>
    request('GET', '/signals/latest', { query }, options),
  /** A window of signals in buckets; columns, for drawing (GET /trend) */
  trend: (query: QueryOf<'trend'>, options?: RequestOptions): Promise<RouteOutput<'trend'>> =>
    request('GET', '/trend', { query }, options),
  /** Samples as CSV or Parquet (GET /export) */
  exportAddress: (query: QueryOf<'export'>): string => address('/export', { query }),
  /** Alarms not in the normal state (GET /alarms) */
  alarms: (query: QueryOf<'alarms'>, options?: RequestOptions): Promise<RouteOutput<'alarms'>> =>
    request('GET', '/alarms', { query }, options),
  /** What happened to alarms (GET /alarms/journal) */
  alarmJournal: (query: QueryOf<'alarmJournal'>, options?: RequestOptions): Promise<RouteOutput<'alarmJournal'>> =>
    request('GET', '/alarms/journal', { query }, options),
  /** Alarm system performance (ISA-18.2, EEMUA 191) (GET /alarms/kpis) */
  alarmKpis: (query: QueryOf<'alarmKpis'>, options?: RequestOptions): Promise<RouteOutput<'alarmKpis'>> =>
    request('GET', '/alarms/kpis', { query }, options),
  /** Acknowledge (POST /alarms/acknowledge) */
  acknowledgeAlarms: (
    body: BodyOf<'acknowledgeAlarms'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'acknowledgeAlarms'>> => request('POST', '/alarms/acknowledge', { body }, options),
  /** Shelve for a time, with a reason (POST /alarms/:id/shelve) */
  shelveAlarm: (
    params: ParamsOf<'shelveAlarm'>,
    body: BodyOf<'shelveAlarm'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'shelveAlarm'>> => request('POST', '/alarms/:id/shelve', { params, body }, options),
  /** End shelving (POST /alarms/:id/unshelve) */
  unshelveAlarm: (params: ParamsOf<'unshelveAlarm'>, options?: RequestOptions): Promise<RouteOutput<'unshelveAlarm'>> =>
    request('POST', '/alarms/:id/unshelve', { params }, options),
  /** Take out of service or return (POST /alarms/:id/service) */
  outOfService: (
    params: ParamsOf<'outOfService'>,
    body: BodyOf<'outOfService'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'outOfService'>> => request('POST', '/alarms/:id/service', { params, body }, options),
  /** Health of every connection (GET /connections) */
  connections: (options?: RequestOptions): Promise<RouteOutput<'connections'>> =>
    request('GET', '/connections', {}, options),
  /** Kinds of connection and the JSON Schemas of their settings (GET /connectors) */
  connectors: (options?: RequestOptions): Promise<RouteOutput<'connectors'>> =>
    request('GET', '/connectors', {}, options),
  /** Try settings without side effects (POST /connections/test) */
  testConnection: (body: BodyOf<'testConnection'>, options?: RequestOptions): Promise<RouteOutput<'testConnection'>> =>
    request('POST', '/connections/test', { body }, options),
  /** Try a configured connection (POST /connections/:id/test) */
  testExisting: (params: ParamsOf<'testExisting'>, options?: RequestOptions): Promise<RouteOutput<'testExisting'>> =>
    request('POST', '/connections/:id/test', { params }, options),
  /** Browse a device and propose signals (POST /connections/discover) */
  discover: (body: BodyOf<'discover'>, options?: RequestOptions): Promise<RouteOutput<'discover'>> =>
    request('POST', '/connections/discover', { body }, options),
  /** Business events, newest first (GET /audit) */
  audit: (query: QueryOf<'audit'>, options?: RequestOptions): Promise<RouteOutput<'audit'>> =>
    request('GET', '/audit', { query }, options),
  /** Check the hash chain (POST /audit/verify) */
  verifyAudit: (options?: RequestOptions): Promise<RouteOutput<'verifyAudit'>> =>
    request('POST', '/audit/verify', {}, options),
  /** Version, storage, memory, stream (GET /system) */
  system: (options?: RequestOptions): Promise<RouteOutput<'system'>> => request('GET', '/system', {}, options),
  /** Back up while running (POST /system/backup) */
  backup: (body: BodyOf<'backup'>, options?: RequestOptions): Promise<RouteOutput<'backup'>> =>
    request('POST', '/system/backup', { body }, options),
};
