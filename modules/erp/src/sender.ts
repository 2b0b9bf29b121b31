import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { join } from 'node:path';
import { admittedAddress, checkedUrl } from './address-guard.ts';
import { erpError } from './errors.ts';
import type { DeliveryRow, TargetRow } from './schema.ts';

const answerMs = 15_000;
const answerBytes = 8 * 1024;

/** `permanent`: sending the same again cannot help. */
export interface Outcome {
  ok: boolean;
  permanent: boolean;
  status: number | null;
  error: Error | null;
}

/** What a receiver checks: HMAC-SHA-256 over `<time>.<body>` with the shared secret; the time stops old ones. */
function signature(secret: string, timeS: number, body: string): string {
  return `t=${timeS},v1=${createHmac('sha256', secret).update(`${timeS}.${body}`).digest('hex')}`;
}

/** The receiver's side, for ERP programmers and our tests. */
export function signatureHolds(secret: string, header: string, body: string, nowS: number, toleranceS = 300): boolean {
  const [, time, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (!time || !given || Math.abs(nowS - Number(time)) > toleranceS) return false;
  const right = createHmac('sha256', secret).update(`${time}.${body}`).digest();
  return timingSafeEqual(right, Buffer.from(given, 'hex'));
}

const keyOf = (delivery: DeliveryRow) => `${delivery.target}/${delivery.event}`;

/** Sends one document. Never throws: what went wrong is in the outcome. */
export async function send(
  target: TargetRow,
  delivery: DeliveryRow,
  context: { dataDir: string; nowUs: number },
): Promise<Outcome> {
  try {
    if (target.kind === 'file') {
      await writeDocument(join(context.dataDir, 'erp', target.id, 'out'), delivery);
      return { ok: true, permanent: false, status: null, error: null };
    }
    const status = await post(target, delivery, Math.floor(context.nowUs / 1_000_000));
    return { ok: true, permanent: false, status, error: null };
  } catch (error) {
    const { code, params } = error as { code?: string; params?: { status?: number } };
    const status = code === 'erp.refused' ? Number(params?.status) : null;
    // Asked for again: time-outs, "too early", "too many", locked, not signed in (a secret is being changed).
    const permanent =
      status !== null && status >= 400 && status < 500 && ![401, 403, 404, 408, 423, 425, 429].includes(status);
    if (code?.startsWith('erp.')) return { ok: false, permanent, status, error: error as Error };
    const detail = (error as Error).message || code || 'unknown';
    return { ok: false, permanent: false, status: null, error: erpError('erp.unreachable', { detail }) };
  }
}

/** Under one name for one document, so that a second sending replaces the first. */
async function writeDocument(folder: string, delivery: DeliveryRow): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${delivery.id}-${delivery.type}.json`);
  const handle = await open(`${file}.part`, 'w', 0o600);
  try {
    await handle.writeFile(delivery.body);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}

async function post(target: TargetRow, delivery: DeliveryRow, nowS: number): Promise<number> {
  const url = checkedUrl(target.url);
  const { address, family } = await admittedAddress(url, target.allow_local === 1);
  const body = Buffer.from(delivery.body);
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': body.length,
    'user-agent': 'deungdae',
    'idempotency-key': keyOf(delivery),
    'deungdae-event': delivery.type,
  };
  if (target.secret && target.kind === 'rest') headers.authorization = target.secret;
  if (target.secret && target.kind !== 'rest')
    headers[target.kind === 'epcis' ? 'gs1-signature' : 'deungdae-signature'] = signature(
      ...([target.secret, nowS, delivery.body] as const),
    );
  if (target.kind === 'epcis') Object.assign(headers, { 'gs1-epcis-version': '2.0', 'gs1-cbv-version': '2.0' });
  return await new Promise((resolve, reject) => {
    const call = (url.protocol === 'https:' ? secure : plain)(url, {
      method: 'POST',
      headers,
      timeout: answerMs,
      agent: false,
      signal: AbortSignal.timeout(answerMs * 2),
      lookup: (_host, options, done) => {
        // Node asks for all addresses when it tries several at once.
        const all = (options as { all?: boolean }).all;
        (done as (...given: unknown[]) => void)(null, ...(all ? [[{ address, family }]] : [address, family]));
      },
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
    call.on('error', reject);
    call.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        if (text.length < answerBytes) text += chunk.toString('utf8');
        else response.destroy();
      });
      response.on('error', reject);
      response.on('close', () => {
        const status = response.statusCode ?? 0;
        // A redirect is not followed: it would lead around the check of the address.
        if (status >= 200 && status < 300) resolve(status);
        else reject(erpError('erp.refused', { status, detail: text.slice(0, 300) }));
      });
    });
    call.end(body);
  });
}
