import { z } from 'zod';
import { Inspection } from './inspection.ts';
import { Lot, LotLink } from './lot.ts';
import { Quantity } from './quantity.ts';
import { auditing, engineering, ok, own, type Route } from './route.ts';
import { Run } from './work-order.ts';

const Scanned = z.string().trim().min(1).max(500);

export const TraceNode = z.object({
  lot: Lot,
  itemName: z.string(),
  /** Steps up (negative) or down from the lot asked about. */
  level: z.number().int(),
  /** Machine of the run that made it. */
  machine: z.string().nullable(),
});
export type TraceNode = z.infer<typeof TraceNode>;

export const TraceGraph = z.object({
  root: z.string(),
  nodes: z.array(TraceNode),
  links: z.array(LotLink),
  /** Lots that exist beyond the limit of a drawing. */
  more: z.number().int(),
});
export type TraceGraph = z.infer<typeof TraceGraph>;

export const SignalFigures = z.object({
  signal: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  count: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  /** A gap fell into the window. */
  gap: z.boolean(),
});

/** All that is known of one run that had a hand in the lot. */
export const TraceRun = z.object({
  run: Run,
  machineName: z.string(),
  operators: z.array(z.string()),
  parameters: z.array(SignalFigures),
  inspections: z.array(Inspection),
  alarms: z.array(z.object({ time: z.number(), event: z.string(), priority: z.string(), message: z.string() })),
  /** kWh in the run's window; null when no signal of the machine says. */
  energyKwh: z.number().nullable(),
});
export type TraceRun = z.infer<typeof TraceRun>;

export const TraceReport = z.object({
  lot: Lot,
  itemName: z.string(),
  graph: TraceGraph,
  runs: z.array(TraceRun),
  inspections: z.array(Inspection),
});
export type TraceReport = z.infer<typeof TraceReport>;

export const RecallReport = z.object({
  suspects: z.array(Lot),
  lots: z.number().int(),
  boxes: z.number().int(),
  customers: z.array(
    z.object({
      customer: z.string(),
      name: z.string(),
      shipments: z.number().int(),
      boxes: z.number().int(),
      quantity: Quantity,
    }),
  ),
  shipped: z.array(
    z.object({
      shipment: z.string(),
      customer: z.string(),
      shippedAt: z.number().nullable(),
      box: z.string().nullable(),
      lot: z.string(),
      item: z.string(),
      quantity: Quantity,
    }),
  ),
  stock: z.array(z.object({ lot: z.string(), item: z.string(), location: z.string(), quantity: Quantity })),
  cut: z.boolean(),
  tookMs: z.number(),
});
export type RecallReport = z.infer<typeof RecallReport>;

/** An EPCIS 2.0 event as JSON-LD; extensions are kept as they came. */
export const EpcisEvent = z.looseObject({ type: z.string(), eventTime: z.string(), eventTimeZoneOffset: z.string() });
export type EpcisEvent = z.infer<typeof EpcisEvent>;

export const CaptureJob = z.object({
  captureID: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  running: z.boolean(),
  success: z.boolean(),
  captureErrorBehaviour: z.enum(['rollback', 'proceed']),
  errors: z.array(
    z.object({ type: z.string(), title: z.string(), detail: z.string(), index: z.number().int().nullable() }),
  ),
});
export type CaptureJob = z.infer<typeof CaptureJob>;

const text = z.string().max(500).optional();
const moment = z.string().max(40).optional();
/** SimpleEventQuery; lists are separated by `|` or commas, as the REST binding says. */
export const EpcisQuery = z.object({
  eventType: text,
  GE_eventTime: moment,
  LT_eventTime: moment,
  GE_recordTime: moment,
  LT_recordTime: moment,
  EQ_eventID: text,
  EQ_action: text,
  EQ_bizStep: text,
  EQ_disposition: text,
  EQ_readPoint: text,
  EQ_bizLocation: text,
  EQ_transformationID: text,
  EQ_bizTransaction: text,
  MATCH_epc: text,
  MATCH_parentID: text,
  MATCH_inputEPC: text,
  MATCH_outputEPC: text,
  MATCH_anyEPC: text,
  MATCH_epcClass: text,
  MATCH_inputEPCClass: text,
  MATCH_outputEPCClass: text,
  MATCH_anyEPCClass: text,
  perPage: z.coerce.number().int().min(1).max(1000).default(30),
  nextPageToken: z.string().max(400).optional(),
});
export type EpcisQuery = z.infer<typeof EpcisQuery>;

