import type { ConnectorContext } from '@deungdae/connector-kit/connector.ts';
import { AttributeIds, MonitoringMode, ServerState, TimestampsToReturn } from 'node-opcua-client';
import type { OpcUaConfig } from './config.ts';
import { type Intake, stateHandle } from './intake.ts';
import { type CreateReport, createItems, type Item, type Refusal } from './item-table.ts';
import { resolveNode } from './node-address.ts';
import type { PublishPump } from './publish-pump.ts';
import type { RawSession } from './raw-session.ts';
import { readServerLimits, type ServerLimits } from './server-limits.ts';
import { serviceStatus } from './session.ts';

/** The server may be kept waiting this long, ms, before it may end a subscription. */
const lifetimeMs = 600_000;
/** This many refusals are told one by one; the rest as a number. */
const refusalsTold = 10;

/** Creates the subscriptions and items of one session, and looks after them while it lasts. */
export class Subscriber {
  readonly #session: RawSession;
  readonly #pump: PublishPump;
  readonly #intake: Intake;
  readonly #items: readonly Item[];
  readonly #config: OpcUaConfig;
  readonly #context: ConnectorContext;
  #namespaces: string[] = [];
  #limits: ServerLimits = { itemsPerCall: 1000, nodesPerRead: 1000, nodesPerBrowse: 1000 };
  #stopped = false;
  #cancelRetry: () => void = () => {};

  constructor(
    session: RawSession,
    pump: PublishPump,
    intake: Intake,
    items: readonly Item[],
    config: OpcUaConfig,
    context: ConnectorContext,
  ) {
    this.#session = session;
    this.#pump = pump;
    this.#intake = intake;
    this.#items = items;
    this.#config = config;
    this.#context = context;
  }

  /** Namespaces are read anew at each connect: their indices belong to one run of the server. */
  async start(): Promise<void> {
    this.#namespaces = await this.#session.readNamespaceArray();
    this.#limits = await readServerLimits(this.#session, this.#config.maxItemsPerCall);
    await this.#compareClocks();
    this.#tellNamespaceIndices();
    const perSubscription = this.#config.maxItemsPerSubscription;
    const count = Math.max(1, Math.ceil(this.#items.length / perSubscription));
    const refused: Refusal[] = [];
    for (let i = 0; i < count && !this.#stopped; i++) {
      const id = await this.#createSubscription();
      if (i === 0) {
        await this.#watchServerState(id);
        this.#pump.start();
      }
      const part = this.#items.slice(i * perSubscription, (i + 1) * perSubscription);
      const report = await createItems(this.#session, id, part, this.#namespaces, this.#limits.itemsPerCall);
      refused.push(...report.refused);
      this.#tell(report);
    }
    this.#tellRefused(refused);
    if (refused.length > 0) this.#retryLater(refused.map((r) => r.item));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  /**
   * A controller whose clock is hours off is common. Beyond the tolerance its times are shifted by the difference
   * measured here, so that they fit the gaps and the other machines; it is told, and can be switched off.
   */
  async #compareClocks(): Promise<void> {
    const { clock, notice } = this.#context;
    const askedUs = clock.nowUs();
    // ServerStatus.CurrentTime
    const [answer] = await this.#session.read([{ nodeId: 'i=2258', attributeId: AttributeIds.Value }], 0);
    const serverTime: unknown = answer?.value?.value;
    if (!(serverTime instanceof Date)) return;
    const serverUs = serverTime.getTime() * 1000;
    const answeredUs = clock.nowUs();
    const offsetUs = Math.round((askedUs + answeredUs) / 2 - serverUs);
    const { correctClock, clockToleranceMs } = this.#config;
    const far = Math.abs(offsetUs) > clockToleranceMs * 1000;
    // Whole seconds, so that the same value read in two sessions gets the same time.
    const shiftUs = far && correctClock ? Math.round(offsetUs / 1e6) * 1e6 : 0;
    this.#intake.correctClock(shiftUs, serverUs + shiftUs, answeredUs - serverUs - shiftUs);
    const params = { skewSeconds: Math.round(-offsetUs / 1e6) };
    if (far) notice({ code: correctClock ? 'opcua.clockCorrected' : 'opcua.clockSkew', params });
  }

  async #createSubscription(): Promise<number> {
    const { publishingIntervalMs, heartbeatMs, maxNotificationsPerPublish } = this.#config;
    const requestedMaxKeepAliveCount = Math.max(1, Math.floor(heartbeatMs / publishingIntervalMs));
    const requestedLifetimeCount = Math.max(
      requestedMaxKeepAliveCount * 3,
      Math.ceil(lifetimeMs / publishingIntervalMs),
    );
    const response = await this.#session.createSubscription({
      requestedPublishingInterval: publishingIntervalMs,
      requestedMaxKeepAliveCount,
      requestedLifetimeCount,
      maxNotificationsPerPublish,
      publishingEnabled: true,
      priority: 0,
    });
    const keepAliveMs = Math.max(1, response.revisedMaxKeepAliveCount) * response.revisedPublishingInterval;
    this.#pump.add(response.subscriptionId, Math.max(500, keepAliveMs));
    return response.subscriptionId;
  }

