import { z } from 'zod';
import { ApiError } from './api-entities.ts';
import { MasterKind } from './master.ts';
import { fileBody, leading, operating, own, type Route } from './route.ts';

const Code = z.string().trim().min(1).max(60);
const moment = z.number().int().nullable();

export const MasterRecordOut = z.object({
  kind: MasterKind,
  code: z.string(),
  revision: z.string(),
  /** µs UTC, [from, to); null is open. */
  validFrom: moment,
  validTo: moment,
  active: z.boolean(),
  data: z.record(z.string(), z.unknown()),
  version: z.number().int(),
  updatedAt: z.number(),
});
export type MasterRecordOut = z.infer<typeof MasterRecordOut>;

export const DocumentInfo = z.object({
  id: z.string(),
  name: z.string(),
  /** Media type, told by the content, not by the name. */
  type: z.string(),
  size: z.number(),
  at: z.number(),
  by: z.string(),
});
export type DocumentInfo = z.infer<typeof DocumentInfo>;
export const documentBytes = 32 * 1024 * 1024;
const documentParam = z.object({ id: z.string().regex(/^[0-9a-f]{40}$/) });

/** How a table's columns are taken. */
export const ImportMapping = z.strictObject({
  /** Column of the sheet (from 0, as text) → column of the target. */
  columns: z.record(z.string().regex(/^\d{1,4}$/), z.string().max(80)),
  /** Values that hold for every row, by column of the target. */
  constants: z.record(z.string().max(80), z.string().max(300)).default({}),
});
export type ImportMapping = z.infer<typeof ImportMapping>;

/** What is to be imported of a file, and as what. */
export const ImportPlan = z.strictObject({
  sheet: z.number().int().min(0).max(500),
  /** Rows of the heading, from 1, ends included. */
  header: z.strictObject({ top: z.number().int().min(1), bottom: z.number().int().min(1) }),
  target: z.string().max(60),
  mapping: ImportMapping,
  /** Leaves rows with problems out; else one such row keeps everything out. */
  withoutBadRows: z.boolean().default(false),
});
export type ImportPlan = z.infer<typeof ImportPlan>;

const localName = z.object({ ko: z.string(), en: z.string() });
const importColumn = z.object({
  id: z.string(),
  name: localName,
  type: z.enum(['text', 'code', 'number', 'integer', 'boolean', 'choice', 'day', 'time', 'clock']),
  required: z.boolean(),
  many: z.boolean(),
  choices: z.array(z.object({ value: z.string(), name: localName })),
});

export const ImportFile = z.object({
  id: z.string(),
  name: z.string(),
  size: z.number(),
  format: z.enum(['xlsx', 'csv']),
  /** Of a CSV. */
  encoding: z.string().nullable(),
  sheets: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
  at: z.number(),
  by: z.string(),
});
export type ImportFile = z.infer<typeof ImportFile>;

export const ImportProblemOut = z.object({
  row: z.number().int(),
  /** Letter and heading in the sheet; null for the whole row. */
  letter: z.string().nullable(),
  column: z.string().nullable(),
  value: z.string(),
  code: z.string(),
  message: z.string(),
  advice: z.string(),
  severity: z.enum(['error', 'warning']),
  nearest: z.string().nullable(),
});
export type ImportProblemOut = z.infer<typeof ImportProblemOut>;

export const ImportDone = z.object({
  id: z.string(),
  target: z.string(),
  fileName: z.string(),
  sheet: z.string(),
  rows: z.number(),
  added: z.number(),
  changed: z.number(),
  same: z.number(),
  leftOut: z.number(),
  at: z.number(),
  by: z.string(),
});
export type ImportDone = z.infer<typeof ImportDone>;