/** A named query as the REST binding of EPCIS 2.0 writes it: parameters of SimpleEventQuery, lists as lists. */
const parameters = Object.keys(EpcisQuery.shape).filter((name) => name !== 'perPage' && name !== 'nextPageToken');
const parameter = z.union([z.string().max(500), z.array(z.string().min(1).max(500)).min(1).max(100)]);
export const EpcisQueryDefinition = z.partialRecord(z.enum(parameters as [string, ...string[]]), parameter);
export type EpcisQueryDefinition = z.infer<typeof EpcisQueryDefinition>;

const queryName = z.string().regex(/^[A-Za-z0-9_-]{1,60}$/);
const EpcisNamedQuery = z.strictObject({ name: queryName, query: EpcisQueryDefinition });

const field = z
  .string()
  .regex(/^(\*|(\d{1,2}|\[\d{1,2}-\d{1,2}\])(,(\d{1,2}|\[\d{1,2}-\d{1,2}\]))*|\d{1,2}\/\d{1,2})$/)
  .max(120);
/** When a standing query runs, by the plant's clock: numbers, ranges `[8-17]`, steps `0/30`; Monday is 1. */
export const EpcisSchedule = z.strictObject({
  second: field.optional(),
  minute: field.optional(),
  hour: field.optional(),
  dayOfMonth: field.optional(),
  month: field.optional(),
  dayOfWeek: field.optional(),
});
export type EpcisSchedule = z.infer<typeof EpcisSchedule>;

const isoMoment = z.iso.datetime({ offset: true });
const subscribing = {
  dest: z.string().min(1).max(1000),
  /** By the schedule, or as soon as something is recorded: one of the two. */
  schedule: EpcisSchedule.optional(),
  stream: z.literal(true).optional(),
  reportIfEmpty: z.boolean().default(false),
  /** From when on events count as new; now when left out. */
  initialRecordTime: isoMoment.optional(),
  /** Lets it reach this computer itself and link-local addresses. */
  'deungdae:allowLocal': z.boolean().default(false),
};
export const EpcisSubscription = z.object({
  ...subscribing,
  subscriptionID: z.string(),
  queryName,
  createdAt: z.string(),
  /** When the other side last took something. */
  lastNotifiedAt: z.string().optional(),
  /** Up to when what was recorded has been reported. */
  minRecordTime: z.string(),
  /** When it runs next; null for a stream. */
  'deungdae:nextAt': z.string().nullable(),
});
export type EpcisSubscription = z.infer<typeof EpcisSubscription>;
const queryParam = z.object({ queryName });
const subscriptionParam = z.object({ queryName, subscriptionID: z.string().max(60) });

