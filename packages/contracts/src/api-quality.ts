import { z } from 'zod';
import { ImportProblemOut } from './api-masterdata.ts';
import { Inspection, InspectionStage } from './inspection.ts';
import * as q from './quality.ts';
import { at, engineering, fileBody, idParam, leading, operating, own, type Route } from './route.ts';

const limit = z.coerce.number().int().min(1).max(1000).default(200);
const code = z.string().trim().min(1).max(60);
const text = z.string().trim().max(4000);
const actor = z.string().max(100).optional().meta({ description: 'Person of the badge; the caller when left out' });
const documents = z.array(z.string().max(60)).max(20);

export const EnteredResult = z.strictObject({
  characteristic: code,
  sample: z.number().int().min(1).max(100_000),
  value: z.number().optional(),
  pass: z.boolean().optional(),
  count: z.number().int().min(1).max(1_000_000).optional(),
  gauge: code.optional(),
  source: z.enum(['form', 'gauge', 'signal', 'import']).default('form'),
  time: z.number().int().optional(),
});

const qifFile = {
  xml: z.string().min(20).max(7_500_000),
  item: code,
  fileName: z.string().max(300).optional(),
  serialFrom: z.string().max(300).optional().meta({ description: 'Element that names the part' }),
};

export const studyFileBytes = 8 * 1024 * 1024;
export const StudyFile = z.object({
  sheet: z.string(),
  /** Of a CSV. */
  encoding: z.string().nullable(),
  /** Of the sheet, with values. */
  rows: z.number().int(),
  /** `[part][operator][trial]` as in the study, every cell filled; null when anything is wrong. */
  values: z.array(z.array(z.array(z.number()))).nullable(),
  /** Of an attribute study, where the file has it. */
  reference: z.array(z.number()).nullable(),
  /** The first of them, in the caller's language; row 0 where the file has no row for it. */
  problems: z.array(ImportProblemOut),
  errors: z.number().int(),
});
export type StudyFile = z.infer<typeof StudyFile>;

