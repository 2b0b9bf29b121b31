import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { mtconnectError } from './errors.ts';
import { maxDocument } from './xml.ts';

export interface HttpOptions {
  clock: Clock;
  /** Silence after which the other side is taken as dead, ms. */
  silenceMs: number;
  abort: AbortSignal;
}

/** An open answer: pieces of its body, one at a time, so that nothing is read ahead of the reader. */
export class HttpBody {
  readonly status: number;
  readonly contentType: string;
  readonly address: string;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(address: string, request: ClientRequest, response: IncomingMessage) {
    this.address = address;
    this.#request = request;
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.contentType = response.headers['content-type'] ?? '';
    const wake = () => {
      const call = this.#wake;
      this.#wake = null;
      call?.();
    };
    response.on('readable', wake);
    response.on('end', () => {
      this.#ended = true;
      wake();
    });
    response.on('close', () => {
      this.#ended = true;
      wake();
    });
    const fail = (error: Error) => {
      this.#error = error;
      wake();
    };
    response.on('error', fail);
    request.on('error', fail);
  }

  /** The next bytes; null at the end. Throws a CodedError when the link is lost or silent. */
  async chunk(options: HttpOptions): Promise<Buffer | null> {
    for (;;) {
      options.abort.throwIfAborted();
      const chunk = this.#response.read() as Buffer | null;
      if (chunk) return chunk;
      if (this.#error)
        throw mtconnectError('mtconnect.unreachable', { address: this.address, detail: this.#error.message });
      if (this.#ended) return null;
      await this.#wait(options);
    }
  }

  close(): void {
    this.#request.destroy();
    this.#response.destroy();
  }

  #wait({ clock, silenceMs, abort }: HttpOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        cancel();
        abort.removeEventListener('abort', onAbort);
        this.#wake = null;
      };
      const onAbort = () => {
        done();
        reject(abort.reason);
      };
      const cancel = clock.after(silenceMs, () => {
        done();
        reject(mtconnectError('mtconnect.silent', { address: this.address, ms: silenceMs }));
      });
      abort.addEventListener('abort', onAbort, { once: true });
      this.#wake = () => {
        done();
        resolve();
      };
    });
  }
}

/** Opens a GET on a connection of its own. Throws a CodedError when nobody answers in time. */
export function openGet(url: URL, options: HttpOptions): Promise<HttpBody> {
  const { clock, silenceMs, abort } = options;
  const address = url.origin;
  return new Promise((resolve, reject) => {
    if (abort.aborted) return reject(abort.reason);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, { agent: false, headers: { Accept: 'text/xml, multipart/x-mixed-replace' } });
    const done = () => {
      cancel();
      abort.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown) => {
      done();
      request.destroy();
      reject(error);
    };
    const onAbort = () => fail(abort.reason);
    const cancel = clock.after(silenceMs, () => fail(mtconnectError('mtconnect.silent', { address, ms: silenceMs })));
    abort.addEventListener('abort', onAbort, { once: true });
    request.on('error', (error) => fail(mtconnectError('mtconnect.unreachable', { address, detail: error.message })));
    request.on('response', (response) => {
      done();
      resolve(new HttpBody(address, request, response));
    });
    request.end();
  });
}

/** A whole document. Agents answer errors with a document too, so the status alone decides nothing. */
export async function getDocument(url: URL, options: HttpOptions): Promise<string> {
  const body = await openGet(url, options);
  try {
    const text = await restOf(body, options);
    if (body.status >= 400 && !text.includes('MTConnectError'))
      throw mtconnectError('mtconnect.http', { status: body.status, address: url.origin });
    return text;
  } finally {
    body.close();
  }
}

export async function restOf(body: HttpBody, options: HttpOptions): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = await body.chunk(options);
    if (!chunk) return Buffer.concat(chunks).toString('utf8');
    size += chunk.length;
    if (size > maxDocument) throw mtconnectError('mtconnect.tooLarge', { limit: maxDocument });
    chunks.push(chunk);
  }
}

/** The address of a request below the base address of the agent. */
export function requestUrl(
  base: string,
  device: string | undefined,
  verb: string,
  query: Record<string, string | number> = {},
): URL {
  const path = [device, verb].filter((part) => part !== undefined).map((part) => encodeURIComponent(part!));
  const url = new URL(base.endsWith('/') ? base : `${base}/`);
  url.pathname += path.join('/');
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}
