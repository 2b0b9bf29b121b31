import { z } from 'zod';
import { KnowHowCard, KnowHowHit, KnowHowLinks } from './know-how.ts';
import { clientEntry, idParam, leading, ok, operating, own, type Route } from './route.ts';

const text = z.string().trim().max(4000);
const card = z.strictObject({
  symptom: text.min(2),
  cause: text.default(''),
  action: text.min(2),
  conditions: text.default(''),
  language: z.string().max(8).default('ko'),
  links: KnowHowLinks.prefault({}),
  documents: z.array(z.string().max(80)).max(20).default([]),
});
const code = z.string().max(300).optional();

export const knowhowRoutes = {
  knowHow: {
    method: 'GET',
    path: '/know-how',
    summary: 'Cards by words as people type them, or the newest',
    access: own,
    query: z.object({
      q: z.string().max(200).default(''),
      status: KnowHowCard.shape.status.optional(),
      machine: code,
      item: code,
      defect: code,
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    response: z.array(KnowHowHit),
  },
  knowHowOffers: {
    method: 'GET',
    path: '/know-how/offers',
    summary: 'Cards that fit a trouble that is here now, the best first',
    access: own,
    query: z.object({
      machine: code,
      item: code,
      tool: code,
      defect: code,
      downtimeReason: code,
      alarm: code,
      text: z.string().max(500).default(''),
      limit: z.coerce.number().int().min(1).max(20).default(3),
    }),
    response: z.array(KnowHowHit),
  },
  knowHowCard: {
    method: 'GET',
    path: '/know-how/:id',
    summary: 'A card with its earlier versions',
    access: own,
    params: idParam,
    response: z.object({ card: KnowHowCard, versions: z.array(KnowHowCard) }),
  },
  addKnowHow: {
    method: 'POST',
    path: '/know-how',
    summary: 'Capture a card; symptom and action are enough',
    access: operating,
    body: card.extend({ entryId: clientEntry.min(8).optional(), badge: z.string().max(64).optional() }),
    response: KnowHowCard,
  },
  changeKnowHow: {
    method: 'PUT',
    path: '/know-how/:id',
    summary: 'A new version of a card; the earlier one is kept',
    access: operating,
    params: idParam,
    body: card.extend({ version: z.number().int(), badge: z.string().max(64).optional() }),
    response: KnowHowCard,
  },
  judgeKnowHow: {
    method: 'POST',
    path: '/know-how/:id/status',
    summary: 'Approve, retire or take back',
    access: leading,
    params: idParam,
    body: z.strictObject({ status: KnowHowCard.shape.status }),
    response: KnowHowCard,
  },
  knowHowHelped: {
    method: 'POST',
    path: '/know-how/:id/helped',
    summary: 'Whether the card helped',
    access: operating,
    params: idParam,
    body: z.strictObject({ helped: z.boolean(), run: z.string().max(60).nullable().default(null) }),
    response: ok,
  },
} as const satisfies Record<string, Route>;
