import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  type EndpointDescription,
  MessageSecurityMode,
  SecurityPolicy,
  type UserIdentityInfo,
  UserTokenType,
} from 'node-opcua-client';
import { subjectOf, thumbprintOf } from './certificate-text.ts';
import type { OpcUaConfig, UserCertificate } from './config.ts';
import { opcuaError } from './errors.ts';

/** Who logs in, and how an error names that user. */
export interface Identity {
  readonly info: UserIdentityInfo;
  readonly user: string;
  /** SHA-1 of the user's certificate, upper-case hex; what servers show in their lists. */
  readonly thumbprint?: string;
}

/** The user as the plant file says. Throws a CodedError where the server cannot take it, before anything is sent. */
export async function identityOf(config: OpcUaConfig, endpoint: EndpointDescription, nowMs: number): Promise<Identity> {
  if (config.user) {
    const policy = tokenPolicy(endpoint, UserTokenType.UserName, config);
    const uri = policy.securityPolicyUri || endpoint.securityPolicyUri;
    if (uri === SecurityPolicy.None && endpoint.securityMode !== MessageSecurityMode.SignAndEncrypt)
      if (!config.security.allowPlainPassword) throw opcuaError('opcua.plainPassword', { endpoint: config.endpoint });
    const { name, password } = config.user;
    return { user: name, info: { type: UserTokenType.UserName, userName: name, password } };
  }
  if (!config.userCertificate) return { user: 'anonymous', info: { type: UserTokenType.Anonymous } };
  const { certificate, key } = await userCertificate(config.userCertificate, nowMs);
  tokenPolicy(endpoint, UserTokenType.Certificate, config);
  return {
    user: subjectOf(certificate),
    thumbprint: thumbprintOf(certificate),
    info: {
      type: UserTokenType.Certificate,
      certificateData: certificate.raw,
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  };
}

function tokenPolicy(endpoint: EndpointDescription, type: UserTokenType, config: OpcUaConfig) {
  const tokens = endpoint.userIdentityTokens ?? [];
  const policy = tokens.find((t) => t.tokenType === type);
  if (policy) return policy;
  const offered = [...new Set(tokens.map((t) => UserTokenType[t.tokenType]))].join(', ') || '-';
  throw opcuaError('opcua.loginNotOffered', { endpoint: config.endpoint, wanted: UserTokenType[type], offered });
}

async function userCertificate(
  config: UserCertificate,
  nowMs: number,
): Promise<{ certificate: X509Certificate; key: KeyObject }> {
  const certificate = await readable('certificate', async () => {
    const bytes = await bytesOf(config.certificate, config.certificateFile);
    return new X509Certificate(bytes);
  });
  const key = await readable('private key', async () => {
    const bytes = await bytesOf(config.privateKey, config.privateKeyFile);
    return privateKeyOf(bytes, config.privateKeyPassphrase);
  });
  if (key.asymmetricKeyType !== 'rsa') throw unusable(`an RSA key is needed, not ${key.asymmetricKeyType}`);
  if (!certificate.checkPrivateKey(key)) throw unusable('the private key does not belong to the certificate');
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  if (nowMs < from.getTime() || nowMs > to.getTime())
    throw opcuaError('opcua.userCertificateExpired', {
      subject: subjectOf(certificate),
      from: from.toISOString(),
      to: to.toISOString(),
    });
  return { certificate, key };
}

/** Texts of the parser are told; they name what is wrong, and never hold any of the key. */
async function readable<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unusable(`${what}: ${(error as Error).message}`, error);
  }
}

function unusable(detail: string, cause?: unknown) {
  return opcuaError('opcua.userCertificate', { detail }, cause === undefined ? {} : { cause });
}

/**
 * The text of the plant file (PEM, with line breaks or with `\n` as many environments keep them, or DER as base64), or
 * the content of the file.
 */
async function bytesOf(text: string | undefined, file: string | undefined): Promise<Buffer> {
  if (text === undefined) return readFile(file!);
  if (/^(?:env|file):/.test(text)) throw new Error('the secret it refers to could not be read');
  const unfolded = text.replaceAll('\\n', '\n').trim();
  return unfolded.startsWith('-----BEGIN') ? Buffer.from(unfolded) : Buffer.from(unfolded, 'base64');
}

function privateKeyOf(bytes: Buffer, passphrase: string | undefined): KeyObject {
  const secret = passphrase === undefined ? {} : { passphrase };
  if (bytes.subarray(0, 64).includes('-----BEGIN')) return createPrivateKey({ key: bytes, ...secret });
  try {
    return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8', ...secret });
  } catch {
    return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs1' });
  }
}