export const traceRoutes = {
  trace: {
    method: 'GET',
    path: '/trace/:id',
    summary: 'Genealogy of a lot or box, both ways, as a graph',
    access: own,
    params: z.object({ id: Scanned }),
    query: z.object({
      direction: z.enum(['both', 'up', 'down']).default('both'),
      limit: z.coerce.number().int().min(10).max(2000).default(400),
    }),
    response: TraceGraph,
  },
  traceReport: {
    method: 'GET',
    path: '/trace/:id/report',
    summary: 'Genealogy with runs, machine, mould, operators, parameters, inspections, alarms and energy',
    access: own,
    params: z.object({ id: Scanned }),
    query: z.object({ runs: z.coerce.number().int().min(1).max(100).default(20) }),
    response: TraceReport,
  },
  recall: {
    method: 'POST',
    path: '/trace/recall',
    summary: 'Recall simulation: which boxes, shipments and customers have some of these lots, and what is still here',
    access: own,
    body: z.strictObject({ lots: z.array(Scanned).min(1).max(500) }),
    response: RecallReport,
  },
  resolveLink: {
    method: 'GET',
    path: '/resolve',
    summary: 'The lot that a GS1 Digital Link address or a scanned label means',
    access: own,
    query: z.object({ link: z.string().min(1).max(2000) }),
    response: z.object({ lot: Lot }),
  },
  epcisEvents: {
    method: 'GET',
    path: '/epcis/events',
    summary: 'EPCIS 2.0 events: the stock ledger as a view, and events that partners sent (SimpleEventQuery)',
    access: own,
    query: EpcisQuery,
    response: z.looseObject({ type: z.literal('EPCISQueryDocument') }),
  },
  epcisCaptureEvent: {
    method: 'POST',
    path: '/epcis/events',
    summary: 'Take in one EPCIS event',
    access: ['engineer', 'supervisor', 'partner'],
    body: z.looseObject({ type: z.string() }),
    response: EpcisEvent,
  },
  epcisCapture: {
    method: 'POST',
    path: '/epcis/capture',
    summary: 'Take in an EPCIS document; answers with the capture job',
    access: ['engineer', 'supervisor', 'partner'],
    query: z.object({ errorBehaviour: z.enum(['rollback', 'proceed']).default('rollback') }),
    body: z.looseObject({ type: z.string() }),
    response: CaptureJob,
  },
  epcisCaptureJob: {
    method: 'GET',
    path: '/epcis/capture/:id',
    summary: 'State of a capture job',
    access: ['engineer', 'supervisor', 'partner'],
    params: z.object({ id: z.string().max(60) }),
    response: CaptureJob,
  },
  epcisQueries: {
    method: 'GET',
    path: '/epcis/queries',
    summary: 'Named EPCIS queries',
    access: auditing,
    response: z.array(EpcisNamedQuery),
  },
  createEpcisQuery: {
    method: 'POST',
    path: '/epcis/queries',
    summary: 'Name an EPCIS query; a name is never given another meaning',
    access: engineering,
    body: EpcisNamedQuery,
    response: EpcisNamedQuery,
  },
  epcisNamedQuery: {
    method: 'GET',
    path: '/epcis/queries/:queryName',
    summary: 'Definition of a named EPCIS query',
    access: auditing,
    params: queryParam,
    response: EpcisNamedQuery,
  },
  removeEpcisQuery: {
    method: 'DELETE',
    path: '/epcis/queries/:queryName',
    summary: 'Remove a named EPCIS query and end its subscriptions',
    access: engineering,
    params: queryParam,
    response: ok,
  },
  epcisQueryEvents: {
    method: 'GET',
    path: '/epcis/queries/:queryName/events',
    summary: 'Events that a named query finds now',
    access: own,
    params: queryParam,
    query: EpcisQuery.pick({ perPage: true, nextPageToken: true }),
    response: z.looseObject({ type: z.literal('EPCISQueryDocument') }),
  },
  epcisSubscriptions: {
    method: 'GET',
    path: '/epcis/queries/:queryName/subscriptions',
    summary: 'Who is told of what a named query finds',
    access: auditing,
    params: queryParam,
    response: z.array(EpcisSubscription),
  },
  subscribeEpcis: {
    method: 'POST',
    path: '/epcis/queries/:queryName/subscriptions',
    summary: 'Send what a named query finds to an address, by a schedule or as it is recorded; the token signs it',
    access: engineering,
    params: queryParam,
    body: z.strictObject({ ...subscribing, signatureToken: z.string().max(500).optional() }),
    response: EpcisSubscription,
  },
  epcisSubscription: {
    method: 'GET',
    path: '/epcis/queries/:queryName/subscriptions/:subscriptionID',
    summary: 'One EPCIS subscription',
    access: auditing,
    params: subscriptionParam,
    response: EpcisSubscription,
  },
  unsubscribeEpcis: {
    method: 'DELETE',
    path: '/epcis/queries/:queryName/subscriptions/:subscriptionID',
    summary: 'End an EPCIS subscription',
    access: engineering,
    params: subscriptionParam,
    response: ok,
  },
} as const satisfies Record<string, Route>;
