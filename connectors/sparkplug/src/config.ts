import { brokerSettings } from '@deungdae/connector-mqtt/settings.ts';
import { z } from 'zod';
import { idPattern } from './topics.ts';

const SparkplugId = z.string().min(1).max(256).regex(idPattern, 'no + / or #');

export const SparkplugConfig = z
  .strictObject({
    ...brokerSettings,
    hostId: SparkplugId.optional().meta({
      description:
        'Id of this host application in STATE; edge nodes may wait for it. deungdae-<connection> when left out.',
    }),
    reorderTimeoutMs: z
      .number()
      .int()
      .min(0)
      .max(60_000)
      .default(2_000)
      .meta({ description: 'How long a missing message is waited for before a rebirth is requested, ms.' }),
    rebirth: z
      .strictObject({
        enabled: z.boolean().default(true),
        waitMs: z.number().int().min(0).max(600_000).default(1_000),
        minMs: z.number().int().min(100).max(600_000).default(5_000),
        maxMs: z.number().int().min(100).max(3_600_000).default(300_000),
        perSecond: z.number().min(0.1).max(1_000).default(20),
      })
      .prefault({})
      .meta({
        description:
          'Rebirth requests, the only thing ever written: wait for births after connecting, back-off per node (doubles from min to max), and all nodes together a second.',
      }),
    maxPayloadBytes: z.number().int().min(1_024).max(67_108_864).default(8_388_608),
    discover: z
      .strictObject({
        group: z.union([SparkplugId, z.literal('+')]).default('+'),
        seconds: z.number().min(0.1).max(600).default(10),
      })
      .prefault({})
      .meta({ description: 'Which group discovery collects births of, and for how long.' }),
  })
  .refine((c) => c.tls === undefined || /^(mqtts|wss):/.test(c.url), {
    path: ['url'],
    message: 'tls needs mqtts:// or wss://',
  });
export type SparkplugConfig = z.infer<typeof SparkplugConfig>;

export const SparkplugAddress = z.strictObject({
  group: SparkplugId,
  node: SparkplugId,
  device: SparkplugId.optional().meta({ description: 'Left out for metrics of the edge node itself.' }),
  metric: z
    .string()
    .min(1)
    .max(1024)
    .meta({ description: 'Name of the metric; a member of a template is Template/member.' }),
});
export type SparkplugAddress = z.infer<typeof SparkplugAddress>;