export const ImportJob = z.object({
  state: z.enum(['none', 'running', 'done', 'failed', 'stopped']),
  kind: z.enum(['preview', 'commit']),
  /** 0 to 1. */
  progress: z.number(),
  rows: z.number(),
  badRows: z.number(),
  counts: z.object({ added: z.number(), changed: z.number(), same: z.number() }).nullable(),
  errors: z.number(),
  warnings: z.number(),
  /** The first of them, in the caller's language; all can be had as a file. */
  problems: z.array(ImportProblemOut),
  /** Set when it was committed. */
  done: ImportDone.nullable(),
  /** The last time that this very file was imported as this. */
  before: ImportDone.nullable(),
  error: ApiError.nullable(),
});
export type ImportJob = z.infer<typeof ImportJob>;
export const importBytes = 128 * 1024 * 1024;
const importParam = z.object({ id: z.string().max(40) });

/** Codes of a kind whose names are asked for at once. */
export const namesAtOnce = 500;
const kindParam = z.object({ kind: MasterKind });
const codeParam = z.object({ kind: MasterKind, code: Code });

export const masterdataRoutes = {
  masterKinds: {
    method: 'GET',
    path: '/master-kinds',
    summary: 'Kinds of master data, how many records each has, and the JSON Schema of their data',
    access: own,
    response: z.array(z.object({ kind: MasterKind, count: z.number(), schema: z.record(z.string(), z.unknown()) })),
  },
  masterNames: {
    method: 'POST',
    path: '/master-names',
    summary:
      'Names of codes by kind, in every language that they have; unknown codes stay out. Of `routing` the codes are items, and the names those of their operations, as `item/number`',
    access: own,
    body: z.partialRecord(MasterKind, z.array(z.string().max(60)).max(namesAtOnce)),
    response: z.partialRecord(MasterKind, z.record(z.string(), z.record(z.string(), z.string()))),
  },
  masterRecords: {
    method: 'GET',
    path: '/master/:kind',
    summary: 'Records of a kind by code, a page at a time',
    access: own,
    params: kindParam,
    query: z.object({
      search: z.string().max(100).optional().meta({ description: 'Words of code and name; initial consonants too' }),
      at: z.coerce.number().int().optional().meta({ description: 'µs UTC: in force then; left out, all revisions' }),
      after: z.string().max(60).optional().meta({ description: 'Last code of the page before' }),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    response: z.object({ records: z.array(MasterRecordOut), more: z.boolean() }),
  },
  masterRecord: {
    method: 'GET',
    path: '/master/:kind/:code',
    summary: 'All revisions of a record, and where it is used',
    access: own,
    params: codeParam,
    response: z.object({
      revisions: z.array(MasterRecordOut),
      usedBy: z.array(
        z.object({
          kind: MasterKind,
          code: z.string(),
          revision: z.string(),
          role: z.string().meta({ description: 'What this record is to the other: component, parent, tool …' }),
        }),
      ),
    }),
  },
  saveMasterRecord: {
    method: 'PUT',
    path: '/master/:kind/:code',
    summary: 'Add a record, or change one of its revisions; refused when somebody else changed it meanwhile',
    access: leading,
    params: codeParam,
    body: z.strictObject({
      revision: z.string().max(60).default(''),
      validFrom: moment.optional(),
      validTo: moment.optional(),
      active: z.boolean().optional(),
      data: z.record(z.string(), z.unknown()),
      /** The version that was looked at; null for a new record. */
      version: z.number().int().nullable(),
    }),
    response: MasterRecordOut,
  },
  reviseMasterRecord: {
    method: 'POST',
    path: '/master/:kind/:code/revisions',
    summary: 'Engineering change: a new revision from a moment on; the one before ends there',
    access: leading,
    params: codeParam,
    body: z.strictObject({
      revision: Code,
      validFrom: z.number().int(),
      data: z.record(z.string(), z.unknown()),
      reason: z.string().max(500).default(''),
    }),
    response: MasterRecordOut,
  },

  importTargets: {
    method: 'GET',
    path: '/import-targets',
    summary: 'What rows of a spreadsheet can be imported as, with the columns of each',
    access: own,
    response: z.array(z.object({ id: z.string(), title: localName, help: localName, columns: z.array(importColumn) })),
  },
  imports: {
    method: 'GET',
    path: '/imports',
    summary: 'Imports that were done, newest first',
    access: own,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    response: z.array(ImportDone),
  },
  uploadImport: {
    method: 'POST',
    path: '/imports',
    summary: 'Give a spreadsheet (XLSX or CSV); nothing is stored of its rows yet',
    access: leading,
    query: z.object({ name: z.string().trim().min(1).max(300) }),
    body: fileBody,
    upload: importBytes,
    response: ImportFile,
  },
  importSheet: {
    method: 'GET',
    path: '/imports/:id/sheet',
    summary: 'A sheet: its heading, first rows, what it could be imported as, and the mapping of last time or by names',
    access: leading,
    params: importParam,
    query: z.object({
      sheet: z.coerce.number().int().min(0).max(500).default(0),
      target: z.string().max(60).optional(),
      top: z.coerce.number().int().min(1).optional(),
      bottom: z.coerce.number().int().min(1).optional(),
    }),
    response: z.object({
      rows: z.number(),
      header: z.object({ top: z.number(), bottom: z.number() }),
      columns: z.array(z.object({ index: z.number(), letter: z.string(), name: z.string() })),
      head: z.array(z.object({ row: z.number(), cells: z.array(z.string()) })),
      target: z.string(),
      fits: z.array(z.object({ target: z.string(), score: z.number() })),
      mapping: ImportMapping,
      remembered: z.boolean(),
    }),
  },
  previewImport: {
    method: 'POST',
    path: '/imports/:id/preview',
    summary: 'Begin to check every row; nothing is stored',
    access: leading,
    params: importParam,
    body: ImportPlan,
    response: ImportJob,
  },
  commitImport: {
    method: 'POST',
    path: '/imports/:id/commit',
    summary: 'Begin to import: all rows or none; the same rows again change nothing',
    access: leading,
    params: importParam,
    body: ImportPlan,
    response: ImportJob,
  },
  importJob: {
    method: 'GET',
    path: '/imports/:id/job',
    summary: 'How far the check or import is, and what came of it',
    access: leading,
    params: importParam,
    response: ImportJob,
  },
  stopImport: {
    method: 'DELETE',
    path: '/imports/:id/job',
    summary: 'Stop it; nothing is stored',
    access: leading,
    params: importParam,
    response: ImportJob,
  },
  importProblems: {
    method: 'GET',
    path: '/imports/:id/problems',
    summary: 'All problems of the last check, as a table',
    access: leading,
    params: importParam,
    query: z.object({ format: z.enum(['csv', 'xlsx']).default('xlsx') }),
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },
  exportMaster: {
    method: 'GET',
    path: '/master-export/:kind',
    summary: 'All records of a kind as a table that can be imported again',
    access: own,
    params: kindParam,
    query: z.object({ format: z.enum(['csv', 'xlsx']).default('xlsx') }),
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },

  documents: {
    method: 'GET',
    path: '/documents',
    summary: 'Documents by name, newest first, or those with the given ids',
    access: own,
    query: z.object({
      search: z.string().max(100).optional(),
      ids: z.string().max(9000).optional().meta({ description: 'Document ids, separated by commas' }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: z.array(DocumentInfo),
  },
  uploadDocument: {
    method: 'POST',
    path: '/documents',
    summary: 'Keep a picture, drawing or instruction; the same file again is the same document',
    access: operating,
    query: z.object({ name: z.string().trim().min(1).max(300) }),
    body: fileBody,
    upload: documentBytes,
    response: DocumentInfo,
  },
  document: {
    method: 'GET',
    path: '/documents/:id',
    summary: 'The content of a document',
    access: own,
    params: documentParam,
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },
} as const satisfies Record<string, Route>;
