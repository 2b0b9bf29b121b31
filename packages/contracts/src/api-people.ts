import { z } from 'zod';
import { PersonRecord, PersonSkill, SafetyKind, SafetyRecord, Training } from './person.ts';
import { clientEntry, idParam, leading, operating, own, type Route } from './route.ts';

const badge = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}._:-]{2,64}$/u);
const texts = z.record(z.string().max(8), z.string().max(4000)).default({});
const ids = z.array(z.string().max(80)).max(500).default([]);
const person = z.strictObject({
  badge,
  name: z.string().trim().min(1).max(80),
  language: z.string().max(8).default('ko'),
  team: z.string().max(60).nullable().default(null),
  userId: z.string().max(60).nullable().default(null),
});
const measure = z.strictObject({
  text: z.string().trim().min(1).max(1000),
  owner: z.string().max(60).nullable().default(null),
  due: z.number().int().nullable().default(null),
});

export const peopleRoutes = {
  people: {
    method: 'GET',
    path: '/people',
    summary: 'People of the floor with their skills',
    access: own,
    query: z.object({
      inactive: z.enum(['true', 'false']).default('false'),
      limit: z.coerce.number().int().min(1).max(5000).default(1000),
    }),
    response: z.array(PersonRecord),
  },
  createPerson: {
    method: 'POST',
    path: '/people',
    summary: 'Add a person with a badge',
    access: leading,
    body: person,
    response: PersonRecord,
  },
  updatePerson: {
    method: 'PATCH',
    path: '/people/:id',
    summary: 'Change badge, name, team, language or activity',
    access: leading,
    params: idParam,
    body: person.partial().extend({ active: z.boolean().optional() }),
    response: PersonRecord,
  },
  grantSkill: {
    method: 'POST',
    path: '/people/:id/skills',
    summary: 'Grant a skill or raise its level',
    access: leading,
    params: idParam,
    body: z.strictObject({
      skill: z.string().max(60),
      level: z.number().int().min(1).max(4),
      expiresAt: z.number().int().nullable().optional(),
    }),
    response: PersonRecord,
  },
  withdrawSkill: {
    method: 'DELETE',
    path: '/people/:id/skills/:skill',
    summary: 'Withdraw a skill',
    access: leading,
    params: z.object({ id: z.string(), skill: z.string() }),
    response: PersonRecord,
  },
  expiringSkills: {
    method: 'GET',
    path: '/people/skills/expiring',
    summary: 'Skills that expire within some days or have expired',
    access: own,
    query: z.object({ days: z.coerce.number().int().min(0).max(365).default(30) }),
    response: z.array(PersonSkill.extend({ person: z.string(), name: z.string() })),
  },
  trainings: {
    method: 'GET',
    path: '/people/trainings',
    summary: 'Training records, newest first',
    access: own,
    query: z.object({
      person: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    response: z.array(Training),
  },
  recordTraining: {
    method: 'POST',
    path: '/people/trainings',
    summary: 'Record a training; who passed gets its skills',
    access: leading,
    body: z.strictObject({
      title: z.string().trim().min(1).max(200),
      kind: Training.shape.kind,
      heldAt: z.number().int(),
      minutes: z.number().int().min(1).max(6000),
      trainer: z.string().trim().min(1).max(80),
      text: z.string().max(4000).default(''),
      documents: ids,
      translations: texts,
      attendees: z
        .array(z.strictObject({ person: z.string().max(60), passed: z.boolean().default(true) }))
        .min(1)
        .max(500),
      grants: z
        .array(z.strictObject({ skill: z.string().max(60), level: z.number().int().min(1).max(4) }))
        .max(20)
        .default([]),
    }),
    response: Training,
  },
  peopleReminders: {
    method: 'GET',
    path: '/people/reminders',
    summary: 'Skills that expire, risk assessments to be looked at again, safety measures past their day',
    access: own,
    query: z.object({ days: z.coerce.number().int().min(0).max(365).default(30) }),
    response: z.object({
      skills: z.array(PersonSkill.extend({ person: z.string(), name: z.string() })),
      reviews: z.array(SafetyRecord),
      measures: z.array(SafetyRecord),
    }),
  },
  peopleFile: {
    method: 'GET',
    path: '/people/file',
    summary: 'Skill matrix, training log or safety records as CSV or Excel',
    access: own,
    query: z.object({
      what: z.enum(['skills', 'trainings', 'safety']),
      format: z.enum(['csv', 'xlsx']).default('xlsx'),
    }),
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },
  safetyRecords: {
    method: 'GET',
    path: '/safety',
    summary: 'Near misses, risk assessments and toolbox meetings, newest first',
    access: own,
    query: z.object({
      kind: SafetyKind.optional(),
      status: z.enum(['open', 'closed']).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    response: z.array(SafetyRecord),
  },
  reportSafety: {
    method: 'POST',
    path: '/safety',
    summary: 'Report a near miss, record an assessment or a toolbox meeting',
    access: operating,
    body: z.strictObject({
      entryId: clientEntry.min(8).optional(),
      kind: SafetyKind,
      time: z.number().int().optional(),
      place: z.string().max(300),
      text: z.string().trim().min(1).max(4000),
      translations: texts,
      documents: ids,
      badge: badge.optional(),
      people: ids,
      hazards: z
        .array(
          z.strictObject({
            hazard: z.string().trim().min(1).max(500),
            likelihood: z.number().int().min(1).max(5),
            severity: z.number().int().min(1).max(4),
            likelihoodAfter: z.number().int().min(1).max(5).nullable().default(null),
            severityAfter: z.number().int().min(1).max(4).nullable().default(null),
          }),
        )
        .max(50)
        .default([]),
      measures: z.array(measure).max(50).default([]),
    }),
    response: SafetyRecord,
  },
  addSafetyMeasure: {
    method: 'POST',
    path: '/safety/:id/measures',
    summary: 'Add a measure',
    access: leading,
    params: idParam,
    body: measure,
    response: SafetyRecord,
  },
  finishSafetyMeasure: {
    method: 'POST',
    path: '/safety/:id/measures/:measure/done',
    summary: 'A measure is done, with its proof',
    access: operating,
    params: z.object({ id: z.string(), measure: z.string() }),
    body: z.strictObject({ proof: z.string().max(1000).nullable().default(null) }),
    response: SafetyRecord,
  },
  reviewSafety: {
    method: 'POST',
    path: '/safety/:id/review',
    summary: 'A risk assessment was looked at again and still holds; it comes back after a year',
    access: leading,
    params: idParam,
    body: z.strictObject({ note: z.string().trim().max(1000).default('') }),
    response: SafetyRecord,
  },
  closeSafety: {
    method: 'POST',
    path: '/safety/:id/close',
    summary: 'Close; every measure must be done',
    access: leading,
    params: idParam,
    response: SafetyRecord,
  },
} as const satisfies Record<string, Route>;
