import { z } from 'zod';
import { LocalText } from './text.ts';
import { Defect, LabourEntry } from './work-order.ts';

/** Steps of the signature (결재): 작성, 검토, 승인. The last one locks the day (마감). */
export const SignStep = z.enum(['written', 'reviewed', 'approved']);
export type SignStep = z.infer<typeof SignStep>;

/** One order's work in a shift. */
export const DailyLine = z.object({
  workOrder: z.string(),
  workOrderNumber: z.string(),
  item: z.string(),
  itemName: z.string(),
  operation: z.number().int(),
  operationName: z.string(),
  tool: z.string().nullable(),
  from: z.number(),
  to: z.number().nullable(),
  planned: z.number(),
  good: z.number(),
  scrap: z.number(),
  rework: z.number(),
  defects: z.array(Defect.extend({ name: z.string() })),
  counted: z.number().nullable(),
  lots: z.array(z.string()),
});
export type DailyLine = z.infer<typeof DailyLine>;

/** Minutes of the shift as the downtime sheet of factories has them (비가동 현황). */
export const DailyTime = z.object({
  /** 조업시간: the shift until now, without the breaks that were taken. */
  shiftMinutes: z.number(),
  /** 가동시간: the machine ran. */
  runMinutes: z.number(),
  /** 비가동합계: it stood though it should have run. */
  downMinutes: z.number(),
  /** 계획정지합계. */
  plannedStopMinutes: z.number(),
  /** Nothing was known of the machine; no downtime. */
  noDataMinutes: z.number(),
  /** 시간가동율 = 가동시간 / (가동시간 + 비가동합계); 설비가동율 = 가동시간 / 조업시간. */
  availability: z.number().nullable(),
  utilisation: z.number().nullable(),
  /** 무인: it ran with nobody at it, minutes. */
  unmannedMinutes: z.number(),
});

/** Daily work report (작업일보) of one machine and shift, filled by the system. */
export const DailyReport = z.object({
  machine: z.string(),
  machineName: LocalText,
  day: z.string(),
  shift: z.string(),
  shiftName: LocalText,
  from: z.number(),
  to: z.number(),
  status: z.enum(['open', 'written', 'reviewed', 'closed']),
  lines: z.array(DailyLine),
  good: z.number(),
  scrap: z.number(),
  rework: z.number(),
  defects: z.array(z.object({ reason: z.string(), name: z.string(), quantity: z.number() })),
  time: DailyTime,
  stops: z.array(
    z.object({
      reason: z.string().nullable(),
      name: LocalText.nullable(),
      loss: z.string().nullable(),
      minutes: z.number(),
      count: z.number(),
    }),
  ),
  labour: z.array(LabourEntry),
  directHours: z.number(),
  indirectHours: z.number(),
  handover: z.string(),
  signatures: z.array(z.object({ step: SignStep, name: z.string(), at: z.number(), undone: z.boolean() })),
  reopenings: z.array(z.object({ at: z.number(), by: z.string(), reason: z.string() })),
});
export type DailyReport = z.infer<typeof DailyReport>;
