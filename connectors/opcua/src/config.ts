import { z } from 'zod';

const Deadband = z
  .strictObject({
    absolute: z.number().positive().optional().meta({ description: 'In the unit of the value on the server.' }),
    percent: z.number().positive().max(100).optional().meta({ description: 'Of EURange; analog items only.' }),
  })
  .refine((d) => (d.absolute === undefined) !== (d.percent === undefined), 'give absolute or percent, one of them');
export type Deadband = z.infer<typeof Deadband>;

export const SecurityPolicyName = z.enum(['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss']);
export type SecurityPolicyName = z.infer<typeof SecurityPolicyName>;

const Security = z.strictObject({
  mode: z.enum(['SignAndEncrypt', 'Sign', 'None']).default('SignAndEncrypt').meta({
    description: 'None only where it stands here; it is never chosen by itself.',
  }),
  policy: SecurityPolicyName.optional().meta({ description: 'Without it, the strongest that the server offers.' }),
  trust: z
    .array(
      z.string().regex(/^(?:[0-9a-fA-F]{2}[: ]?){20}$|^(?:[0-9a-fA-F]{2}[: ]?){32}$/, 'a SHA-1 or SHA-256 thumbprint'),
    )
    .max(32)
    .default([])
    .meta({ description: 'Thumbprints of server certificates that a person has compared and trusts.' }),
  acceptOtherHost: z.boolean().default(false).meta({
    description: 'Accept a trusted certificate that names another host than `endpoint`.',
  }),
  requireRevocationList: z.boolean().default(false).meta({
    description:
      'Refuse a server whose trusted issuer has no revocation list in force under pki/trusted/crl; without this, a missing list is no hindrance.',
  }),
  allowPlainPassword: z.boolean().default(false).meta({
    description: 'Send the password unencrypted where the server offers nothing better.',
  }),
});

const UserCertificate = z
  .strictObject({
    certificateFile: z.string().min(1).optional().meta({ description: 'PEM or DER file.' }),
    certificate: z.string().min(1).max(100_000).optional().meta({
      secret: true,
      description: 'The certificate itself: PEM, or DER as base64; also env:NAME or file:/path.',
    }),
    privateKeyFile: z.string().min(1).optional().meta({ description: 'PEM or DER file.' }),
    privateKey: z.string().min(1).max(100_000).optional().meta({
      secret: true,
      description: 'The RSA key itself: PEM, or DER as base64; also env:NAME or file:/path.',
    }),
    privateKeyPassphrase: z.string().min(1).max(1024).optional().meta({ secret: true }),
  })
  .refine((u) => (u.certificate === undefined) !== (u.certificateFile === undefined), 'give certificate or its file')
  .refine((u) => (u.privateKey === undefined) !== (u.privateKeyFile === undefined), 'give privateKey or its file');
export type UserCertificate = z.infer<typeof UserCertificate>;

/** Settings of one connection. */
export const OpcUaConfig = z.strictObject({
  endpoint: z
    .string()
    .regex(/^opc\.tcp:\/\/[^\s/]+(?::\d+)?(?:\/\S*)?$/, 'opc.tcp://host:4840/path')
    .meta({ description: 'Address of the server: opc.tcp://192.168.0.10:4840' }),
  security: Security.prefault({}),
  user: z
    .strictObject({ name: z.string().min(1).max(256), password: z.string().max(1024).meta({ secret: true }) })
    .optional()
    .meta({ description: 'User name and password; without this and userCertificate the session is anonymous.' }),
  userCertificate: UserCertificate.optional().meta({ description: 'X.509 user: certificate and RSA key.' }),
  samplingIntervalMs: z.number().min(0).max(86_400_000).default(1000),
  publishingIntervalMs: z.number().min(10).max(3_600_000).default(500),
  queueSize: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: 'Values the server keeps per signal between two messages; without it, twice what fits.' }),
  deadband: Deadband.optional(),
  heartbeatMs: z.number().int().min(500).max(600_000).default(5000).meta({
    description: 'The server sends at least one message in this time; silent for 2.5 times as long, it is lost.',
  }),
  connectTimeoutMs: z.number().int().min(500).max(120_000).default(10_000),
  resumeMs: z.number().int().min(0).max(60_000).default(5000).meta({
    description:
      'After a break of the network the session is gone on with for so long, before a new one is opened; 0 turns it off.',
  }),
  sessionTimeoutMs: z.number().int().min(10_000).max(3_600_000).default(60_000),
  maxItemsPerCall: z.number().int().min(1).max(10_000).default(1000),
  maxItemsPerSubscription: z.number().int().min(1).max(100_000).default(10_000),
  maxNotificationsPerPublish: z.number().int().min(1).max(100_000).default(10_000),
  correctClock: z.boolean().default(true).meta({
    description: 'Shift times of a server whose clock differs from ours by more than clockToleranceMs at the connect.',
  }),
  clockToleranceMs: z.number().int().min(1000).max(86_400_000).default(2000),
  bufferSamples: z.number().int().min(100).max(5_000_000).default(100_000).meta({
    description: 'Samples held here while storing falls behind; beyond it the server is made to wait.',
  }),
  retryRefusedMs: z.number().int().min(1000).max(86_400_000).default(60_000).meta({
    description: 'How often nodes that the server refused are tried again.',
  }),
  discovery: z
    .strictObject({
      start: z.string().default('i=85').meta({ description: 'Node to start browsing from; i=85 is Objects.' }),
      maxNodes: z.number().int().min(1).max(1_000_000).default(20_000),
      maxSeconds: z.number().min(1).max(3600).default(60),
      maxDepth: z.number().int().min(1).max(64).default(16),
    })
    .prefault({}),
});
export type OpcUaConfig = z.infer<typeof OpcUaConfig>;

/** The binding of one signal. */
export const OpcUaAddress = z.strictObject({
  node: z
    .string()
    .max(4096)
    .regex(/^(?:nsu=[^;]+;|ns=\d+;)?[isgb]=.+$/s, 'nsu=http://…;s=…')
    .meta({ description: 'NodeId with the namespace by its URI: nsu=http://example.org/machine;s=Motor.Speed' }),
  attribute: z.string().max(32).default('Value'),
  index: z
    .union([z.number().int().nonnegative(), z.array(z.number().int().nonnegative()).min(1).max(8)])
    .optional()
    .meta({ description: 'Element of an array; one number per dimension.' }),
  field: z.string().max(256).optional().meta({ description: 'Path inside a structure: speed.actual' }),
  samplingIntervalMs: z.number().min(0).max(86_400_000).optional(),
  deadband: Deadband.optional(),
});
export type OpcUaAddress = z.infer<typeof OpcUaAddress>;
