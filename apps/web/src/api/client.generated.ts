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
  /** Tablets that are paired, wait to be, or were revoked in the last 30 days (GET /devices) */
  devices: (options?: RequestOptions): Promise<RouteOutput<'devices'>> => request('GET', '/devices', {}, options),
  /** Add a tablet for some machines; its pairing code holds for fifteen minutes and once (POST /devices) */
  createDevice: (body: BodyOf<'createDevice'>, options?: RequestOptions): Promise<RouteOutput<'createDevice'>> =>
    request('POST', '/devices', { body }, options),
  /** A new pairing code; the tablet paired before is shut out when it is used (POST /devices/:id/code) */
  renewDeviceCode: (
    params: ParamsOf<'renewDeviceCode'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'renewDeviceCode'>> => request('POST', '/devices/:id/code', { params }, options),
  /** Change name or machines of a tablet (PATCH /devices/:id) */
  updateDevice: (
    params: ParamsOf<'updateDevice'>,
    body: BodyOf<'updateDevice'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'updateDevice'>> => request('PATCH', '/devices/:id', { params, body }, options),
  /** Shut a tablet out at once (DELETE /devices/:id) */
  revokeDevice: (params: ParamsOf<'revokeDevice'>, options?: RequestOptions): Promise<RouteOutput<'revokeDevice'>> =>
    request('DELETE', '/devices/:id', { params }, options),
  /** A tablet gives its code and is let in (POST /kiosk/pair) */
  pairDevice: (body: BodyOf<'pairDevice'>, options?: RequestOptions): Promise<RouteOutput<'pairDevice'>> =>
    request('POST', '/kiosk/pair', { body }, options),
  /** Which tablet this is; null when it is not paired (GET /kiosk/device) */
  kioskDevice: (options?: RequestOptions): Promise<RouteOutput<'kioskDevice'>> =>
    request('GET', '/kiosk/device', {}, options),
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
  /** Kinds of master data, how many records each has, and the JSON Schema of their data (GET /master-kinds) */
  masterKinds: (options?: RequestOptions): Promise<RouteOutput<'masterKinds'>> =>
    request('GET', '/master-kinds', {}, options),
  /** Names of codes by kind, in every language that they have; unknown codes stay out. Of `routing` the codes are items, and the names those of their operations, as `item/number` (POST /master-names) */
  masterNames: (body: BodyOf<'masterNames'>, options?: RequestOptions): Promise<RouteOutput<'masterNames'>> =>
    request('POST', '/master-names', { body }, options),
  /** Records of a kind by code, a page at a time (GET /master/:kind) */
  masterRecords: (
    params: ParamsOf<'masterRecords'>,
    query: QueryOf<'masterRecords'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'masterRecords'>> => request('GET', '/master/:kind', { params, query }, options),
  /** All revisions of a record, and where it is used (GET /master/:kind/:code) */
  masterRecord: (params: ParamsOf<'masterRecord'>, options?: RequestOptions): Promise<RouteOutput<'masterRecord'>> =>
    request('GET', '/master/:kind/:code', { params }, options),
  /** Add a record, or change one of its revisions; refused when somebody else changed it meanwhile (PUT /master/:kind/:code) */
  saveMasterRecord: (
    params: ParamsOf<'saveMasterRecord'>,
    body: BodyOf<'saveMasterRecord'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'saveMasterRecord'>> => request('PUT', '/master/:kind/:code', { params, body }, options),
  /** Engineering change: a new revision from a moment on; the one before ends there (POST /master/:kind/:code/revisions) */
  reviseMasterRecord: (
    params: ParamsOf<'reviseMasterRecord'>,
    body: BodyOf<'reviseMasterRecord'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'reviseMasterRecord'>> =>
    request('POST', '/master/:kind/:code/revisions', { params, body }, options),
  /** What rows of a spreadsheet can be imported as, with the columns of each (GET /import-targets) */
  importTargets: (options?: RequestOptions): Promise<RouteOutput<'importTargets'>> =>
    request('GET', '/import-targets', {}, options),
  /** Imports that were done, newest first (GET /imports) */
  imports: (query: QueryOf<'imports'>, options?: RequestOptions): Promise<RouteOutput<'imports'>> =>
    request('GET', '/imports', { query }, options),
  /** Give a spreadsheet (XLSX or CSV); nothing is stored of its rows yet (POST /imports) */
  uploadImport: (
    query: QueryOf<'uploadImport'>,
    body: BodyOf<'uploadImport'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'uploadImport'>> => request('POST', '/imports', { query, body }, options),
  /** A sheet: its heading, first rows, what it could be imported as, and the mapping of last time or by names (GET /imports/:id/sheet) */
  importSheet: (
    params: ParamsOf<'importSheet'>,
    query: QueryOf<'importSheet'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'importSheet'>> => request('GET', '/imports/:id/sheet', { params, query }, options),
  /** Begin to check every row; nothing is stored (POST /imports/:id/preview) */
  previewImport: (
    params: ParamsOf<'previewImport'>,
    body: BodyOf<'previewImport'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'previewImport'>> => request('POST', '/imports/:id/preview', { params, body }, options),
  /** Begin to import: all rows or none; the same rows again change nothing (POST /imports/:id/commit) */
  commitImport: (
    params: ParamsOf<'commitImport'>,
    body: BodyOf<'commitImport'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'commitImport'>> => request('POST', '/imports/:id/commit', { params, body }, options),
  /** How far the check or import is, and what came of it (GET /imports/:id/job) */
  importJob: (params: ParamsOf<'importJob'>, options?: RequestOptions): Promise<RouteOutput<'importJob'>> =>
    request('GET', '/imports/:id/job', { params }, options),
  /** Stop it; nothing is stored (DELETE /imports/:id/job) */
  stopImport: (params: ParamsOf<'stopImport'>, options?: RequestOptions): Promise<RouteOutput<'stopImport'>> =>
    request('DELETE', '/imports/:id/job', { params }, options),
  /** All problems of the last check, as a table (GET /imports/:id/problems) */
  importProblemsAddress: (params: ParamsOf<'importProblems'>, query: QueryOf<'importProblems'>): string =>
    address('/imports/:id/problems', { params, query }),
  /** All records of a kind as a table that can be imported again (GET /master-export/:kind) */
  exportMasterAddress: (params: ParamsOf<'exportMaster'>, query: QueryOf<'exportMaster'>): string =>
    address('/master-export/:kind', { params, query }),
  /** Documents by name, newest first, or those with the given ids (GET /documents) */
  documents: (query: QueryOf<'documents'>, options?: RequestOptions): Promise<RouteOutput<'documents'>> =>
    request('GET', '/documents', { query }, options),
  /** Keep a picture, drawing or instruction; the same file again is the same document (POST /documents) */
  uploadDocument: (
    query: QueryOf<'uploadDocument'>,
    body: BodyOf<'uploadDocument'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'uploadDocument'>> => request('POST', '/documents', { query, body }, options),
  /** The content of a document (GET /documents/:id) */
  documentAddress: (params: ParamsOf<'document'>): string => address('/documents/:id', { params }),
  /** Stock by item, place and lot (GET /stock) */
  stock: (query: QueryOf<'stock'>, options?: RequestOptions): Promise<RouteOutput<'stock'>> =>
    request('GET', '/stock', { query }, options),
  /** Stock of each item, with what is blocked or past its date (GET /stock/items) */
  stockSums: (query: QueryOf<'stockSums'>, options?: RequestOptions): Promise<RouteOutput<'stockSums'>> =>
    request('GET', '/stock/items', { query }, options),
  /** Stock ledger (수불부): opening, in, out, closing of each item; of the plant or of one place (GET /stock/ledger) */
  stockLedger: (query: QueryOf<'stockLedger'>, options?: RequestOptions): Promise<RouteOutput<'stockLedger'>> =>
    request('GET', '/stock/ledger', { query }, options),
  /** Stock ledger as a workbook or CSV (GET /stock/ledger-file) */
  stockLedgerFileAddress: (query: QueryOf<'stockLedgerFile'>): string => address('/stock/ledger-file', { query }),
  /** Movements of stock, the newest first (GET /stock/movements) */
  stockMovements: (
    query: QueryOf<'stockMovements'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'stockMovements'>> => request('GET', '/stock/movements', { query }, options),
  /** Lots, the newest first (GET /lots) */
  lots: (query: QueryOf<'lots'>, options?: RequestOptions): Promise<RouteOutput<'lots'>> =>
    request('GET', '/lots', { query }, options),
  /** A lot by id, number or scanned label, with what is in it and what happened to it (GET /lots/:id) */
  lot: (params: ParamsOf<'lot'>, options?: RequestOptions): Promise<RouteOutput<'lot'>> =>
    request('GET', '/lots/:id', { params }, options),
  /** Boxes and pallets with what is in them, the newest first (GET /containers) */
  containers: (query: QueryOf<'containers'>, options?: RequestOptions): Promise<RouteOutput<'containers'>> =>
    request('GET', '/containers', { query }, options),
  /** What a scanned code is: lot, place, item or shipment (POST /scan) */
  scan: (body: BodyOf<'scan'>, options?: RequestOptions): Promise<RouteOutput<'scan'>> =>
    request('POST', '/scan', { body }, options),
  /** Label (현품표) of a lot or container (GET /lots/:id/label) */
  lotLabelAddress: (params: ParamsOf<'lotLabel'>, query: QueryOf<'lotLabel'>): string =>
    address('/lots/:id/label', { params, query }),
  /** Numbering rules and label printers (GET /stock/settings) */
  inventorySettings: (options?: RequestOptions): Promise<RouteOutput<'inventorySettings'>> =>
    request('GET', '/stock/settings', {}, options),
  /** Change numbering rules and label printers (PUT /stock/settings) */
  saveInventorySettings: (
    body: BodyOf<'saveInventorySettings'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'saveInventorySettings'>> => request('PUT', '/stock/settings', { body }, options),
  /** Receive material as a new lot (POST /stock/receipts) */
  receiveStock: (body: BodyOf<'receiveStock'>, options?: RequestOptions): Promise<RouteOutput<'receiveStock'>> =>
    request('POST', '/stock/receipts', { body }, options),
  /** Move a lot, or a container with all that is in it; the only place it lies at when `from` is left out (POST /stock/transfers) */
  transferStock: (body: BodyOf<'transferStock'>, options?: RequestOptions): Promise<RouteOutput<'transferStock'>> =>
    request('POST', '/stock/transfers', { body }, options),
  /** Issue material to production without an order (POST /stock/issues) */
  issueStock: (body: BodyOf<'issueStock'>, options?: RequestOptions): Promise<RouteOutput<'issueStock'>> =>
    request('POST', '/stock/issues', { body }, options),
  /** Take back from the line, or from a customer into quarantine (POST /stock/returns) */
  returnStock: (body: BodyOf<'returnStock'>, options?: RequestOptions): Promise<RouteOutput<'returnStock'>> =>
    request('POST', '/stock/returns', { body }, options),
  /** Send goods back to their supplier, with a reason; also what is on hold, rejected or past its date (POST /stock/supplier-returns) */
  returnToSupplier: (
    body: BodyOf<'returnToSupplier'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'returnToSupplier'>> => request('POST', '/stock/supplier-returns', { body }, options),
  /** Correct stock to what was counted, with a reason (POST /stock/adjustments) */
  adjustStock: (body: BodyOf<'adjustStock'>, options?: RequestOptions): Promise<RouteOutput<'adjustStock'>> =>
    request('POST', '/stock/adjustments', { body }, options),
  /** Scrap stock, with a reason (POST /stock/scraps) */
  scrapStock: (body: BodyOf<'scrapStock'>, options?: RequestOptions): Promise<RouteOutput<'scrapStock'>> =>
    request('POST', '/stock/scraps', { body }, options),
  /** Take a movement back (POST /stock/movements/:id/reverse) */
  reverseMovement: (
    params: ParamsOf<'reverseMovement'>,
    body: BodyOf<'reverseMovement'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'reverseMovement'>> =>
    request('POST', '/stock/movements/:id/reverse', { params, body }, options),
  /** Take part of a lot into a new one (POST /lots/:id/split) */
  splitLot: (
    params: ParamsOf<'splitLot'>,
    body: BodyOf<'splitLot'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'splitLot'>> => request('POST', '/lots/:id/split', { params, body }, options),
  /** Put lots of one item together into a new one (POST /lots/merge) */
  mergeLots: (body: BodyOf<'mergeLots'>, options?: RequestOptions): Promise<RouteOutput<'mergeLots'>> =>
    request('POST', '/lots/merge', { body }, options),
  /** Put lots and boxes into a container, a new one when none is named (POST /containers/pack) */
  packLots: (body: BodyOf<'packLots'>, options?: RequestOptions): Promise<RouteOutput<'packLots'>> =>
    request('POST', '/containers/pack', { body }, options),
  /** Take everything, or some lots, out of a container (POST /containers/:id/unpack) */
  unpackContainer: (
    params: ParamsOf<'unpackContainer'>,
    body: BodyOf<'unpackContainer'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'unpackContainer'>> => request('POST', '/containers/:id/unpack', { params, body }, options),
  /** Put a lot on hold (POST /lots/:id/holds) */
  holdLot: (
    params: ParamsOf<'holdLot'>,
    body: BodyOf<'holdLot'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'holdLot'>> => request('POST', '/lots/:id/holds', { params, body }, options),
  /** End one hold of a lot, or all of them and its quarantine (POST /lots/:id/release) */
  releaseLot: (
    params: ParamsOf<'releaseLot'>,
    body: BodyOf<'releaseLot'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'releaseLot'>> => request('POST', '/lots/:id/release', { params, body }, options),
  /** Days up to which the stock is closed (마감) (GET /stock/closings) */
  stockClosings: (options?: RequestOptions): Promise<RouteOutput<'stockClosings'>> =>
    request('GET', '/stock/closings', {}, options),
  /** Months of the stock, the newest first, with their closings (GET /stock/periods) */
  stockPeriods: (query: QueryOf<'stockPeriods'>, options?: RequestOptions): Promise<RouteOutput<'stockPeriods'>> =>
    request('GET', '/stock/periods', { query }, options),
  /** What stands against closing the stock up to a day (GET /stock/closings/check) */
  checkClosing: (query: QueryOf<'checkClosing'>, options?: RequestOptions): Promise<RouteOutput<'checkClosing'>> =>
    request('GET', '/stock/closings/check', { query }, options),
  /** Close the stock up to a day, signed by the caller: nothing more is recorded there (POST /stock/closings) */
  closeStock: (body: BodyOf<'closeStock'>, options?: RequestOptions): Promise<RouteOutput<'closeStock'>> =>
    request('POST', '/stock/closings', { body }, options),
  /** Take the last closing back, with a reason that is kept (POST /stock/closings/:id/reopen) */
  reopenStock: (
    params: ParamsOf<'reopenStock'>,
    body: BodyOf<'reopenStock'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'reopenStock'>> => request('POST', '/stock/closings/:id/reopen', { params, body }, options),
  /** Shipments, the newest first, without their lines (GET /shipments) */
  shipments: (query: QueryOf<'shipments'>, options?: RequestOptions): Promise<RouteOutput<'shipments'>> =>
    request('GET', '/shipments', { query }, options),
  /** A shipment by id or number (GET /shipments/:id) */
  shipment: (params: ParamsOf<'shipment'>, options?: RequestOptions): Promise<RouteOutput<'shipment'>> =>
    request('GET', '/shipments/:id', { params }, options),
  /** Start a shipment (POST /shipments) */
  createShipment: (body: BodyOf<'createShipment'>, options?: RequestOptions): Promise<RouteOutput<'createShipment'>> =>
    request('POST', '/shipments', { body }, options),
  /** Put a scanned box or lot on a shipment; refused when it is on hold or on one already (POST /shipments/:id/load) */
  loadShipment: (
    params: ParamsOf<'loadShipment'>,
    body: BodyOf<'loadShipment'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'loadShipment'>> => request('POST', '/shipments/:id/load', { params, body }, options),
  /** Take a box or lot off a shipment that has not left (POST /shipments/:id/unload) */
  unloadShipment: (
    params: ParamsOf<'unloadShipment'>,
    body: BodyOf<'unloadShipment'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'unloadShipment'>> => request('POST', '/shipments/:id/unload', { params, body }, options),
  /** The shipment leaves: stock goes down, holds are asked once more (POST /shipments/:id/send) */
  sendShipment: (
    params: ParamsOf<'sendShipment'>,
    body: BodyOf<'sendShipment'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'sendShipment'>> => request('POST', '/shipments/:id/send', { params, body }, options),
  /** Give up a shipment that has not left (POST /shipments/:id/cancel) */
  cancelShipment: (
    params: ParamsOf<'cancelShipment'>,
    body: BodyOf<'cancelShipment'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'cancelShipment'>> => request('POST', '/shipments/:id/cancel', { params, body }, options),
  /** Stock counts (재고실사), the newest first, without their lines (GET /stock/counts) */
  stockCounts: (query: QueryOf<'stockCounts'>, options?: RequestOptions): Promise<RouteOutput<'stockCounts'>> =>
    request('GET', '/stock/counts', { query }, options),
  /** A stock count with its lines (GET /stock/counts/:id) */
  stockCount: (params: ParamsOf<'stockCount'>, options?: RequestOptions): Promise<RouteOutput<'stockCount'>> =>
    request('GET', '/stock/counts/:id', { params }, options),
  /** Start a count: the book stock of the places is frozen (POST /stock/counts) */
  startStockCount: (
    body: BodyOf<'startStockCount'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'startStockCount'>> => request('POST', '/stock/counts', { body }, options),
  /** Record what was counted of a lot at a place; the last figure holds (POST /stock/counts/:id/count) */
  countStock: (
    params: ParamsOf<'countStock'>,
    body: BodyOf<'countStock'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'countStock'>> => request('POST', '/stock/counts/:id/count', { params, body }, options),
  /** Post the differences; movements since the freeze are kept. Lines nobody counted stay, or count as nothing (POST /stock/counts/:id/post) */
  postStockCount: (
    params: ParamsOf<'postStockCount'>,
    body: BodyOf<'postStockCount'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'postStockCount'>> => request('POST', '/stock/counts/:id/post', { params, body }, options),
  /** Give up a count (POST /stock/counts/:id/cancel) */
  cancelStockCount: (
    params: ParamsOf<'cancelStockCount'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'cancelStockCount'>> => request('POST', '/stock/counts/:id/cancel', { params }, options),
  /** Print labels on a label printer; they wait in a queue while it is off (POST /labels/print) */
  printLabels: (body: BodyOf<'printLabels'>, options?: RequestOptions): Promise<RouteOutput<'printLabels'>> =>
    request('POST', '/labels/print', { body }, options),
  /** Labels that wait or were printed, the newest first (GET /labels/jobs) */
  printJobs: (query: QueryOf<'printJobs'>, options?: RequestOptions): Promise<RouteOutput<'printJobs'>> =>
    request('GET', '/labels/jobs', { query }, options),
  /** Try a label again now (POST /labels/jobs/:id/retry) */
  retryPrintJob: (params: ParamsOf<'retryPrintJob'>, options?: RequestOptions): Promise<RouteOutput<'retryPrintJob'>> =>
    request('POST', '/labels/jobs/:id/retry', { params }, options),
  /** Take a label out of the queue (POST /labels/jobs/:id/cancel) */
  cancelPrintJob: (
    params: ParamsOf<'cancelPrintJob'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'cancelPrintJob'>> => request('POST', '/labels/jobs/:id/cancel', { params }, options),
  /** Inspections, the newest first (GET /quality/inspections) */
  inspections: (query: QueryOf<'inspections'>, options?: RequestOptions): Promise<RouteOutput<'inspections'>> =>
    request('GET', '/quality/inspections', { query }, options),
  /** One inspection by id or number (GET /quality/inspections/:id) */
  inspection: (params: ParamsOf<'inspection'>, options?: RequestOptions): Promise<RouteOutput<'inspection'>> =>
    request('GET', '/quality/inspections/:id', { params }, options),
  /** Ask for the inspections of a stage, on a lot or a run; what is there already is given again (POST /quality/inspections) */
  askInspection: (body: BodyOf<'askInspection'>, options?: RequestOptions): Promise<RouteOutput<'askInspection'>> =>
    request('POST', '/quality/inspections', { body }, options),
  /** Values, and the verdict with `finish`; the same values sent twice change nothing (POST /quality/inspections/:id/results) */
  recordInspection: (
    params: ParamsOf<'recordInspection'>,
    body: BodyOf<'recordInspection'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'recordInspection'>> =>
    request('POST', '/quality/inspections/:id/results', { params, body }, options),
  /** Takes the newest value of each characteristic that a signal measures (POST /quality/inspections/:id/signals) */
  measureBySignal: (
    params: ParamsOf<'measureBySignal'>,
    body: BodyOf<'measureBySignal'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'measureBySignal'>> =>
    request('POST', '/quality/inspections/:id/signals', { params, body }, options),
  /** The last values of a characteristic, oldest first, for the small chart beside the entry (GET /quality/series/recent) */
  recentValues: (query: QueryOf<'recentValues'>, options?: RequestOptions): Promise<RouteOutput<'recentValues'>> =>
    request('GET', '/quality/series/recent', { query }, options),
  /** Which parts a QIF file has, which of its elements could be their serial number, and the lots found by it (POST /quality/inspections/qif/preview) */
  previewQif: (body: BodyOf<'previewQif'>, options?: RequestOptions): Promise<RouteOutput<'previewQif'>> =>
    request('POST', '/quality/inspections/qif/preview', { body }, options),
  /** Results of a measuring machine (QIF 2 or 3, XML) as inspections; the same file twice adds nothing (POST /quality/inspections/qif) */
  importQif: (body: BodyOf<'importQif'>, options?: RequestOptions): Promise<RouteOutput<'importQif'>> =>
    request('POST', '/quality/inspections/qif', { body }, options),
  /** Imported measurements whose lot or serial is not known yet, the newest first (GET /quality/inspections/unlinked) */
  unlinkedInspections: (
    query: QueryOf<'unlinkedInspections'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'unlinkedInspections'>> => request('GET', '/quality/inspections/unlinked', { query }, options),
  /** Says of which lot or serial an imported measurement is; a rejected one is held (POST /quality/inspections/:id/lot) */
  linkInspection: (
    params: ParamsOf<'linkInspection'>,
    body: BodyOf<'linkInspection'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'linkInspection'>> =>
    request('POST', '/quality/inspections/:id/lot', { params, body }, options),
  /** Switching state of every sampled plan and supplier (ISO 2859-1), with its history (GET /quality/severity) */
  severitySeries: (
    query: QueryOf<'severitySeries'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'severitySeries'>> => request('GET', '/quality/severity', { query }, options),
  /** Reopens discontinued inspection, under tightened severity (POST /quality/severity/resume) */
  resumeSampling: (body: BodyOf<'resumeSampling'>, options?: RequestOptions): Promise<RouteOutput<'resumeSampling'>> =>
    request('POST', '/quality/severity/resume', { body }, options),
  /** Sample size and acceptance of ISO 2859-1 for a lot, with the operating characteristic (GET /quality/sampling-plan) */
  samplingPlan: (query: QueryOf<'samplingPlan'>, options?: RequestOptions): Promise<RouteOutput<'samplingPlan'>> =>
    request('GET', '/quality/sampling-plan', { query }, options),
  /** Nonconformities and complaints, the newest first (GET /quality/nonconformities) */
  nonconformities: (
    query: QueryOf<'nonconformities'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'nonconformities'>> => request('GET', '/quality/nonconformities', { query }, options),
  /** One nonconformity by id or number (GET /quality/nonconformities/:id) */
  nonconformity: (params: ParamsOf<'nonconformity'>, options?: RequestOptions): Promise<RouteOutput<'nonconformity'>> =>
    request('GET', '/quality/nonconformities/:id', { params }, options),
  /** Report a nonconformity or a complaint; its lots are held at once (POST /quality/nonconformities) */
  openNonconformity: (
    body: BodyOf<'openNonconformity'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'openNonconformity'>> => request('POST', '/quality/nonconformities', { body }, options),
  /** Add lots, pictures, a due date, or correct the words (PATCH /quality/nonconformities/:id) */
  changeNonconformity: (
    params: ParamsOf<'changeNonconformity'>,
    body: BodyOf<'changeNonconformity'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'changeNonconformity'>> =>
    request('PATCH', '/quality/nonconformities/:id', { params, body }, options),
  /** Concession, rework, scrap, return or release of lots; concession needs an engineer (POST /quality/nonconformities/:id/decisions) */
  decideNonconformity: (
    params: ParamsOf<'decideNonconformity'>,
    body: BodyOf<'decideNonconformity'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'decideNonconformity'>> =>
    request('POST', '/quality/nonconformities/:id/decisions', { params, body }, options),
  /** The 8D report with its measures and due dates (PUT /quality/nonconformities/:id/8d) */
  saveEightD: (
    params: ParamsOf<'saveEightD'>,
    body: BodyOf<'saveEightD'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'saveEightD'>> => request('PUT', '/quality/nonconformities/:id/8d', { params, body }, options),
  /** Whether the measures worked; not effective opens the report again (POST /quality/nonconformities/:id/effectiveness) */
  checkEffectiveness: (
    params: ParamsOf<'checkEffectiveness'>,
    body: BodyOf<'checkEffectiveness'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'checkEffectiveness'>> =>
    request('POST', '/quality/nonconformities/:id/effectiveness', { params, body }, options),
  /** Close: every lot decided, every measure done, effectiveness checked (POST /quality/nonconformities/:id/close) */
  closeNonconformity: (
    params: ParamsOf<'closeNonconformity'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'closeNonconformity'>> =>
    request('POST', '/quality/nonconformities/:id/close', { params }, options),
  /** Control charts (GET /quality/charts) */
  spcCharts: (query: QueryOf<'spcCharts'>, options?: RequestOptions): Promise<RouteOutput<'spcCharts'>> =>
    request('GET', '/quality/charts', { query }, options),
  /** A chart on a characteristic of a control plan, or on a signal (POST /quality/charts) */
  createChart: (body: BodyOf<'createChart'>, options?: RequestOptions): Promise<RouteOutput<'createChart'>> =>
    request('POST', '/quality/charts', { body }, options),
  /** Rules, stages, exclusions with their cause; `active` false ends it (PATCH /quality/charts/:id) */
  changeChart: (
    params: ParamsOf<'changeChart'>,
    body: BodyOf<'changeChart'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'changeChart'>> => request('PATCH', '/quality/charts/:id', { params, body }, options),
  /** Limits from the points of a window, frozen from then on (POST /quality/charts/:id/baseline) */
  freezeBaseline: (
    params: ParamsOf<'freezeBaseline'>,
    body: BodyOf<'freezeBaseline'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'freezeBaseline'>> =>
    request('POST', '/quality/charts/:id/baseline', { params, body }, options),
  /** Points with limits and rule hits, and the capability of the window (GET /quality/charts/:id/data) */
  chartData: (
    params: ParamsOf<'chartData'>,
    query: QueryOf<'chartData'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'chartData'>> => request('GET', '/quality/charts/:id/data', { params, query }, options),
  /** Measurement system studies, the newest first (GET /quality/studies) */
  studies: (query: QueryOf<'studies'>, options?: RequestOptions): Promise<RouteOutput<'studies'>> =>
    request('GET', '/quality/studies', { query }, options),
  /** One study (GET /quality/studies/:id) */
  study: (params: ParamsOf<'study'>, options?: RequestOptions): Promise<RouteOutput<'study'>> =>
    request('GET', '/quality/studies/:id', { params }, options),
  /** A new study, or new values for one that has no result yet (POST /quality/studies) */
  saveStudy: (body: BodyOf<'saveStudy'>, options?: RequestOptions): Promise<RouteOutput<'saveStudy'>> =>
    request('POST', '/quality/studies', { body }, options),
  /** What a spreadsheet (XLSX or CSV) says of a study: all its values, or what is wrong; nothing is stored (POST /quality/studies/:id/file) */
  readStudyFile: (
    params: ParamsOf<'readStudyFile'>,
    query: QueryOf<'readStudyFile'>,
    body: BodyOf<'readStudyFile'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'readStudyFile'>> =>
    request('POST', '/quality/studies/:id/file', { params, query, body }, options),
  /** Limit samples in force (GET /quality/limit-samples) */
  limitSamples: (query: QueryOf<'limitSamples'>, options?: RequestOptions): Promise<RouteOutput<'limitSamples'>> =>
    request('GET', '/quality/limit-samples', { query }, options),
  /** A limit sample with its pictures; an id changes that one (POST /quality/limit-samples) */
  saveLimitSample: (
    body: BodyOf<'saveLimitSample'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'saveLimitSample'>> => request('POST', '/quality/limit-samples', { body }, options),
  /** Inspections and lots that a gauge measured in a window: what is in doubt when its calibration fails (GET /quality/gauges/:id/use) */
  gaugeUse: (
    params: ParamsOf<'gaugeUse'>,
    query: QueryOf<'gaugeUse'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'gaugeUse'>> => request('GET', '/quality/gauges/:id/use', { params, query }, options),
  /** People of the floor with their skills (GET /people) */
  people: (query: QueryOf<'people'>, options?: RequestOptions): Promise<RouteOutput<'people'>> =>
    request('GET', '/people', { query }, options),
  /** Add a person with a badge (POST /people) */
  createPerson: (body: BodyOf<'createPerson'>, options?: RequestOptions): Promise<RouteOutput<'createPerson'>> =>
    request('POST', '/people', { body }, options),
  /** Change badge, name, team, language or activity (PATCH /people/:id) */
  updatePerson: (
    params: ParamsOf<'updatePerson'>,
    body: BodyOf<'updatePerson'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'updatePerson'>> => request('PATCH', '/people/:id', { params, body }, options),
  /** Grant a skill or raise its level (POST /people/:id/skills) */
  grantSkill: (
    params: ParamsOf<'grantSkill'>,
    body: BodyOf<'grantSkill'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'grantSkill'>> => request('POST', '/people/:id/skills', { params, body }, options),
  /** Withdraw a skill (DELETE /people/:id/skills/:skill) */
  withdrawSkill: (params: ParamsOf<'withdrawSkill'>, options?: RequestOptions): Promise<RouteOutput<'withdrawSkill'>> =>
    request('DELETE', '/people/:id/skills/:skill', { params }, options),
  /** Skills that expire within some days or have expired (GET /people/skills/expiring) */
  expiringSkills: (
    query: QueryOf<'expiringSkills'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'expiringSkills'>> => request('GET', '/people/skills/expiring', { query }, options),
  /** Training records, newest first (GET /people/trainings) */
  trainings: (query: QueryOf<'trainings'>, options?: RequestOptions): Promise<RouteOutput<'trainings'>> =>
    request('GET', '/people/trainings', { query }, options),
  /** Record a training; who passed gets its skills (POST /people/trainings) */
  recordTraining: (body: BodyOf<'recordTraining'>, options?: RequestOptions): Promise<RouteOutput<'recordTraining'>> =>
    request('POST', '/people/trainings', { body }, options),
  /** Skills that expire, risk assessments to be looked at again, safety measures past their day (GET /people/reminders) */
  peopleReminders: (
    query: QueryOf<'peopleReminders'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'peopleReminders'>> => request('GET', '/people/reminders', { query }, options),
  /** Skill matrix, training log or safety records as CSV or Excel (GET /people/file) */
  peopleFileAddress: (query: QueryOf<'peopleFile'>): string => address('/people/file', { query }),
  /** Near misses, risk assessments and toolbox meetings, newest first (GET /safety) */
  safetyRecords: (query: QueryOf<'safetyRecords'>, options?: RequestOptions): Promise<RouteOutput<'safetyRecords'>> =>
    request('GET', '/safety', { query }, options),
  /** Report a near miss, record an assessment or a toolbox meeting (POST /safety) */
  reportSafety: (body: BodyOf<'reportSafety'>, options?: RequestOptions): Promise<RouteOutput<'reportSafety'>> =>
    request('POST', '/safety', { body }, options),
  /** Add a measure (POST /safety/:id/measures) */
  addSafetyMeasure: (
    params: ParamsOf<'addSafetyMeasure'>,
    body: BodyOf<'addSafetyMeasure'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'addSafetyMeasure'>> => request('POST', '/safety/:id/measures', { params, body }, options),
  /** A measure is done, with its proof (POST /safety/:id/measures/:measure/done) */
  finishSafetyMeasure: (
    params: ParamsOf<'finishSafetyMeasure'>,
    body: BodyOf<'finishSafetyMeasure'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'finishSafetyMeasure'>> =>
    request('POST', '/safety/:id/measures/:measure/done', { params, body }, options),
  /** A risk assessment was looked at again and still holds; it comes back after a year (POST /safety/:id/review) */
  reviewSafety: (
    params: ParamsOf<'reviewSafety'>,
    body: BodyOf<'reviewSafety'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'reviewSafety'>> => request('POST', '/safety/:id/review', { params, body }, options),
  /** Close; every measure must be done (POST /safety/:id/close) */
  closeSafety: (params: ParamsOf<'closeSafety'>, options?: RequestOptions): Promise<RouteOutput<'closeSafety'>> =>
    request('POST', '/safety/:id/close', { params }, options),
  /** Lines of customers’ orders, by due date (GET /sales-orders) */
  salesOrders: (query: QueryOf<'salesOrders'>, options?: RequestOptions): Promise<RouteOutput<'salesOrders'>> =>
    request('GET', '/sales-orders', { query }, options),
  /** Add a line of a customer’s order (POST /sales-orders) */
  createSalesOrder: (
    body: BodyOf<'createSalesOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'createSalesOrder'>> => request('POST', '/sales-orders', { body }, options),
  /** Change due date, priority, quantity or note, or cancel (PATCH /sales-orders/:id) */
  updateSalesOrder: (
    params: ParamsOf<'updateSalesOrder'>,
    body: BodyOf<'updateSalesOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'updateSalesOrder'>> => request('PATCH', '/sales-orders/:id', { params, body }, options),
  /** Work orders, by due date and priority (GET /work-orders) */
  workOrders: (query: QueryOf<'workOrders'>, options?: RequestOptions): Promise<RouteOutput<'workOrders'>> =>
    request('GET', '/work-orders', { query }, options),
  /** One work order, by id or number (GET /work-orders/:id) */
  workOrder: (params: ParamsOf<'workOrder'>, options?: RequestOptions): Promise<RouteOutput<'workOrder'>> =>
    request('GET', '/work-orders/:id', { params }, options),
  /** Plan a work order from item, routing and bill of materials (POST /work-orders) */
  createWorkOrder: (
    body: BodyOf<'createWorkOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'createWorkOrder'>> => request('POST', '/work-orders', { body }, options),
  /** Change due date, priority, quantity or note (PATCH /work-orders/:id) */
  updateWorkOrder: (
    params: ParamsOf<'updateWorkOrder'>,
    body: BodyOf<'updateWorkOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'updateWorkOrder'>> => request('PATCH', '/work-orders/:id', { params, body }, options),
  /** Release, hold, resume, finish, close or cancel (POST /work-orders/:id/act) */
  actOnWorkOrder: (
    params: ParamsOf<'actOnWorkOrder'>,
    body: BodyOf<'actOnWorkOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'actOnWorkOrder'>> => request('POST', '/work-orders/:id/act', { params, body }, options),
  /** Split a quantity that was not begun into an order of its own (POST /work-orders/:id/split) */
  splitWorkOrder: (
    params: ParamsOf<'splitWorkOrder'>,
    body: BodyOf<'splitWorkOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'splitWorkOrder'>> => request('POST', '/work-orders/:id/split', { params, body }, options),
  /** Merge orders of one item that were not begun into the first (POST /work-orders/merge) */
  mergeWorkOrders: (
    body: BodyOf<'mergeWorkOrders'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'mergeWorkOrders'>> => request('POST', '/work-orders/merge', { body }, options),
  /** Send pieces back to an earlier operation, as an order for rework (POST /work-orders/:id/rework) */
  reworkWorkOrder: (
    params: ParamsOf<'reworkWorkOrder'>,
    body: BodyOf<'reworkWorkOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'reworkWorkOrder'>> => request('POST', '/work-orders/:id/rework', { params, body }, options),
  /** Choose machine, place in its sequence, or outsourcer of a step (PUT /work-orders/:id/steps/:step) */
  planStep: (
    params: ParamsOf<'planStep'>,
    body: BodyOf<'planStep'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'planStep'>> => request('PUT', '/work-orders/:id/steps/:step', { params, body }, options),
  /** Leave out a step that the routing lets be left out (POST /work-orders/:id/steps/:step/skip) */
  skipStep: (
    params: ParamsOf<'skipStep'>,
    body: BodyOf<'skipStep'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'skipStep'>> =>
    request('POST', '/work-orders/:id/steps/:step/skip', { params, body }, options),
  /** Send pieces to the outsourcer, with the material supplied to it (POST /work-orders/:id/steps/:step/send) */
  sendStep: (
    params: ParamsOf<'sendStep'>,
    body: BodyOf<'sendStep'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'sendStep'>> =>
    request('POST', '/work-orders/:id/steps/:step/send', { params, body }, options),
  /** Receive pieces back from the outsourcer (POST /work-orders/:id/steps/:step/receive) */
  receiveStep: (
    params: ParamsOf<'receiveStep'>,
    body: BodyOf<'receiveStep'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'receiveStep'>> =>
    request('POST', '/work-orders/:id/steps/:step/receive', { params, body }, options),
  /** What a machine does next, and whether tool and material are there (GET /dispatch) */
  dispatchList: (query: QueryOf<'dispatchList'>, options?: RequestOptions): Promise<RouteOutput<'dispatchList'>> =>
    request('GET', '/dispatch', { query }, options),
  /** The lists of all machines of a part of the plant, and steps without a machine (GET /dispatch/board) */
  dispatchBoard: (query: QueryOf<'dispatchBoard'>, options?: RequestOptions): Promise<RouteOutput<'dispatchBoard'>> =>
    request('GET', '/dispatch/board', { query }, options),
  /** Runs, the newest first (GET /runs) */
  runs: (query: QueryOf<'runs'>, options?: RequestOptions): Promise<RouteOutput<'runs'>> =>
    request('GET', '/runs', { query }, options),
  /** One run (GET /runs/:id) */
  run: (params: ParamsOf<'run'>, options?: RequestOptions): Promise<RouteOutput<'run'>> =>
    request('GET', '/runs/:id', { params }, options),
  /** Start a step of an order at a machine (POST /runs) */
  startRun: (body: BodyOf<'startRun'>, options?: RequestOptions): Promise<RouteOutput<'startRun'>> =>
    request('POST', '/runs', { body }, options),
  /** Pause, resume or finish a run, end its set-up, join or leave it (POST /runs/:id/act) */
  actOnRun: (
    params: ParamsOf<'actOnRun'>,
    body: BodyOf<'actOnRun'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'actOnRun'>> => request('POST', '/runs/:id/act', { params, body }, options),
  /** Confirm pieces since the last confirmation; another figure than the machine’s needs a reason (POST /runs/:id/results) */
  confirmRun: (
    params: ParamsOf<'confirmRun'>,
    body: BodyOf<'confirmRun'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'confirmRun'>> => request('POST', '/runs/:id/results', { params, body }, options),
  /** Put a scanned lot into a run (POST /runs/:id/inputs) */
  useLot: (
    params: ParamsOf<'useLot'>,
    body: BodyOf<'useLot'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'useLot'>> => request('POST', '/runs/:id/inputs', { params, body }, options),
  /** Pack pieces of a run into a box (POST /runs/:id/boxes) */
  packRun: (
    params: ParamsOf<'packRun'>,
    body: BodyOf<'packRun'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'packRun'>> => request('POST', '/runs/:id/boxes', { params, body }, options),
  /** Confirmed results and their corrections, the newest first (GET /run-results) */
  runResults: (query: QueryOf<'runResults'>, options?: RequestOptions): Promise<RouteOutput<'runResults'>> =>
    request('GET', '/run-results', { query }, options),
  /** Correct a confirmed result; the earlier figure stays readable (POST /run-results/:id/correct) */
  correctResult: (
    params: ParamsOf<'correctResult'>,
    body: BodyOf<'correctResult'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'correctResult'>> => request('POST', '/run-results/:id/correct', { params, body }, options),
  /** Material of confirmed pieces that was not in the book, the newest first (GET /shortages) */
  shortages: (query: QueryOf<'shortages'>, options?: RequestOptions): Promise<RouteOutput<'shortages'>> =>
    request('GET', '/shortages', { query }, options),
  /** Say which lot and quantity was really used, or that nothing was (POST /shortages/:id/settle) */
  settleShortage: (
    params: ParamsOf<'settleShortage'>,
    body: BodyOf<'settleShortage'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'settleShortage'>> => request('POST', '/shortages/:id/settle', { params, body }, options),
  /** How the plant works with orders and results (GET /production-rules) */
  productionRules: (options?: RequestOptions): Promise<RouteOutput<'productionRules'>> =>
    request('GET', '/production-rules', {}, options),
  /** Choose how the plant works with orders and results (PUT /production-rules) */
  saveProductionRules: (
    body: BodyOf<'saveProductionRules'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'saveProductionRules'>> => request('PUT', '/production-rules', { body }, options),
  /** Output, OEE, scrap by defect and due dates, from confirmed results (GET /production-summary) */
  productionSummary: (
    query: QueryOf<'productionSummary'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'productionSummary'>> => request('GET', '/production-summary', { query }, options),
  /** Who worked when on what (GET /labour) */
  labour: (query: QueryOf<'labour'>, options?: RequestOptions): Promise<RouteOutput<'labour'>> =>
    request('GET', '/labour', { query }, options),
  /** Record hours that nobody scanned (POST /labour) */
  addLabour: (body: BodyOf<'addLabour'>, options?: RequestOptions): Promise<RouteOutput<'addLabour'>> =>
    request('POST', '/labour', { body }, options),
  /** Daily work reports of a day: of shifts in which something was recorded (GET /daily-reports) */
  dailyReports: (query: QueryOf<'dailyReports'>, options?: RequestOptions): Promise<RouteOutput<'dailyReports'>> =>
    request('GET', '/daily-reports', { query }, options),
  /** Daily work report of one machine and shift (GET /daily-report) */
  dailyReport: (query: QueryOf<'dailyReport'>, options?: RequestOptions): Promise<RouteOutput<'dailyReport'>> =>
    request('GET', '/daily-report', { query }, options),
  /** Sign a daily report; approval locks it (POST /daily-report/sign) */
  signDailyReport: (
    body: BodyOf<'signDailyReport'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'signDailyReport'>> => request('POST', '/daily-report/sign', { body }, options),
  /** Open a locked daily report again, with a reason that is kept (POST /daily-report/reopen) */
  reopenDailyReport: (
    body: BodyOf<'reopenDailyReport'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'reopenDailyReport'>> => request('POST', '/daily-report/reopen', { body }, options),
  /** Daily work report as a page for printing (GET /daily-report/print) */
  printDailyReportAddress: (query: QueryOf<'printDailyReport'>): string => address('/daily-report/print', { query }),
  /** Daily work reports and the downtime sheet of days, as a workbook (GET /daily-reports/export) */
  exportDailyReportsAddress: (query: QueryOf<'exportDailyReports'>): string =>
    address('/daily-reports/export', { query }),
  /** Shift hand-over notes, the newest first (GET /handovers) */
  handovers: (query: QueryOf<'handovers'>, options?: RequestOptions): Promise<RouteOutput<'handovers'>> =>
    request('GET', '/handovers', { query }, options),
  /** Leave a note to the next shift (POST /handovers) */
  addHandover: (body: BodyOf<'addHandover'>, options?: RequestOptions): Promise<RouteOutput<'addHandover'>> =>
    request('POST', '/handovers', { body }, options),
  /** Say that the note was read (POST /handovers/:id/read) */
  readHandover: (
    params: ParamsOf<'readHandover'>,
    body: BodyOf<'readHandover'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'readHandover'>> => request('POST', '/handovers/:id/read', { params, body }, options),
  /** Calls from the machines, the newest first (GET /calls) */
  calls: (query: QueryOf<'calls'>, options?: RequestOptions): Promise<RouteOutput<'calls'>> =>
    request('GET', '/calls', { query }, options),
  /** Call maintenance, material, quality or the supervisor (POST /calls) */
  raiseCall: (body: BodyOf<'raiseCall'>, options?: RequestOptions): Promise<RouteOutput<'raiseCall'>> =>
    request('POST', '/calls', { body }, options),
  /** Acknowledge or close a call (POST /calls/:id/answer) */
  answerCall: (
    params: ParamsOf<'answerCall'>,
    body: BodyOf<'answerCall'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'answerCall'>> => request('POST', '/calls/:id/answer', { params, body }, options),
  /** 4M change notices, the newest first (GET /changes) */
  changes: (query: QueryOf<'changes'>, options?: RequestOptions): Promise<RouteOutput<'changes'>> =>
    request('GET', '/changes', { query }, options),
  /** Give notice of a 4M change (POST /changes) */
  createChange: (body: BodyOf<'createChange'>, options?: RequestOptions): Promise<RouteOutput<'createChange'>> =>
    request('POST', '/changes', { body }, options),
  /** Submit, approve or reject a 4M change notice (POST /changes/:id/decide) */
  decideChange: (
    params: ParamsOf<'decideChange'>,
    body: BodyOf<'decideChange'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'decideChange'>> => request('POST', '/changes/:id/decide', { params, body }, options),
  /** Who holds this badge (POST /kiosk/person) */
  kioskPerson: (body: BodyOf<'kioskPerson'>, options?: RequestOptions): Promise<RouteOutput<'kioskPerson'>> =>
    request('POST', '/kiosk/person', { body }, options),
  /** Everything that the operator at one machine needs (GET /kiosk/state) */
  kioskState: (query: QueryOf<'kioskState'>, options?: RequestOptions): Promise<RouteOutput<'kioskState'>> =>
    request('GET', '/kiosk/state', { query }, options),
  /** Take in what was typed at a machine, also while it was offline: each entry once, in order (POST /kiosk/sync) */
  kioskSync: (body: BodyOf<'kioskSync'>, options?: RequestOptions): Promise<RouteOutput<'kioskSync'>> =>
    request('POST', '/kiosk/sync', { body }, options),
  /** Entries of kiosks that could not be applied, the newest first (GET /kiosk/rejected) */
  rejectedEntries: (
    query: QueryOf<'rejectedEntries'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'rejectedEntries'>> => request('GET', '/kiosk/rejected', { query }, options),
  /** Apply a rejected entry again, corrected where needed, or dismiss it (POST /kiosk/rejected/:id/resolve) */
  resolveRejected: (
    params: ParamsOf<'resolveRejected'>,
    body: BodyOf<'resolveRejected'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'resolveRejected'>> =>
    request('POST', '/kiosk/rejected/:id/resolve', { params, body }, options),
  /** What is to be done: checks, plans, orders, calibrations, tools near service, parts that are short (GET /maintenance/today) */
  maintenanceToday: (options?: RequestOptions): Promise<RouteOutput<'maintenanceToday'>> =>
    request('GET', '/maintenance/today', {}, options),
  /** A machine or tool by its code, path or scanned label, with what is to be done on it (GET /maintenance/subject) */
  maintenanceSubject: (
    query: QueryOf<'maintenanceSubject'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'maintenanceSubject'>> => request('GET', '/maintenance/subject', { query }, options),
  /** Check sheets in force (GET /maintenance/sheets) */
  checkSheets: (options?: RequestOptions): Promise<RouteOutput<'checkSheets'>> =>
    request('GET', '/maintenance/sheets', {}, options),
  /** Make a check sheet or a new version of it (PUT /maintenance/sheets/:code) */
  putCheckSheet: (
    params: ParamsOf<'putCheckSheet'>,
    body: BodyOf<'putCheckSheet'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'putCheckSheet'>> => request('PUT', '/maintenance/sheets/:code', { params, body }, options),
  /** Checks to be done in the running period, the overdue first (GET /maintenance/checks/due) */
  checksDue: (query: QueryOf<'checksDue'>, options?: RequestOptions): Promise<RouteOutput<'checksDue'>> =>
    request('GET', '/maintenance/checks/due', { query }, options),
  /** Checks done, newest first (GET /maintenance/checks) */
  checksDone: (query: QueryOf<'checksDone'>, options?: RequestOptions): Promise<RouteOutput<'checksDone'>> =>
    request('GET', '/maintenance/checks', { query }, options),
  /** Record a check; each failed item opens a request (POST /maintenance/checks) */
  doCheck: (body: BodyOf<'doCheck'>, options?: RequestOptions): Promise<RouteOutput<'doCheck'>> =>
    request('POST', '/maintenance/checks', { body }, options),
  /** Preventive plans, the nearest first (GET /maintenance/plans) */
  maintenancePlans: (
    query: QueryOf<'maintenancePlans'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'maintenancePlans'>> => request('GET', '/maintenance/plans', { query }, options),
  /** Make or change a preventive plan (PUT /maintenance/plans/:code) */
  putMaintenancePlan: (
    params: ParamsOf<'putMaintenancePlan'>,
    body: BodyOf<'putMaintenancePlan'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'putMaintenancePlan'>> =>
    request('PUT', '/maintenance/plans/:code', { params, body }, options),
  /** Requests and orders, newest first (GET /maintenance/orders) */
  maintenanceOrders: (
    query: QueryOf<'maintenanceOrders'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'maintenanceOrders'>> => request('GET', '/maintenance/orders', { query }, options),
  /** An order by id or number, with the stops of its machine as the equipment module knows them (GET /maintenance/orders/:id) */
  maintenanceOrder: (
    params: ParamsOf<'maintenanceOrder'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'maintenanceOrder'>> => request('GET', '/maintenance/orders/:id', { params }, options),
  /** Ask for maintenance (POST /maintenance/orders) */
  requestMaintenance: (
    body: BodyOf<'requestMaintenance'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'requestMaintenance'>> => request('POST', '/maintenance/orders', { body }, options),
  /** Accept, assign, start or cancel (PATCH /maintenance/orders/:id) */
  changeMaintenance: (
    params: ParamsOf<'changeMaintenance'>,
    body: BodyOf<'changeMaintenance'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'changeMaintenance'>> =>
    request('PATCH', '/maintenance/orders/:id', { params, body }, options),
  /** Report the work with cause, action, hours and parts taken from stock (POST /maintenance/orders/:id/done) */
  finishMaintenance: (
    params: ParamsOf<'finishMaintenance'>,
    body: BodyOf<'finishMaintenance'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'finishMaintenance'>> =>
    request('POST', '/maintenance/orders/:id/done', { params, body }, options),
  /** A leader has looked and agrees, or sends it back (POST /maintenance/orders/:id/verified) */
  verifyMaintenance: (
    params: ParamsOf<'verifyMaintenance'>,
    body: BodyOf<'verifyMaintenance'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'verifyMaintenance'>> =>
    request('POST', '/maintenance/orders/:id/verified', { params, body }, options),
  /** Spare parts with what is there and what should be (GET /maintenance/spare-parts) */
  spareParts: (query: QueryOf<'spareParts'>, options?: RequestOptions): Promise<RouteOutput<'spareParts'>> =>
    request('GET', '/maintenance/spare-parts', { query }, options),
  /** Tools with their shots, the nearest to service first (GET /maintenance/tools) */
  toolCards: (query: QueryOf<'toolCards'>, options?: RequestOptions): Promise<RouteOutput<'toolCards'>> =>
    request('GET', '/maintenance/tools', { query }, options),
  /** A tool card with its history (GET /maintenance/tools/:code) */
  toolHistory: (params: ParamsOf<'toolHistory'>, options?: RequestOptions): Promise<RouteOutput<'toolHistory'>> =>
    request('GET', '/maintenance/tools/:code', { params }, options),
  /** Mount, dismount, service, clean, repair, block or open a cavity, calibrate (POST /maintenance/tools/:code/events) */
  recordToolEvent: (
    params: ParamsOf<'recordToolEvent'>,
    body: BodyOf<'recordToolEvent'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'recordToolEvent'>> =>
    request('POST', '/maintenance/tools/:code/events', { params, body }, options),
  /** Orders, checks, tool histories or spare parts as CSV or Excel (GET /maintenance/file) */
  maintenanceFileAddress: (query: QueryOf<'maintenanceFile'>): string => address('/maintenance/file', { query }),
  /** MTBF, MTTR and availabilities of machines in a window, with the definitions stated (GET /maintenance/reliability) */
  reliability: (query: QueryOf<'reliability'>, options?: RequestOptions): Promise<RouteOutput<'reliability'>> =>
    request('GET', '/maintenance/reliability', { query }, options),
  /** Cards by words as people type them, or the newest (GET /know-how) */
  knowHow: (query: QueryOf<'knowHow'>, options?: RequestOptions): Promise<RouteOutput<'knowHow'>> =>
    request('GET', '/know-how', { query }, options),
  /** Cards that fit a trouble that is here now, the best first (GET /know-how/offers) */
  knowHowOffers: (query: QueryOf<'knowHowOffers'>, options?: RequestOptions): Promise<RouteOutput<'knowHowOffers'>> =>
    request('GET', '/know-how/offers', { query }, options),
  /** A card with its earlier versions (GET /know-how/:id) */
  knowHowCard: (params: ParamsOf<'knowHowCard'>, options?: RequestOptions): Promise<RouteOutput<'knowHowCard'>> =>
    request('GET', '/know-how/:id', { params }, options),
  /** Capture a card; symptom and action are enough (POST /know-how) */
  addKnowHow: (body: BodyOf<'addKnowHow'>, options?: RequestOptions): Promise<RouteOutput<'addKnowHow'>> =>
    request('POST', '/know-how', { body }, options),
  /** A new version of a card; the earlier one is kept (PUT /know-how/:id) */
  changeKnowHow: (
    params: ParamsOf<'changeKnowHow'>,
    body: BodyOf<'changeKnowHow'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'changeKnowHow'>> => request('PUT', '/know-how/:id', { params, body }, options),
  /** Approve, retire or take back (POST /know-how/:id/status) */
  judgeKnowHow: (
    params: ParamsOf<'judgeKnowHow'>,
    body: BodyOf<'judgeKnowHow'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'judgeKnowHow'>> => request('POST', '/know-how/:id/status', { params, body }, options),
  /** Whether the card helped (POST /know-how/:id/helped) */
  knowHowHelped: (
    params: ParamsOf<'knowHowHelped'>,
    body: BodyOf<'knowHowHelped'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'knowHowHelped'>> => request('POST', '/know-how/:id/helped', { params, body }, options),
  /** Genealogy of a lot or box, both ways, as a graph (GET /trace/:id) */
  trace: (
    params: ParamsOf<'trace'>,
    query: QueryOf<'trace'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'trace'>> => request('GET', '/trace/:id', { params, query }, options),
  /** Genealogy with runs, machine, mould, operators, parameters, inspections, alarms and energy (GET /trace/:id/report) */
  traceReport: (
    params: ParamsOf<'traceReport'>,
    query: QueryOf<'traceReport'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'traceReport'>> => request('GET', '/trace/:id/report', { params, query }, options),
  /** Recall simulation: which boxes, shipments and customers have some of these lots, and what is still here (POST /trace/recall) */
  recall: (body: BodyOf<'recall'>, options?: RequestOptions): Promise<RouteOutput<'recall'>> =>
    request('POST', '/trace/recall', { body }, options),
  /** The lot that a GS1 Digital Link address or a scanned label means (GET /resolve) */
  resolveLink: (query: QueryOf<'resolveLink'>, options?: RequestOptions): Promise<RouteOutput<'resolveLink'>> =>
    request('GET', '/resolve', { query }, options),
  /** EPCIS 2.0 events: the stock ledger as a view, and events that partners sent (SimpleEventQuery) (GET /epcis/events) */
  epcisEvents: (query: QueryOf<'epcisEvents'>, options?: RequestOptions): Promise<RouteOutput<'epcisEvents'>> =>
    request('GET', '/epcis/events', { query }, options),
  /** Take in one EPCIS event (POST /epcis/events) */
  epcisCaptureEvent: (
    body: BodyOf<'epcisCaptureEvent'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'epcisCaptureEvent'>> => request('POST', '/epcis/events', { body }, options),
  /** Take in an EPCIS document; answers with the capture job (POST /epcis/capture) */
  epcisCapture: (
    query: QueryOf<'epcisCapture'>,
    body: BodyOf<'epcisCapture'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'epcisCapture'>> => request('POST', '/epcis/capture', { query, body }, options),
  /** State of a capture job (GET /epcis/capture/:id) */
  epcisCaptureJob: (
    params: ParamsOf<'epcisCaptureJob'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'epcisCaptureJob'>> => request('GET', '/epcis/capture/:id', { params }, options),
  /** Named EPCIS queries (GET /epcis/queries) */
  epcisQueries: (options?: RequestOptions): Promise<RouteOutput<'epcisQueries'>> =>
    request('GET', '/epcis/queries', {}, options),
  /** Name an EPCIS query; a name is never given another meaning (POST /epcis/queries) */
  createEpcisQuery: (
    body: BodyOf<'createEpcisQuery'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'createEpcisQuery'>> => request('POST', '/epcis/queries', { body }, options),
  /** Definition of a named EPCIS query (GET /epcis/queries/:queryName) */
  epcisNamedQuery: (
    params: ParamsOf<'epcisNamedQuery'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'epcisNamedQuery'>> => request('GET', '/epcis/queries/:queryName', { params }, options),
  /** Remove a named EPCIS query and end its subscriptions (DELETE /epcis/queries/:queryName) */
  removeEpcisQuery: (
    params: ParamsOf<'removeEpcisQuery'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'removeEpcisQuery'>> => request('DELETE', '/epcis/queries/:queryName', { params }, options),
  /** Events that a named query finds now (GET /epcis/queries/:queryName/events) */
  epcisQueryEvents: (
    params: ParamsOf<'epcisQueryEvents'>,
    query: QueryOf<'epcisQueryEvents'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'epcisQueryEvents'>> =>
    request('GET', '/epcis/queries/:queryName/events', { params, query }, options),
  /** Who is told of what a named query finds (GET /epcis/queries/:queryName/subscriptions) */
  epcisSubscriptions: (
    params: ParamsOf<'epcisSubscriptions'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'epcisSubscriptions'>> =>
    request('GET', '/epcis/queries/:queryName/subscriptions', { params }, options),
  /** Send what a named query finds to an address, by a schedule or as it is recorded; the token signs it (POST /epcis/queries/:queryName/subscriptions) */
  subscribeEpcis: (
    params: ParamsOf<'subscribeEpcis'>,
    body: BodyOf<'subscribeEpcis'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'subscribeEpcis'>> =>
    request('POST', '/epcis/queries/:queryName/subscriptions', { params, body }, options),
  /** One EPCIS subscription (GET /epcis/queries/:queryName/subscriptions/:subscriptionID) */
  epcisSubscription: (
    params: ParamsOf<'epcisSubscription'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'epcisSubscription'>> =>
    request('GET', '/epcis/queries/:queryName/subscriptions/:subscriptionID', { params }, options),
  /** End an EPCIS subscription (DELETE /epcis/queries/:queryName/subscriptions/:subscriptionID) */
  unsubscribeEpcis: (
    params: ParamsOf<'unsubscribeEpcis'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'unsubscribeEpcis'>> =>
    request('DELETE', '/epcis/queries/:queryName/subscriptions/:subscriptionID', { params }, options),
  /** Where documents go (GET /erp/targets) */
  erpTargets: (options?: RequestOptions): Promise<RouteOutput<'erpTargets'>> =>
    request('GET', '/erp/targets', {}, options),
  /** Add or change a target; the secret signs webhooks, or is the Authorization header of an ERP (PUT /erp/targets) */
  saveErpTarget: (body: BodyOf<'saveErpTarget'>, options?: RequestOptions): Promise<RouteOutput<'saveErpTarget'>> =>
    request('PUT', '/erp/targets', { body }, options),
  /** Remove a target; what waits for it is kept as dead (DELETE /erp/targets/:id) */
  removeErpTarget: (
    params: ParamsOf<'removeErpTarget'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'removeErpTarget'>> => request('DELETE', '/erp/targets/:id', { params }, options),
  /** Documents on their way out, the newest first (GET /erp/outbox) */
  erpOutbox: (query: QueryOf<'erpOutbox'>, options?: RequestOptions): Promise<RouteOutput<'erpOutbox'>> =>
    request('GET', '/erp/outbox', { query }, options),
  /** Send a document again now, under the same idempotency key (POST /erp/outbox/:id/resend) */
  resendErpDelivery: (
    params: ParamsOf<'resendErpDelivery'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'resendErpDelivery'>> => request('POST', '/erp/outbox/:id/resend', { params }, options),
  /** Items from the ERP: new ones are added, changed ones get their history, equal ones change nothing (POST /erp/items) */
  receiveErpItems: (
    body: BodyOf<'receiveErpItems'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'receiveErpItems'>> => request('POST', '/erp/items', { body }, options),
  /** Production orders from the ERP, by number; each that cannot be taken is named, the others are taken (POST /erp/orders) */
  receiveErpOrders: (
    body: BodyOf<'receiveErpOrders'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'receiveErpOrders'>> => request('POST', '/erp/orders', { body }, options),
  /** Lines of customers’ orders from the ERP, by number and line: added, changed, cancelled or left alone (POST /erp/sales-orders) */
  receiveErpSalesOrders: (
    body: BodyOf<'receiveErpSalesOrders'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'receiveErpSalesOrders'>> => request('POST', '/erp/sales-orders', { body }, options),
  /** Files that came in, the newest first, and those that wait (GET /erp/files) */
  erpFiles: (query: QueryOf<'erpFiles'>, options?: RequestOptions): Promise<RouteOutput<'erpFiles'>> =>
    request('GET', '/erp/files', { query }, options),
  /** What became of a file, row by row, as CSV (GET /erp/files/:id/report) */
  erpFileReportAddress: (params: ParamsOf<'erpFileReport'>): string => address('/erp/files/:id/report', { params }),
  /** Read a refused file again, after what it names was corrected here (POST /erp/files/:id/retake) */
  retakeErpFile: (params: ParamsOf<'retakeErpFile'>, options?: RequestOptions): Promise<RouteOutput<'retakeErpFile'>> =>
    request('POST', '/erp/files/:id/retake', { params }, options),
  /** Give a file on the screen, as if it had been laid into the folder; it is read at once (POST /erp/targets/:id/files) */
  giveErpFile: (
    params: ParamsOf<'giveErpFile'>,
    query: QueryOf<'giveErpFile'>,
    body: BodyOf<'giveErpFile'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'giveErpFile'>> => request('POST', '/erp/targets/:id/files', { params, query, body }, options),
  /** A B2MML OperationsSchedule (JSON): each request becomes a work order (POST /erp/b2mml/schedule) */
  receiveB2mmlSchedule: (
    body: BodyOf<'receiveB2mmlSchedule'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'receiveB2mmlSchedule'>> => request('POST', '/erp/b2mml/schedule', { body }, options),
  /** Open work orders as a B2MML OperationsSchedule (GET /erp/b2mml/schedule) */
  b2mmlSchedule: (query: QueryOf<'b2mmlSchedule'>, options?: RequestOptions): Promise<RouteOutput<'b2mmlSchedule'>> =>
    request('GET', '/erp/b2mml/schedule', { query }, options),
  /** What became of a work order, as a B2MML OperationsPerformance (GET /erp/b2mml/performance/:number) */
  b2mmlPerformance: (
    params: ParamsOf<'b2mmlPerformance'>,
    options?: RequestOptions,
  ): Promise<RouteOutput<'b2mmlPerformance'>> => request('GET', '/erp/b2mml/performance/:number', { params }, options),
  /** Lots of an item as B2MML MaterialInformation (GET /erp/b2mml/lots) */
  b2mmlLots: (query: QueryOf<'b2mmlLots'>, options?: RequestOptions): Promise<RouteOutput<'b2mmlLots'>> =>
    request('GET', '/erp/b2mml/lots', { query }, options),
  /** Output, quality, cost and delivery of one plant day in won, and its three largest losses (GET /owner/day) */
  ownerDay: (query: QueryOf<'ownerDay'>, options?: RequestOptions): Promise<RouteOutput<'ownerDay'>> =>
    request('GET', '/owner/day', { query }, options),
  /** The rows that a figure of the owner’s page is made of (GET /owner/rows) */
  ownerRows: (query: QueryOf<'ownerRows'>, options?: RequestOptions): Promise<RouteOutput<'ownerRows'>> =>
    request('GET', '/owner/rows', { query }, options),
};
