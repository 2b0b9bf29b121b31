import { z } from 'zod';

/** A person on the floor. Not the same as a user who signs in: at the kiosk a badge is enough. */
export const PersonSkill = z.object({
  skill: z.string().max(60),
  /** 1 learns, 2 works under supervision, 3 works alone, 4 teaches. */
  level: z.number().int().min(1).max(4),
  grantedAt: z.number(),
  /** µs UTC; null does not expire. */
  expiresAt: z.number().nullable(),
  grantedBy: z.string(),
  training: z.string().nullable(),
});
export type PersonSkill = z.infer<typeof PersonSkill>;

export const PersonRecord = z.object({
  id: z.string(),
  badge: z.string(),
  name: z.string(),
  language: z.string(),
  team: z.string().nullable(),
  userId: z.string().nullable(),
  active: z.boolean(),
  skills: z.array(PersonSkill),
});
export type PersonRecord = z.infer<typeof PersonRecord>;

export const Training = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['job', 'quality', 'safety', 'other']),
  heldAt: z.number(),
  minutes: z.number(),
  trainer: z.string(),
  text: z.string(),
  documents: z.array(z.string()),
  attendees: z.array(z.object({ person: z.string(), passed: z.boolean() })),
  grants: z.array(z.object({ skill: z.string(), level: z.number() })),
  /** The same in the attendees' languages, so that what was signed was understood. */
  translations: z.record(z.string(), z.string()),
});
export type Training = z.infer<typeof Training>;

export const SafetyKind = z.enum(['nearMiss', 'riskAssessment', 'toolboxMeeting']);

/** 아차사고, 위험성평가, TBM. Risk is likelihood (1–5) × severity (1–4), before and after the measures. */
export const SafetyRecord = z.object({
  id: z.string(),
  number: z.string(),
  kind: SafetyKind,
  time: z.number(),
  place: z.string(),
  text: z.string(),
  translations: z.record(z.string(), z.string()),
  documents: z.array(z.string()),
  reporter: z.string(),
  people: z.array(z.string()),
  hazards: z.array(
    z.object({
      hazard: z.string(),
      likelihood: z.number().int().min(1).max(5),
      severity: z.number().int().min(1).max(4),
      likelihoodAfter: z.number().int().min(1).max(5).nullable(),
      severityAfter: z.number().int().min(1).max(4).nullable(),
    }),
  ),
  measures: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      owner: z.string().nullable(),
      due: z.number().nullable(),
      doneAt: z.number().nullable(),
      proof: z.string().nullable(),
    }),
  ),
  status: z.enum(['open', 'closed']),
  /** Risk assessments are looked at again after a year. */
  reviewDue: z.number().nullable(),
});
export type SafetyRecord = z.infer<typeof SafetyRecord>;
