import { z } from 'zod';

/** Settings of an `mtconnect` connection: an agent over HTTP, or an SHDR adapter over TCP. */
export const MtconnectConfig = z
  .strictObject({
    agent: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({ description: 'Base address of the agent, such as http://10.0.0.5:5000.' }),
    adapter: z
      .string()
      .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'host:port')
      .optional()
      .meta({ description: 'Host and port of an SHDR adapter, such as 10.0.0.5:7878, in place of an agent.' }),
    device: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Name or uuid of the one device to read; all when left out.' }),
    devices: z.string().min(1).optional().meta({
      description: 'Adapter: the Devices.xml that explains its tags. Without it the kinds of the signals tell.',
    }),
    intervalMs: z
      .number()
      .int()
      .min(0)
      .max(60_000)
      .default(100)
      .meta({ description: 'Agent: least time between two deliveries.' }),
    heartbeatMs: z
      .number()
      .int()
      .min(100)
      .max(300_000)
      .default(10_000)
      .meta({ description: 'Sign of life asked of the other side; twice this without one is a dead link.' }),
    count: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(2_000)
      .meta({ description: 'Agent: most observations at once.' }),
  })
  .refine((c) => (c.agent === undefined) !== (c.adapter === undefined), {
    message: 'give agent or adapter, one of them',
  });
export type MtconnectConfig = z.infer<typeof MtconnectConfig>;

/** Binding of one signal. */
export const MtconnectAddress = z.strictObject({
  dataItem: z
    .string()
    .min(1)
    .meta({ description: 'Id, name or source of the data item; @assets for changed and removed assets.' }),
  device: z.string().min(1).optional().meta({ description: 'Name or uuid of the device when the name is not unique.' }),
});
export type MtconnectAddress = z.infer<typeof MtconnectAddress>;
