import { join } from 'node:path';
import type { ConnectorContext } from '@deungdae/connector-kit/connector.ts';
import { type Clock, systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import {
  type ClientSession,
  type EndpointDescription,
  MessageSecurityMode,
  OPCUAClient,
  OPCUAClientBase,
  SecurityPolicy,
  StatusCodes,
  setErrorLogger,
  setWarningLogger,
} from 'node-opcua-client';
import { DiskCertificateKeyPairProvider, InMemoryCertificateStore } from 'node-opcua-common';
import { split_der } from 'node-opcua-crypto';
import { ClientTCP_transport } from 'node-opcua-transport';
import type { OpcUaConfig, SecurityPolicyName } from './config.ts';
import { opcuaError } from './errors.ts';
import { type OwnCertificate, ownCertificate } from './own-certificate.ts';
import { checkServerCertificate } from './trust.ts';
import { type Identity, identityOf } from './user-identity.ts';

// The library prints to the console what it also throws; here every failure is a coded error, said once.
setWarningLogger(() => {});
setErrorLogger(() => {});

/** One channel and one session, without any reconnection of their own: that is the kit's. */
export interface OpenSession {
  readonly session: ClientSession;
  readonly endpoint: EndpointDescription;
  /** Called once when the channel breaks. */
  onLost(callback: (reason: string) => void): void;
  /** Ends session, channel and sockets; a dead link gets no goodbye. */
  close(linkIsDead?: boolean): Promise<void>;
}

/** Strongest first; chosen among those that the server offers, never below what the plant file asks for. */
const policies: SecurityPolicyName[] = ['Aes256_Sha256_RsaPss', 'Aes128_Sha256_RsaOaep', 'Basic256Sha256'];
/** How long a polite goodbye may take before the sockets are destroyed. */
const goodbyeMs = 1500;

/**
 * Opens an authenticated session as the plant file says. Throws a CodedError; leaves nothing open when it throws or
 * when `abort` fires.
 */
export async function openSession(
  config: OpcUaConfig,
  context: ConnectorContext,
  abort: AbortSignal,
): Promise<OpenSession> {
  const { stateDir, clock, connectionId, notice } = context;
  const nowMs = clock.nowUs() / 1000;
  const pki = join(stateDir, 'pki');
  const own = await ownCertificate(pki, nowMs);
  const provider = new DiskCertificateKeyPairProvider(own.certificateFile, own.privateKeyFile);
  const sockets = new Sockets();
  const base = {
    applicationName: 'Deungdae',
    applicationUri: own.applicationUri,
    clientName: `Deungdae ${connectionId} `,
    certificateKeyPairProvider: provider,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    transportTimeout: config.connectTimeoutMs,
    defaultTransactionTimeout: config.connectTimeoutMs,
    transportFactory: sockets,
    keepSessionAlive: false,
  };
  // The library's timers and the network know only real time; so does this one.
  const guard = withDeadline(abort, config.connectTimeoutMs * 2, systemClock);
  const clients: OPCUAClientBase[] = [];
  try {
    const endpoints = await guard.race(listEndpoints(config.endpoint, base, clients), () => sockets.destroy());
    const endpoint = chooseEndpoint(endpoints, config);
    const encrypted = endpoint.securityMode !== MessageSecurityMode.None;
    const host = new URL(config.endpoint.replace(/^opc\.tcp:/, 'http:')).hostname;
    const { trust, acceptOtherHost, requireRevocationList } = config.security;
    if (encrypted) {
      const chain = split_der(endpoint.serverCertificate);
      await checkServerCertificate(chain, {
        folder: pki,
        trust,
        acceptOtherHost,
        requireRevocationList,
        host,
        nowMs,
        notice,
      });
    }
    const identity = await identityOf(config, endpoint, nowMs);
    const client = OPCUAClient.create({
      ...base,
      securityMode: endpoint.securityMode,
      securityPolicy: endpoint.securityPolicyUri as SecurityPolicy,
      ...(encrypted ? { serverCertificate: endpoint.serverCertificate } : {}),
      clientCertificateManager: new InMemoryCertificateStore({ autoAcceptUnknown: true }),
      endpointMustExist: false,
      requestedSessionTimeout: config.sessionTimeoutMs,
    });
    clients.push(client);
    const open = await guard.race(connectAndLogIn(client, config, identity, own), () => sockets.destroy());
    return opened(client, open, endpoint, sockets);
  } catch (error) {
    sockets.destroy();
    // Also one that never got through has a timer to give back.
    await Promise.all(clients.map((client) => within(client.disconnect(), goodbyeMs)));
    if (abort.aborted) throw abort.reason;
    if (error instanceof CodedError) throw error;
    throw opcuaError('opcua.unreachable', { endpoint: config.endpoint, detail: short(error) }, { cause: error });
  } finally {
    guard.end();
  }
}

type BaseOptions = Parameters<typeof OPCUAClientBase.create>[0];

async function listEndpoints(
  endpoint: string,
  base: BaseOptions,
  clients: OPCUAClientBase[],
): Promise<EndpointDescription[]> {
  const client = OPCUAClientBase.create({
    ...base,
    clientCertificateManager: new InMemoryCertificateStore({ autoAcceptUnknown: true }),
  });
  clients.push(client);
  try {
    await client.connect(endpoint);
    return await client.getEndpoints({ endpointUrl: endpoint });
  } finally {
    await client.disconnect().catch(() => undefined);
  }
}

/** The endpoint that the plant file asks for, or an error that lists what there is. */
export function chooseEndpoint(endpoints: readonly EndpointDescription[], config: OpcUaConfig): EndpointDescription {
  const { mode, policy } = config.security;
  const tcp = endpoints.filter((e) => !e.transportProfileUri || e.transportProfileUri.includes('uatcp'));
  const wanted = mode === 'None' ? [SecurityPolicy.None] : (policy ? [policy] : policies).map((p) => SecurityPolicy[p]);
  for (const uri of wanted) {
    const found = tcp.find((e) => e.securityMode === MessageSecurityMode[mode] && e.securityPolicyUri === uri);
    if (found) return found;
  }
  const offered = [
    ...new Set(
      tcp.map((e) => `${MessageSecurityMode[e.securityMode]}/${(e.securityPolicyUri ?? '').split('#').at(-1)}`),
    ),
  ];
  throw opcuaError('opcua.noSuchEndpoint', {
    endpoint: config.endpoint,
    mode,
    policy: policy ?? (mode === 'None' ? 'None' : policies.join('|')),
    offered: offered.join(', ') || '-',
  });
}

async function connectAndLogIn(
  client: OPCUAClient,
  config: OpcUaConfig,
  identity: Identity,
  own: OwnCertificate,
): Promise<ClientSession> {
  const { endpoint } = config;
  try {
    await client.connect(endpoint);
  } catch (error) {
    const detail = short(error);
    if (/BadSecurityChecksFailed|BadCertificate/.test(detail)) {
      const { thumbprint, certificateFile: file } = own;
      throw opcuaError('opcua.clientRejected', { thumbprint, file, detail }, { cause: error });
    }
    throw opcuaError('opcua.unreachable', { endpoint, detail }, { cause: error });
  }
  try {
    return await client.createSession(identity.info);
  } catch (error) {
    await within(client.disconnect(), goodbyeMs);
    const detail = short(error);
    const { user, thumbprint } = identity;
    if (thumbprint && /BadUserAccessDenied|BadIdentity|BadUserSignature|BadCertificate/.test(detail))
      throw opcuaError('opcua.userCertificateRefused', { user, thumbprint, detail }, { cause: error });
    if (/BadUserAccessDenied|BadIdentityToken|anonymous|Cannot find.*token/i.test(detail))
      throw opcuaError('opcua.loginRefused', { user, detail }, { cause: error });
    throw opcuaError('opcua.sessionFailed', { endpoint, detail }, { cause: error });
  }
}

function opened(
  client: OPCUAClient,
  session: ClientSession,
  endpoint: EndpointDescription,
  sockets: Sockets,
): OpenSession {
  let lost: string | null = null;
  let closing = false;
  let listener: ((reason: string) => void) | null = null;
  const tell = (reason: string) => {
    if (closing || lost !== null) return;
    lost = reason;
    listener?.(reason);
  };
  client.on('close', (error) => tell(error?.message ?? 'closed by the server'));
  session.on('session_closed', (status) => tell(`session closed: ${status.name}`));
  return {
    session,
    endpoint,
    onLost(callback) {
      listener = callback;
      if (lost !== null) callback(lost);
    },
    async close(linkIsDead = false) {
      if (closing) return;
      closing = true;
      if (linkIsDead) sockets.destroy();
      else if (lost === null) await within(session.close(true), goodbyeMs);
      await within(client.disconnect(), goodbyeMs);
      sockets.destroy();
      client.removeAllListeners();
    },
  };
}

/** Every socket that the library opens for us, so that none can outlive the connection. */
class Sockets {
  #open = new Set<ClientTCP_transport>();

  create(settings?: ConstructorParameters<typeof ClientTCP_transport>[0]): ClientTCP_transport {
    const transport = new ClientTCP_transport(settings);
    this.#open.add(transport);
    transport.once('close', () => this.#open.delete(transport));
    return transport;
  }

  destroy(): void {
    for (const transport of this.#open) {
      const socket = (transport as unknown as { _socket?: { destroy(): void } | null })._socket;
      socket?.destroy();
    }
    this.#open.clear();
  }
}

function withDeadline(abort: AbortSignal, ms: number, clock: Clock) {
  const late = new AbortController();
  const cancel = clock.after(ms, () => late.abort(new Error(`no answer within ${ms} ms`)));
  const any = AbortSignal.any([abort, late.signal]);
  return {
    end: cancel,
    /** `work`, or the abort reason at once; `stop` then makes the abandoned work fail. */
    race<T>(work: Promise<T>, stop: () => void): Promise<T> {
      work.catch(() => undefined);
      return new Promise<T>((resolve, reject) => {
        const onAbort = () => {
          stop();
          reject(any.reason);
        };
        if (any.aborted) return onAbort();
        any.addEventListener('abort', onAbort, { once: true });
        work.then(resolve, reject).finally(() => any.removeEventListener('abort', onAbort));
      });
    },
  };
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([
    work.then(
      () => undefined,
      () => undefined,
    ),
    limit,
  ]);
  clearTimeout(timer);
}

/** Name of the status with which the server refused a service, or the message of any other error. */
export function serviceStatus(error: unknown): string {
  const response = (error as { response?: { responseHeader?: { serviceResult?: { name: string } } } })?.response;
  const name = response?.responseHeader?.serviceResult?.name;
  return name && name !== StatusCodes.Good.name ? name : short(error);
}

export function short(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}