  /** Our own item on ServerStatus.State: a server that is being shut down says so while it still answers. */
  async #watchServerState(subscriptionId: number): Promise<void> {
    this.#intake.onServerState((state) => {
      if (state === ServerState.Running) return;
      this.#context.notice({ code: 'opcua.serverState', params: { state: ServerState[state] ?? String(state) } });
    });
    await this.#session
      .createMonitoredItems({
        subscriptionId,
        timestampsToReturn: TimestampsToReturn.Both,
        itemsToCreate: [
          {
            itemToMonitor: { nodeId: 'i=2259', attributeId: AttributeIds.Value },
            monitoringMode: MonitoringMode.Reporting,
            requestedParameters: {
              clientHandle: stateHandle,
              samplingInterval: 1000,
              queueSize: 1,
              discardOldest: true,
            },
          },
        ],
      } as Parameters<RawSession['createMonitoredItems']>[0])
      .catch((error: unknown) => this.#context.log.debug({ status: serviceStatus(error) }, 'no ServerStatus.State'));
  }

  #tellNamespaceIndices(): void {
    const first = this.#items.find((i) => (i.address?.index ?? 0) > 0);
    if (!first) return;
    const index = first.address!.index!;
    const params = { signal: first.targets[0]!.path, index, uri: this.#namespaces[index] ?? '?' };
    this.#context.notice({ code: 'opcua.namespaceByIndex', params });
  }

  #tell(report: CreateReport): void {
    const { notice } = this.#context;
    const first = report.withoutDeadband[0];
    if (first) {
      const count = report.withoutDeadband.length;
      const params = { signal: first.item.targets[0]!.path, status: first.status, count };
      notice({ code: 'opcua.deadbandRefused', params });
    }
    if (report.slowed > 0) {
      const { slowed: count, slowedFromMs: requestedMs, slowestMs: revisedMs } = report;
      notice({ code: 'opcua.revised', params: { count, requestedMs, revisedMs } });
    }
  }

  #tellRefused(refused: readonly Refusal[]): void {
    refused.forEach(({ item, status }, i) => {
      this.#intake.markBad(item);
      const signal = item.targets[0]!.path;
      this.#context.log.warn({ signal, node: item.nodeText, status }, 'node refused');
      if (i >= refusalsTold) return;
      if (status === 'namespace')
        this.#context.notice({ code: 'opcua.namespaceUnknown', params: { signal, uri: item.address?.uri ?? '' } });
      else this.#context.notice({ code: 'opcua.nodeRefused', params: { signal, node: item.nodeText, status } });
    });
    if (refused.length > refusalsTold)
      this.#context.notice({ code: 'opcua.moreNodesRefused', params: { count: refused.length - refusalsTold } });
  }

  /** A node may appear later, when its program is loaded: it is tried again for as long as the session lasts. */
  #retryLater(items: readonly Item[]): void {
    this.#cancelRetry = this.#context.clock.after(this.#config.retryRefusedMs, () => void this.#retry(items));
  }

  async #retry(items: readonly Item[]): Promise<void> {
    const subscription = this.#pump.subscriptions.at(-1);
    if (this.#stopped || !subscription) return;
    try {
      this.#namespaces = await this.#session.readNamespaceArray();
      const { itemsPerCall } = this.#limits;
      const report = await createItems(this.#session, subscription.id, items, this.#namespaces, itemsPerCall);
      this.#tell(report);
      if (report.refused.length > 0) this.#retryLater(report.refused.map((r) => r.item));
    } catch (error) {
      this.#context.log.debug({ status: serviceStatus(error) }, 'retry of refused nodes failed');
      this.#retryLater(items);
    }
  }

  /**
   * Messages that the server no longer has are a gap, said aloud; then the values of now are had again, by ResendData
   * (Part 5 §9.2) or, where the server lacks it, by reading each once. The subscription goes on; nothing is polled.
   */
  async recoverFrom(subscriptionId: number, count: number, status: string): Promise<void> {
    this.#context.notice({ code: 'opcua.messagesLost', params: { count, status } });
    this.#intake.markGap(subscriptionId);
    const items = this.#items.filter((i) => i.subscription === subscriptionId);
    if (await this.#resendData(subscriptionId)) return;
    for (let i = 0; i < items.length && !this.#stopped; i += this.#limits.nodesPerRead)
      await this.#readOnce(items.slice(i, i + this.#limits.nodesPerRead));
  }

  async #resendData(subscriptionId: number): Promise<boolean> {
    try {
      const result = await this.#session.call({
        objectId: 'i=2253',
        methodId: 'i=12873',
        inputArguments: [{ dataType: 7 /* UInt32 */, value: subscriptionId }],
      });
      return result.statusCode.value === 0;
    } catch {
      return false;
    }
  }

  async #readOnce(items: readonly Item[]): Promise<void> {
    const nodes = items.flatMap((item) => {
      const nodeId = item.address ? resolveNode(item.address, this.#namespaces) : null;
      return nodeId ? [{ item, nodeId }] : [];
    });
    const values = await this.#session.read(
      nodes.map(({ item, nodeId }) => ({ nodeId, attributeId: item.attributeId })),
      0,
    );
    for (const [i, value] of values.entries()) this.#intake.takeRead(nodes[i]!.item, value);
  }
}
