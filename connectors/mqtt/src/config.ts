import { z } from 'zod';
import { parseFieldPath } from './field-path.ts';
import { brokerSettings } from './settings.ts';
import { parseTopicPattern } from './topic-pattern.ts';

const FieldPathText = z
  .string()
  .max(512)
  .refine((text) => parseFieldPath(text) !== null, 'a JSON pointer (/a/0/b) or a dotted path (a[0].b)');

const Filter = z
  .string()
  .max(1024)
  .refine((text) => parseTopicPattern(text) !== null, 'a topic with + for one level and # for the rest');

export const MqttConfig = z
  .strictObject({
    ...brokerSettings,
    sessionExpiryS: z
      .number()
      .int()
      .min(0)
      .max(4_294_967_294)
      .default(7 * 86_400)
      .meta({ description: 'How long the broker keeps messages for us while we are away, seconds (MQTT 5).' }),
    subscriptions: z
      .array(Filter)
      .max(10_000)
      .optional()
      .meta({ description: 'Topics to subscribe to, instead of those of the signals.' }),
    shared: z
      .string()
      .regex(/^[^+#/]+$/)
      .max(128)
      .optional()
      .meta({ description: 'Name of a shared subscription: several collectors share the messages.' }),
    maxInflight: z.number().int().min(1).max(65_535).default(4_000).meta({
      description: 'Messages of QoS 1 that may wait for the disk (MQTT 5; a 3.1.1 broker has its own limit).',
    }),
    maxPayloadBytes: z.number().int().min(16).max(67_108_864).default(1_048_576),
    qos: z.union([z.literal(0), z.literal(1)]).default(1),
    discover: z
      .strictObject({
        topics: z.array(Filter).max(100).default(['#']),
        seconds: z.number().min(0.1).max(600).default(10),
      })
      .prefault({})
      .meta({ description: 'What discovery listens to, and for how long.' }),
  })
  .refine((c) => c.tls === undefined || /^(mqtts|wss):/.test(c.url), {
    path: ['url'],
    message: 'tls needs mqtts:// or wss://',
  });
export type MqttConfig = z.infer<typeof MqttConfig>;

export const MqttAddress = z.strictObject({
  topic: z
    .string()
    .max(1024)
    .refine((text) => parseTopicPattern(text) !== null, 'a topic; + or {name} for one level, # for the rest')
    .meta({ description: 'Topic, such as plant/press-01/temp or plant/{machine}/data' }),
  payload: z
    .enum(['json', 'plain'])
    .optional()
    .meta({ description: 'json when a field, time, each or match is given; else plain text.' }),
  field: FieldPathText.optional().meta({
    description: 'Where the value is: /data/temp or data.temp; {name} is allowed.',
  }),
  time: z
    .strictObject({ field: FieldPathText, format: z.enum(['iso', 's', 'ms', 'us', 'ns']).optional() })
    .optional()
    .meta({ description: 'Where the time of the value is; without it the time of arrival is used.' }),
  quality: z
    .strictObject({
      field: FieldPathText,
      good: z
        .array(z.union([z.string(), z.number(), z.boolean()]))
        .max(20)
        .default([true, 'good', 'Good', 'GOOD', 192]),
    })
    .optional()
    .meta({ description: 'Where the quality of the value is, and which of its values mean good.' }),
  each: FieldPathText.optional().meta({ description: 'Where an array is, each element of which is one message.' }),
  match: z
    .strictObject({ field: FieldPathText, equals: z.union([z.string(), z.number()]) })
    .optional()
    .meta({ description: 'Only messages (or elements) whose field equals this: {field: /id, equals: Tag1}' }),
  values: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .meta({ description: 'Other values for what comes: {RUN: 1, STOP: 0}' }),
});
export type MqttAddress = z.infer<typeof MqttAddress>;
