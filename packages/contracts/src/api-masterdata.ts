import { z } from 'zod';
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