export const qualityRoutes = {
  inspections: {
    method: 'GET',
    path: '/quality/inspections',
    summary: 'Inspections, the newest first',
    access: own,
    query: z.object({
      status: z
        .enum(['due', 'open', 'done', 'skipped', 'waiting'])
        .optional()
        .meta({ description: '`waiting`: due or open' }),
      stage: InspectionStage.optional(),
      verdict: z.enum(['accepted', 'rejected', 'concession']).optional(),
      item: code.optional(),
      plan: code.optional(),
      lot: z.string().max(80).optional(),
      run: z.string().max(60).optional(),
      machine: z.string().max(400).optional(),
      from: at.optional(),
      to: at.optional(),
      limit,
    }),
    response: z.array(Inspection),
  },
  inspection: {
    method: 'GET',
    path: '/quality/inspections/:id',
    summary: 'One inspection by id or number',
    access: own,
    params: idParam,
    response: Inspection,
  },
  askInspection: {
    method: 'POST',
    path: '/quality/inspections',
    summary: 'Ask for the inspections of a stage, on a lot or a run; what is there already is given again',
    access: operating,
    body: z.strictObject({
      stage: InspectionStage,
      item: code,
      operation: z.number().int().optional(),
      lot: z.string().max(80).optional(),
      run: z.string().max(60).optional(),
      workOrder: z.string().max(60).optional(),
      machine: z.string().max(400).optional(),
      supplier: code.optional(),
      lotSize: z.number().positive().optional(),
      again: z.boolean().optional(),
    }),
    response: z.array(Inspection),
  },
  recordInspection: {
    method: 'POST',
    path: '/quality/inspections/:id/results',
    summary: 'Values, and the verdict with `finish`; the same values sent twice change nothing',
    access: operating,
    params: idParam,
    body: z.strictObject({
      results: z.array(EnteredResult).max(5000),
      finish: z.boolean().default(false),
      inspector: actor,
      note: text.optional(),
      confirmed: z.boolean().optional().meta({ description: 'A value far off was looked at and is right' }),
    }),
    response: Inspection,
  },
  measureBySignal: {
    method: 'POST',
    path: '/quality/inspections/:id/signals',
    summary: 'Takes the newest value of each characteristic that a signal measures',
    access: operating,
    params: idParam,
    body: z.strictObject({ sample: z.number().int().min(1).default(1) }),
    response: Inspection,
  },
  recentValues: {
    method: 'GET',
    path: '/quality/series/recent',
    summary: 'The last values of a characteristic, oldest first, for the small chart beside the entry',
    access: own,
    query: z.object({ plan: code, characteristic: code, limit: z.coerce.number().int().min(1).max(200).default(25) }),
    response: z.array(z.object({ time: z.number(), value: z.number(), pass: z.boolean(), inspection: z.string() })),
  },
  previewQif: {
    method: 'POST',
    path: '/quality/inspections/qif/preview',
    summary: 'Which parts a QIF file has, which of its elements could be their serial number, and the lots found by it',
    access: leading,
    body: z.strictObject(qifFile),
    response: z.object({
      file: z.string(),
      createdAt: z.string().nullable(),
      characteristics: z.number().int(),
      elements: z.array(
        z.object({
          name: z.string(),
          /** Parts that have it, and different values among them. */
          parts: z.number().int(),
          distinct: z.number().int(),
          examples: z.array(z.string()),
        }),
      ),
      parts: z.array(z.object({ name: z.string(), values: z.number().int(), lot: z.string().nullable() })),
    }),
  },
  importQif: {
    method: 'POST',
    path: '/quality/inspections/qif',
    summary: 'Results of a measuring machine (QIF 2 or 3, XML) as inspections; the same file twice adds nothing',
    access: leading,
    body: z.strictObject({
      ...qifFile,
      stage: InspectionStage.default('final'),
      machine: z.string().max(400).optional(),
      links: z
        .record(z.string().max(120), z.string().max(80))
        .optional()
        .meta({ description: 'Lot or serial number by the name of a part, where a person chose it' }),
    }),
    response: z.object({
      added: z.number(),
      same: z.number(),
      values: z.number(),
      inspections: z.array(
        z.object({ id: z.string(), number: z.string(), part: z.string(), lot: z.string().nullable() }),
      ),
      problems: z.array(z.object({ part: z.string(), characteristic: z.string(), text: z.string() })),
      unlinked: z.array(z.string()),
    }),
  },
  unlinkedInspections: {
    method: 'GET',
    path: '/quality/inspections/unlinked',
    summary: 'Imported measurements whose lot or serial is not known yet, the newest first',
    access: own,
    query: z.object({ item: code.optional(), limit }),
    response: z.array(Inspection),
  },
  linkInspection: {
    method: 'POST',
    path: '/quality/inspections/:id/lot',
    summary: 'Says of which lot or serial an imported measurement is; a rejected one is held',
    access: leading,
    params: idParam,
    body: z.strictObject({ lot: z.string().trim().min(1).max(80) }),
    response: Inspection,
  },

  severitySeries: {
    method: 'GET',
    path: '/quality/severity',
    summary: 'Switching state of every sampled plan and supplier (ISO 2859-1), with its history',
    access: own,
    query: z.object({ plan: code.optional(), limit }),
    response: z.array(q.SeveritySeries),
  },
  resumeSampling: {
    method: 'POST',
    path: '/quality/severity/resume',
    summary: 'Reopens discontinued inspection, under tightened severity',
    access: engineering,
    body: z.strictObject({ plan: code, supplier: z.string().max(60), reason: z.string().min(1).max(500) }),
    response: q.SeveritySeries,
  },
  samplingPlan: {
    method: 'GET',
    path: '/quality/sampling-plan',
    summary: 'Sample size and acceptance of ISO 2859-1 for a lot, with the operating characteristic',
    access: own,
    query: z.object({
      lotSize: z.coerce.number().int().min(1).max(10_000_000),
      level: z.enum(['S1', 'S2', 'S3', 'S4', 'I', 'II', 'III']).default('II'),
      aql: z.coerce.number().gt(0).max(10),
    }),
    response: z.array(
      z.object({
        severity: z.enum(['normal', 'tightened', 'reduced']),
        letter: z.string(),
        planLetter: z.string(),
        sampleSize: z.number(),
        acceptance: z.number(),
        rejection: z.number(),
        all: z.boolean(),
        curve: z.array(z.object({ share: z.number(), accepted: z.number() })),
      }),
    ),
  },

  nonconformities: {
    method: 'GET',
    path: '/quality/nonconformities',
    summary: 'Nonconformities and complaints, the newest first',
    access: own,
    query: z.object({
      status: z
        .enum(['open', 'decided', 'closed', 'running'])
        .optional()
        .meta({ description: '`running`: not closed' }),
      source: q.NonconformitySource.optional(),
      item: code.optional(),
      partner: code.optional(),
      from: at.optional(),
      to: at.optional(),
      limit,
    }),
    response: z.array(q.Nonconformity),
  },
  nonconformity: {
    method: 'GET',
    path: '/quality/nonconformities/:id',
    summary: 'One nonconformity by id or number',
    access: own,
    params: idParam,
    response: q.Nonconformity,
  },
  openNonconformity: {
    method: 'POST',
    path: '/quality/nonconformities',
    summary: 'Report a nonconformity or a complaint; its lots are held at once',
    access: operating,
    body: z.strictObject({
      entryId: z.uuid().optional(),
      source: q.NonconformitySource,
      item: code,
      lots: z.array(z.string().max(80)).max(500).default([]),
      defect: code.nullable().default(null),
      quantity: z.number().min(0).default(0),
      text: text.min(1),
      run: z.string().max(60).optional(),
      machine: z.string().max(400).nullable().default(null),
      partner: code.optional(),
      partnerReference: z.string().max(80).optional(),
      dueAt: z.number().int().optional(),
      pictures: documents.default([]),
    }),
    response: q.Nonconformity,
  },
  changeNonconformity: {
    method: 'PATCH',
    path: '/quality/nonconformities/:id',
    summary: 'Add lots, pictures, a due date, or correct the words',
    access: leading,
    params: idParam,
    body: z.strictObject({
      addLots: z.array(z.string().max(80)).max(500).optional(),
      text: text.min(1).optional(),
      defect: code.nullable().optional(),
      quantity: z.number().min(0).optional(),
      dueAt: z.number().int().nullable().optional(),
      partner: code.nullable().optional(),
      partnerReference: z.string().max(80).nullable().optional(),
      pictures: documents.optional(),
    }),
    response: q.Nonconformity,
  },
  decideNonconformity: {
    method: 'POST',
    path: '/quality/nonconformities/:id/decisions',
    summary: 'Concession, rework, scrap, return or release of lots; concession needs an engineer',
    access: leading,
    params: idParam,
    body: z.strictObject({
      kind: q.DecisionKind,
      lots: z.array(z.string().max(80)).max(500).default([]).meta({ description: 'All that are held when empty' }),
      reason: z.string().trim().min(1).max(2000),
      approval: z.string().max(200).default(''),
    }),
    response: q.Nonconformity,
  },
  saveEightD: {
    method: 'PUT',
    path: '/quality/nonconformities/:id/8d',
    summary: 'The 8D report with its measures and due dates',
    access: leading,
    params: idParam,
    body: z.strictObject({
      team: text.default(''),
      problem: text.default(''),
      rootCause: text.default(''),
      escapeCause: text.default(''),
      closing: text.default(''),
      dueAt: z.number().int().nullable().default(null),
      effectivenessDueAt: z.number().int().nullable().default(null),
      actions: z
        .array(
          q.QualityAction.extend({
            id: z.string().max(60).optional(),
            text: z.string().min(1).max(1000),
            owner: z.string().max(100),
          }),
        )
        .max(100)
        .default([]),
    }),
    response: q.Nonconformity,
  },
  checkEffectiveness: {
    method: 'POST',
    path: '/quality/nonconformities/:id/effectiveness',
    summary: 'Whether the measures worked; not effective opens the report again',
    access: leading,
    params: idParam,
    body: z.strictObject({ effective: z.boolean(), evidence: z.string().trim().min(1).max(2000) }),
    response: q.Nonconformity,
  },
  closeNonconformity: {
    method: 'POST',
    path: '/quality/nonconformities/:id/close',
    summary: 'Close: every lot decided, every measure done, effectiveness checked',
    access: leading,
    params: idParam,
    response: q.Nonconformity,
  },

  spcCharts: {
    method: 'GET',
    path: '/quality/charts',
    summary: 'Control charts',
    access: own,
    query: z.object({ item: code.optional(), machine: z.string().max(400).optional(), limit }),
    response: z.array(q.SpcChart),
  },
  createChart: {
    method: 'POST',
    path: '/quality/charts',
    summary: 'A chart on a characteristic of a control plan, or on a signal',
    access: engineering,
    body: z.strictObject({
      name: z.string().trim().min(1).max(200).optional(),
      plan: code.optional(),
      characteristic: code.optional(),
      signal: z.string().max(400).optional(),
      lower: z.number().optional(),
      upper: z.number().optional(),
      settings: q.ChartSettings,
    }),
    response: q.SpcChart,
  },
  changeChart: {
    method: 'PATCH',
    path: '/quality/charts/:id',
    summary: 'Rules, stages, exclusions with their cause; `active` false ends it',
    access: engineering,
    params: idParam,
    body: z.strictObject({
      name: z.string().trim().min(1).max(200).optional(),
      settings: q.ChartSettings.optional(),
      active: z.boolean().optional(),
      addStage: z.strictObject({ from: z.number().int(), name: z.string().trim().min(1).max(100) }).optional(),
      exclude: z.strictObject({ point: z.string().max(100), cause: z.string().trim().min(3).max(500) }).optional(),
      include: z.string().max(100).optional().meta({ description: 'Takes an exclusion back' }),
    }),
    response: q.SpcChart,
  },
  freezeBaseline: {
    method: 'POST',
    path: '/quality/charts/:id/baseline',
    summary: 'Limits from the points of a window, frozen from then on',
    access: engineering,
    params: idParam,
    body: z.strictObject({ from: z.number().int(), to: z.number().int() }),
    response: q.SpcChart,
  },
  chartData: {
    method: 'GET',
    path: '/quality/charts/:id/data',
    summary: 'Points with limits and rule hits, and the capability of the window',
    access: own,
    params: idParam,
    query: z.object({
      from: at.optional(),
      to: at.optional(),
      limit: z.coerce.number().int().min(2).max(2000).default(100),
    }),
    response: q.ChartData,
  },

  studies: {
    method: 'GET',
    path: '/quality/studies',
    summary: 'Measurement system studies, the newest first',
    access: own,
    query: z.object({ gauge: code.optional(), limit }),
    response: z.array(q.MeasurementStudy),
  },
  study: {
    method: 'GET',
    path: '/quality/studies/:id',
    summary: 'One study',
    access: own,
    params: idParam,
    response: q.MeasurementStudy,
  },
  saveStudy: {
    method: 'POST',
    path: '/quality/studies',
    summary: 'A new study, or new values for one that has no result yet',
    access: leading,
    body: z.strictObject({
      id: z.string().max(60).optional(),
      kind: q.StudyKind,
      name: z.string().trim().min(1).max(200),
      gauge: code.nullable().default(null),
      item: code.nullable().default(null),
      characteristic: code.nullable().default(null),
      unit: z.string().max(20).nullable().default(null),
      parts: z.array(z.string().trim().min(1).max(60)).min(2).max(50),
      operators: z.array(z.string().trim().min(1).max(60)).min(1).max(10),
      trials: z.number().int().min(2).max(10),
      lower: z.number().nullable().default(null),
      upper: z.number().nullable().default(null),
      values: z.array(z.array(z.array(z.number().nullable()).max(10)).max(10)).max(50),
      reference: z
        .array(z.union([z.literal(0), z.literal(1)]))
        .max(50)
        .nullable()
        .default(null),
      alpha: z.number().gt(0).lt(1).default(0.05),
      pool: z.boolean().nullable().default(null),
    }),
    response: q.MeasurementStudy,
  },
  readStudyFile: {
    method: 'POST',
    path: '/quality/studies/:id/file',
    summary: 'What a spreadsheet (XLSX or CSV) says of a study: all its values, or what is wrong; nothing is stored',
    access: leading,
    params: idParam,
    query: z.object({
      name: z.string().trim().min(1).max(300),
      one: z
        .enum(['nonconforming', 'conforming'])
        .default('nonconforming')
        .meta({ description: 'What a 1 of the file means, where it writes decisions as 0 and 1' }),
    }),
    body: fileBody,
    upload: studyFileBytes,
    response: StudyFile,
  },

  limitSamples: {
    method: 'GET',
    path: '/quality/limit-samples',
    summary: 'Limit samples in force',
    access: own,
    query: z.object({ item: code.optional(), defect: code.optional(), limit }),
    response: z.array(q.LimitSample),
  },
  saveLimitSample: {
    method: 'POST',
    path: '/quality/limit-samples',
    summary: 'A limit sample with its pictures; an id changes that one',
    access: leading,
    body: z.strictObject({
      id: z.string().max(60).optional(),
      item: code,
      defect: code.nullable().default(null),
      name: z.string().trim().min(1).max(200),
      side: z.enum(['accept', 'reject', 'limit']),
      text: text.default(''),
      pictures: documents.default([]),
      validTo: z.number().int().nullable().default(null),
    }),
    response: q.LimitSample,
  },
  gaugeUse: {
    method: 'GET',
    path: '/quality/gauges/:id/use',
    summary: 'Inspections and lots that a gauge measured in a window: what is in doubt when its calibration fails',
    access: own,
    params: idParam,
    query: z.object({ from: at, to: at, limit }),
    response: z.array(
      z.object({
        inspection: z.string(),
        number: z.string(),
        item: z.string(),
        lot: z.string().nullable(),
        lotNumber: z.string().nullable(),
        run: z.string().nullable(),
        characteristics: z.array(z.string()),
        values: z.number(),
        firstAt: z.number(),
        lastAt: z.number(),
      }),
    ),
  },
} as const satisfies Record<string, Route>;
