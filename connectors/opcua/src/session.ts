import { join } from 'node:path';
import type { ConnectorContext } from '@deungdae/connector-kit/connector.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
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
import type { OpcUaConfig, SecurityPolicyName } from './config.ts';
import { goodbyeMs, withDeadline, within } from './deadline.ts';
import { opcuaError } from './errors.ts';
import { LiveSession } from './live-session.ts';
import { type OwnCertificate, ownCertificate } from './own-certificate.ts';
import { Sockets } from './sockets.ts';
import { checkServerCertificate } from './trust.ts';
import { type Identity, identityOf } from './user-identity.ts';

// The library prints to the console what it also throws; here every failure is a coded error, said once.
setWarningLogger(() => {});
setErrorLogger(() => {});

/** Strongest first; chosen among those that the server offers, never below what the plant file asks for. */
const policies: SecurityPolicyName[] = ['Aes256_Sha256_RsaPss', 'Aes128_Sha256_RsaOaep', 'Basic256Sha256'];

/**
 * Opens an authenticated session as the plant file says. Throws a CodedError; leaves nothing open when it throws or
 * when `abort` fires.
 */
export async function openSession(
  config: OpcUaConfig,
  context: ConnectorContext,
  abort: AbortSignal,
): Promise<LiveSession> {
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
    // Resuming uses the same certificate of the server as this time: it was checked above.
    const createClient = () =>
      OPCUAClient.create({
        ...base,
        securityMode: endpoint.securityMode,
        securityPolicy: endpoint.securityPolicyUri as SecurityPolicy,
        ...(encrypted ? { serverCertificate: endpoint.serverCertificate } : {}),
        clientCertificateManager: new InMemoryCertificateStore({ autoAcceptUnknown: true }),
        endpointMustExist: false,
        requestedSessionTimeout: config.sessionTimeoutMs,
      });
    const client = createClient();
    clients.push(client);
    const session = await guard.race(connectAndLogIn(client, config, identity, own), () => sockets.destroy());
    return new LiveSession({ client, session, sockets, createClient, endpointUrl: config.endpoint });
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
