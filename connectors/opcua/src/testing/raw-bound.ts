import {
  AttributeIds,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
} from 'node-opcua';

/** What the library alone does: its own subscription, items in groups, and a handler that only counts. Nothing is stored. */
export async function countRaw(
  endpoint: string,
  encrypted: boolean,
  options: {
    namespaceUri: string;
    identifiers: readonly string[];
    samplingIntervalMs: number;
    publishingIntervalMs: number;
    folder: string;
  },
): Promise<{ count(): number; stop(): Promise<void> }> {
  const client = OPCUAClient.create({
    securityMode: encrypted ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None,
    securityPolicy: encrypted ? SecurityPolicy.Aes256_Sha256_RsaPss : SecurityPolicy.None,
    endpointMustExist: false,
    clientCertificateManager: new OPCUACertificateManager({
      rootFolder: options.folder,
      automaticallyAcceptUnknownCertificate: true,
    }),
  });
  await client.connect(endpoint);
  const session = await client.createSession();
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: options.publishingIntervalMs,
    requestedMaxKeepAliveCount: 10,
    requestedLifetimeCount: 1000,
    maxNotificationsPerPublish: 10_000,
    publishingEnabled: true,
  });
  const index = (await session.readNamespaceArray()).indexOf(options.namespaceUri);
  const nodeIds = options.identifiers.map((identifier) => `ns=${index};${identifier}`);
  let count = 0;
  for (let i = 0; i < nodeIds.length; i += 1000) {
    const group = await subscription.monitorItems(
      nodeIds.slice(i, i + 1000).map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })),
      { samplingInterval: options.samplingIntervalMs, queueSize: 20, discardOldest: true },
      TimestampsToReturn.Both,
    );
    group.on('changed', () => {
      count++;
    });
  }
  return {
    count: () => count,
    async stop() {
      await session.close(true);
      await client.disconnect();
    },
  };
}
