import { z } from 'zod';
import { DailyReport, SignStep } from './daily-report.ts';
import { KioskAnswer, KioskEntry, KioskPerson, KioskState, RejectedEntry } from './kiosk.ts';
import { at, auditing, clientEntry, idParam, leading, operating, own, type Route } from './route.ts';
import { ChangeNotice, FloorCall, Handover, LabourEntry } from './work-order.ts';

const limit = z.coerce.number().int().min(1).max(1000).default(200);
const optionalWindow = { from: at.optional(), to: at.optional() };
const machine = z.string().min(1).max(300);
const entryId = clientEntry.min(8).optional();
const reason = z.string().trim().min(1).max(500);
const note = z.string().trim().max(1000).default('');
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const shiftOf = { machine, day, shift: z.string().min(1).max(100) };
/** µs UTC; now when left out. */
const time = z.number().int().optional();
/** Badge of who does it, at a kiosk; else the caller. */
const badge = z.string().max(200).optional();

/** What is written down beside the orders: hours, daily reports, calls, changes, and the kiosk's own. */
export const floorRoutes = {
  productionSummary: {
    method: 'GET',
    path: '/production-summary',
    summary: 'Output, OEE, scrap by defect and due dates, from confirmed results',
    access: own,
    query: z.object({ from: at, to: at }),
    response: z.object({
      good: z.number(),
      scrap: z.number(),
      oee: z.number().nullable(),
      machines: z.array(
        z.object({
          machine: z.string(),
          good: z.number(),
          scrap: z.number(),
          runs: z.number(),
          plannedHours: z.number(),
          goodHours: z.number(),
          idealHours: z.number(),
          oee: z.number().nullable(),
        }),
      ),
      defects: z.array(z.object({ reason: z.string(), quantity: z.number(), share: z.number() })),
      due: z.object({
        orders: z.number(),
        onTime: z.number(),
        late: z.number(),
        open: z.number(),
        onTimeShare: z.number().nullable(),
      }),
      runsWithoutCycle: z.number(),
    }),
  },
  labour: {
    method: 'GET',
    path: '/labour',
    summary: 'Who worked when on what',
    access: own,
    query: z.object({
      machine: z.string().max(300).optional(),
      person: z.string().max(60).optional(),
      from: at,
      to: at,
      limit,
    }),
    response: z.array(LabourEntry),
  },
  addLabour: {
    method: 'POST',
    path: '/labour',
    summary: 'Record hours that nobody scanned',
    access: leading,
    body: z.strictObject({
      entryId,
      badge: z.string().max(200),
      kind: z.enum(['direct', 'indirect']),
      run: z.string().max(60).nullable().default(null),
      machine: machine.nullable().default(null),
      activity: z.string().max(60).default(''),
      from: z.number().int(),
      to: z.number().int(),
    }),
    response: LabourEntry,
  },

  dailyReports: {
    method: 'GET',
    path: '/daily-reports',
    summary: 'Daily work reports of a day: of shifts in which something was recorded',
    access: own,
    query: z.object({ day, path: z.string().max(300).optional() }),
    response: z.array(DailyReport),
  },
  dailyReport: {
    method: 'GET',
    path: '/daily-report',
    summary: 'Daily work report of one machine and shift',
    access: own,
    query: z.object(shiftOf),
    response: DailyReport,
  },
  signDailyReport: {
    method: 'POST',
    path: '/daily-report/sign',
    summary: 'Sign a daily report; approval locks it',
    access: operating,
    body: z.strictObject({ ...shiftOf, step: SignStep, badge, entryId }),
    response: DailyReport,
  },
  reopenDailyReport: {
    method: 'POST',
    path: '/daily-report/reopen',
    summary: 'Open a locked daily report again, with a reason that is kept',
    access: leading,
    body: z.strictObject({ ...shiftOf, reason }),
    response: DailyReport,
  },
  printDailyReport: {
    method: 'GET',
    path: '/daily-report/print',
    summary: 'Daily work report as a page for printing',
    access: own,
    query: z.object({ ...shiftOf, language: z.enum(['ko', 'en']).default('ko') }),
    response: z.unknown(),
    contentType: 'text/html; charset=utf-8',
  },
  exportDailyReports: {
    method: 'GET',
    path: '/daily-reports/export',
    summary: 'Daily work reports and the downtime sheet of days, as a workbook',
    access: own,
    query: z.object({ from: day, to: day, path: z.string().max(300).optional() }),
    response: z.unknown(),
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  handovers: {
    method: 'GET',
    path: '/handovers',
    summary: 'Shift hand-over notes, the newest first',
    access: own,
    query: z.object({ machine: z.string().max(300).optional(), ...optionalWindow, limit }),
    response: z.array(Handover),
  },
  addHandover: {
    method: 'POST',
    path: '/handovers',
    summary: 'Leave a note to the next shift',
    access: operating,
    body: z.strictObject({ entryId, badge, machine, text: z.string().trim().min(1).max(1000), time }),
    response: Handover,
  },
  readHandover: {
    method: 'POST',
    path: '/handovers/:id/read',
    summary: 'Say that the note was read',
    access: operating,
    params: idParam,
    body: z.strictObject({ badge }),
    response: Handover,
  },

  calls: {
    method: 'GET',
    path: '/calls',
    summary: 'Calls from the machines, the newest first',
    access: own,
    query: z.object({
      status: z.enum(['open', 'acknowledged', 'closed']).optional(),
      machine: z.string().max(300).optional(),
      ...optionalWindow,
      limit,
    }),
    response: z.array(FloorCall),
  },
  raiseCall: {
    method: 'POST',
    path: '/calls',
    summary: 'Call maintenance, material, quality or the supervisor',
    access: operating,
    body: z.strictObject({
      entryId,
      badge,
      kind: FloorCall.shape.kind,
      machine,
      text: z.string().max(1000).default(''),
      time,
    }),
    response: FloorCall,
  },
  answerCall: {
    method: 'POST',
    path: '/calls/:id/answer',
    summary: 'Acknowledge or close a call',
    access: operating,
    params: idParam,
    body: z.strictObject({
      badge,
      act: z.enum(['acknowledge', 'close']),
      text: z.string().max(1000).default(''),
      time,
    }),
    response: FloorCall,
  },
  changes: {
    method: 'GET',
    path: '/changes',
    summary: '4M change notices, the newest first',
    access: own,
    query: z.object({
      status: ChangeNotice.shape.status.optional(),
      machine: z.string().max(300).optional(),
      ...optionalWindow,
      limit,
    }),
    response: z.array(ChangeNotice),
  },
  createChange: {
    method: 'POST',
    path: '/changes',
    summary: 'Give notice of a 4M change',
    access: operating,
    body: z.strictObject({
      entryId,
      badge,
      kind: ChangeNotice.shape.kind,
      machine,
      before: z.string().max(200).default(''),
      after: z.string().max(200).default(''),
      text: z.string().trim().max(1000),
      time,
    }),
    response: ChangeNotice,
  },
  decideChange: {
    method: 'POST',
    path: '/changes/:id/decide',
    summary: 'Submit, approve or reject a 4M change notice',
    access: leading,
    params: idParam,
    body: z.strictObject({
      status: z.enum(['submitted', 'approved', 'rejected']),
      customer: ChangeNotice.shape.customer.optional(),
      note,
    }),
    response: ChangeNotice,
  },

  kioskPerson: {
    method: 'POST',
    path: '/kiosk/person',
    summary: 'Who holds this badge',
    access: operating,
    body: z.strictObject({ badge: z.string().trim().min(1).max(200) }),
    response: KioskPerson,
  },
  kioskState: {
    method: 'GET',
    path: '/kiosk/state',
    summary: 'Everything that the operator at one machine needs',
    access: operating,
    query: z.object({ machine }),
    response: KioskState,
  },
  kioskSync: {
    method: 'POST',
    path: '/kiosk/sync',
    summary: 'Take in what was typed at a machine, also while it was offline: each entry once, in order',
    access: operating,
    body: z.strictObject({
      /** Name of the tablet. */
      device: z.string().trim().min(1).max(80),
      machine,
      /** The tablet's clock when it sends, µs UTC. */
      now: z.number().int(),
      entries: z.array(KioskEntry).max(500),
    }),
    response: z.object({
      at: z.number(),
      /** Server's clock minus the tablet's, µs. */
      offset: z.number(),
      answers: z.array(KioskAnswer),
      state: KioskState,
    }),
  },
  rejectedEntries: {
    method: 'GET',
    path: '/kiosk/rejected',
    summary: 'Entries of kiosks that could not be applied, the newest first',
    access: auditing,
    query: z.object({
      status: RejectedEntry.shape.status.optional(),
      machine: z.string().max(300).optional(),
      limit,
    }),
    response: z.array(RejectedEntry),
  },
  resolveRejected: {
    method: 'POST',
    path: '/kiosk/rejected/:id/resolve',
    summary: 'Apply a rejected entry again, corrected where needed, or dismiss it',
    access: leading,
    params: idParam,
    body: z.strictObject({
      act: z.enum(['apply', 'dismiss']),
      data: z.record(z.string(), z.unknown()).optional(),
      machine: machine.optional(),
      note: z.string().trim().min(1).max(500),
    }),
    response: RejectedEntry,
  },
} as const satisfies Record<string, Route>;
