import { z } from 'zod';
import { Downtime } from './api-entities.ts';
import {
  CheckDone,
  CheckDue,
  CheckItem,
  CheckResult,
  CheckSheet,
  MaintenanceOrder,
  MaintenancePlan,
  MaintenanceToday,
  Reliability,
  SparePart,
  Subject,
  SubjectCard,
  ToolCard,
  ToolEvent,
  Trigger,
} from './maintenance.ts';
import { Quantity } from './quantity.ts';
import { at, clientEntry, idParam, leading, operating, own, type Route, window } from './route.ts';

const code = z.string().trim().min(1).max(60);
const codeParam = z.object({ code: z.string() });
const limit = z.coerce.number().int().min(1).max(1000).default(200);
const text = z.string().trim().max(4000);
const subjectQuery = { kind: Subject.shape.kind.optional(), subject: z.string().max(300).optional() };
const badge = z.string().max(64).optional();
const parts = z
  .array(z.strictObject({ item: code, lot: z.string().max(120).nullable().default(null), quantity: Quantity }))
  .max(50)
  .default([]);
const documents = z.array(z.string().max(80)).max(20).default([]);

export const maintenanceRoutes = {
  maintenanceToday: {
    method: 'GET',
    path: '/maintenance/today',
    summary: 'What is to be done: checks, plans, orders, calibrations, tools near service, parts that are short',
    access: own,
    response: MaintenanceToday,
  },
  maintenanceSubject: {
    method: 'GET',
    path: '/maintenance/subject',
    summary: 'A machine or tool by its code, path or scanned label, with what is to be done on it',
    access: own,
    query: z.object({ code: z.string().trim().min(1).max(500) }),
    response: SubjectCard,
  },
  checkSheets: {
    method: 'GET',
    path: '/maintenance/sheets',
    summary: 'Check sheets in force',
    access: own,
    response: z.array(CheckSheet),
  },
  putCheckSheet: {
    method: 'PUT',
    path: '/maintenance/sheets/:code',
    summary: 'Make a check sheet or a new version of it',
    access: leading,
    params: codeParam,
    body: z.strictObject({
      name: z.string().trim().min(1).max(200),
      subjects: z.array(Subject).min(1).max(500),
      every: CheckSheet.shape.every,
      items: z.array(CheckItem).min(1).max(100),
      active: z.boolean().default(true),
    }),
    response: CheckSheet,
  },
  checksDue: {
    method: 'GET',
    path: '/maintenance/checks/due',
    summary: 'Checks to be done in the running period, the overdue first',
    access: own,
    query: z.object(subjectQuery),
    response: z.array(CheckDue),
  },
  checksDone: {
    method: 'GET',
    path: '/maintenance/checks',
    summary: 'Checks done, newest first',
    access: own,
    query: z.object({ ...subjectQuery, sheet: z.string().optional(), limit }),
    response: z.array(CheckDone),
  },
  doCheck: {
    method: 'POST',
    path: '/maintenance/checks',
    summary: 'Record a check; each failed item opens a request',
    access: operating,
    body: z.strictObject({
      entryId: clientEntry.optional(),
      sheet: code,
      /** A path, a code, or what was scanned. */
      subject: Subject,
      badge,
      time: z.number().int().optional(),
      results: z.array(CheckResult).min(1).max(100),
    }),
    response: CheckDone,
  },
  maintenancePlans: {
    method: 'GET',
    path: '/maintenance/plans',
    summary: 'Preventive plans, the nearest first',
    access: own,
    query: z.object(subjectQuery),
    response: z.array(MaintenancePlan),
  },
  putMaintenancePlan: {
    method: 'PUT',
    path: '/maintenance/plans/:code',
    summary: 'Make or change a preventive plan',
    access: leading,
    params: codeParam,
    body: z.strictObject({
      name: z.string().trim().min(1).max(200),
      subject: Subject,
      triggers: z.array(Trigger).min(1).max(10),
      text: text.default(''),
      parts: z
        .array(z.strictObject({ item: code, quantity: Quantity }))
        .max(50)
        .default([]),
      minutes: z.number().int().min(0).max(100_000).default(0),
      warnAt: z.number().min(0.5).max(1).default(0.9),
      active: z.boolean().default(true),
      /** When it was last done before the plan was made; now when left out. */
      lastDoneAt: z.number().int().optional(),
    }),
    response: MaintenancePlan,
  },
  maintenanceOrders: {
    method: 'GET',
    path: '/maintenance/orders',
    summary: 'Requests and orders, newest first',
    access: own,
    query: z.object({
      ...subjectQuery,
      open: z.enum(['true', 'false']).optional(),
      type: MaintenanceOrder.shape.kind.optional(),
      limit,
    }),
    response: z.array(MaintenanceOrder),
  },
  maintenanceOrder: {
    method: 'GET',
    path: '/maintenance/orders/:id',
    summary: 'An order by id or number, with the stops of its machine as the equipment module knows them',
    access: own,
    params: idParam,
    response: z.object({
      order: MaintenanceOrder,
      /** Unplanned stops that touch the time from the request to the end of the work. */
      stops: z.array(Downtime),
      /** Elapsed time of these stops, not labour. */
      downMs: z.number(),
    }),
  },
  requestMaintenance: {
    method: 'POST',
    path: '/maintenance/orders',
    summary: 'Ask for maintenance',
    access: operating,
    body: z.strictObject({
      entryId: clientEntry.optional(),
      subject: Subject,
      type: MaintenanceOrder.shape.kind.default('corrective'),
      text: text.min(1),
      priority: MaintenanceOrder.shape.priority.default('normal'),
      machineStopped: z.boolean().default(false),
      badge,
      documents,
    }),
    response: MaintenanceOrder,
  },
  changeMaintenance: {
    method: 'PATCH',
    path: '/maintenance/orders/:id',
    summary: 'Accept, assign, start or cancel',
    access: operating,
    params: idParam,
    body: z.strictObject({
      status: z.enum(['accepted', 'inProgress', 'cancelled']).optional(),
      assignee: z.string().max(60).nullable().optional(),
      priority: MaintenanceOrder.shape.priority.optional(),
      note: text.optional(),
    }),
    response: MaintenanceOrder,
  },
  finishMaintenance: {
    method: 'POST',
    path: '/maintenance/orders/:id/done',
    summary: 'Report the work with cause, action, hours and parts taken from stock',
    access: operating,
    params: idParam,
    body: z.strictObject({
      entryId: clientEntry.optional(),
      cause: text.default(''),
      action: text.min(1),
      labour: z
        .array(z.strictObject({ person: z.string().max(60), minutes: z.number().int().min(0).max(100_000) }))
        .max(50)
        .default([]),
      parts,
      documents,
      doneAt: z.number().int().optional(),
    }),
    response: MaintenanceOrder,
  },
  verifyMaintenance: {
    method: 'POST',
    path: '/maintenance/orders/:id/verified',
    summary: 'A leader has looked and agrees, or sends it back',
    access: leading,
    params: idParam,
    body: z.strictObject({ accepted: z.boolean(), note: text.default('') }),
    response: MaintenanceOrder,
  },
  spareParts: {
    method: 'GET',
    path: '/maintenance/spare-parts',
    summary: 'Spare parts with what is there and what should be',
    access: own,
    query: z.object({ short: z.enum(['true', 'false']).optional() }),
    response: z.array(SparePart),
  },
  toolCards: {
    method: 'GET',
    path: '/maintenance/tools',
    summary: 'Tools with their shots, the nearest to service first',
    access: own,
    query: z.object({ kind: z.string().max(20).optional() }),
    response: z.array(ToolCard),
  },
  toolHistory: {
    method: 'GET',
    path: '/maintenance/tools/:code',
    summary: 'A tool card with its history',
    access: own,
    params: codeParam,
    response: z.object({ card: ToolCard, events: z.array(ToolEvent), orders: z.array(MaintenanceOrder) }),
  },
  recordToolEvent: {
    method: 'POST',
    path: '/maintenance/tools/:code/events',
    summary: 'Mount, dismount, service, clean, repair, block or open a cavity, calibrate',
    access: operating,
    params: codeParam,
    body: z.strictObject({
      entryId: clientEntry.optional(),
      kind: ToolEvent.shape.kind,
      machine: z.string().max(300).nullable().default(null),
      cavity: z.number().int().min(1).nullable().default(null),
      text: text.default(''),
      badge,
      time: z.number().int().optional(),
      passed: z.boolean().nullable().default(null),
      document: z.string().max(80).nullable().default(null),
    }),
    response: ToolCard,
  },
  maintenanceFile: {
    method: 'GET',
    path: '/maintenance/file',
    summary: 'Orders, checks, tool histories or spare parts as CSV or Excel',
    access: own,
    query: z.object({
      what: z.enum(['orders', 'checks', 'tools', 'parts']),
      format: z.enum(['csv', 'xlsx']).default('xlsx'),
      from: at.optional(),
      to: at.optional(),
    }),
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },
  reliability: {
    method: 'GET',
    path: '/maintenance/reliability',
    summary: 'MTBF, MTTR and availabilities of machines in a window, with the definitions stated',
    access: own,
    query: z.object({ ...window, machine: z.string().max(300).optional() }),
    response: z.array(Reliability),
  },
} as const satisfies Record<string, Route>;
