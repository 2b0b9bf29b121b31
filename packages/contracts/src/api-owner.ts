import { z } from 'zod';
import { OwnerDay, OwnerFigureId, OwnerRow } from './owner.ts';
import { auditing, type Route } from './route.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const ownerRoutes = {
  ownerDay: {
    method: 'GET',
    path: '/owner/day',
    summary: 'Output, quality, cost and delivery of one plant day in won, and its three largest losses',
    access: auditing,
    query: z.object({ day: day.optional().meta({ description: 'Plant day; yesterday when left out' }) }),
    response: OwnerDay,
  },
  ownerRows: {
    method: 'GET',
    path: '/owner/rows',
    summary: 'The rows that a figure of the owner’s page is made of',
    access: auditing,
    query: z.object({
      figure: OwnerFigureId,
      from: day,
      to: day.meta({ description: 'Included' }),
      limit: z.coerce.number().int().min(1).max(1000).default(500),
    }),
    response: z.object({ rows: z.array(OwnerRow), more: z.boolean() }),
  },
} as const satisfies Record<string, Route>;
