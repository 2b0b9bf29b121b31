import { z } from 'zod';

const codes = z.array(z.string().max(300)).max(50).default([]);

/** Where a card applies: codes of master data, machine paths, alarm rules, and windows of signals. */
export const KnowHowLinks = z.strictObject({
  defects: codes,
  downtimeReasons: codes,
  alarms: codes,
  machines: codes,
  items: codes,
  tools: codes,
  parameters: z
    .array(
      z.strictObject({
        signal: z.string().max(300),
        lower: z.number().nullable().default(null),
        upper: z.number().nullable().default(null),
      }),
    )
    .max(20)
    .default([]),
});
export type KnowHowLinks = z.infer<typeof KnowHowLinks>;

/** What a skilled person knows about one trouble: symptom, cause, action, under which conditions. */
export const KnowHowCard = z.object({
  id: z.string(),
  number: z.string(),
  version: z.number().int(),
  symptom: z.string(),
  cause: z.string(),
  action: z.string(),
  conditions: z.string(),
  language: z.string(),
  links: KnowHowLinks,
  documents: z.array(z.string()),
  /** Who knew it; a later editor does not take the credit. */
  author: z.object({ id: z.string(), name: z.string() }),
  editor: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.number(),
  updatedAt: z.number(),
  status: z.enum(['draft', 'approved', 'retired']),
  helped: z.number().int(),
  notHelped: z.number().int(),
});
export type KnowHowCard = z.infer<typeof KnowHowCard>;

export const KnowHowHit = z.object({ card: KnowHowCard, score: z.number(), because: z.array(z.string()) });
export type KnowHowHit = z.infer<typeof KnowHowHit>;
