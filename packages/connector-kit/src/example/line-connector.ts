import { once } from 'node:events';
import { Socket } from 'node:net';
import { BatchBuilder } from '@deungdae/contracts/sample.ts';
import { CodedError, defineErrors } from '@deungdae/kernel/errors.ts';
import { z } from 'zod';
import { type BoundSignal, type Connector, type ConnectorContext, defineConnector } from '../connector.ts';

/**
 * The smallest complete connector, to be read before writing one: a device that sends lines `number<TAB>name=value`,
 * and `.` as a sign of life, and repeats from the last number that was answered with `ack number`.
 */
const lineError = defineErrors({
  'line.unreachable': {
    ko: '{host}:{port}에 연결할 수 없습니다: {detail}',
    en: '{host}:{port} cannot be reached: {detail}',
    doKo: '장치의 전원과 주소를 확인하십시오.',
    doEn: 'Check the power and the address of the device.',
  },
  'line.silent': {
    ko: '{host}:{port}이(가) {seconds}초 동안 아무것도 보내지 않았습니다.',
    en: '{host}:{port} has sent nothing for {seconds} s.',
    doKo: '케이블과 스위치를 확인하십시오. 자동으로 다시 연결합니다.',
    doEn: 'Check cable and switch. It reconnects by itself.',
  },
  'line.closed': {
    ko: '{host}:{port}이(가) 연결을 끊었습니다.',
    en: '{host}:{port} ended the connection.',
    doKo: '자동으로 다시 연결합니다.',
    doEn: 'It reconnects by itself.',
  },
});

const config = z.strictObject({
  host: z.string(),
  port: z.number().int(),
  silenceMs: z.number().default(10_000),
  password: z.string().optional().meta({ secret: true }),
});
const address = z.strictObject({ name: z.string() });
type Config = z.infer<typeof config>;
type Address = z.infer<typeof address>;

/** Lines kept while the kit does not read; then the socket is held back. */
const bufferedLines = 1_000;

class LineConnector implements Connector {
  readonly #config: Config;
  readonly #signals: Map<string, number>;
  readonly #paths: readonly BoundSignal<Address>[];
  readonly #clock: ConnectorContext['clock'];
  #socket: Socket | null = null;
  #lines: string[] = [];
  #rest = '';
  #failure: CodedError | null = null;
  #wake = () => {};
  #stopWatch = () => {};

  constructor(options: { config: Config; signals: readonly BoundSignal<Address>[]; context: ConnectorContext }) {
    this.#config = options.config;
    this.#paths = options.signals;
    this.#signals = new Map(options.signals.map((s) => [s.address.name, s.id]));
    this.#clock = options.context.clock;
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    const { host, port } = this.#config;
    this.#failure = null;
    this.#lines = [];
    this.#rest = '';
    const socket = new Socket();
    this.#socket = socket;
    const onAbort = () => socket.destroy();
    abort.addEventListener('abort', onAbort, { once: true });
    socket.on('error', (error) => this.#fail(lineError('line.unreachable', { host, port, detail: error.message })));
    socket.on('close', () => {
      if (this.#socket === socket) this.#fail(lineError('line.closed', { host, port }));
    });
    socket.on('data', (chunk) => this.#receive(chunk.toString('latin1')));
    socket.connect(port, host);
    try {
      // An open socket proves nothing: the device must have said something.
      while (this.#rest === '' && this.#lines.length === 0 && !this.#alive) await this.#change(abort);
    } finally {
      abort.removeEventListener('abort', onAbort);
    }
  }

  #alive = false;

  async read(abort: AbortSignal) {
    while (this.#lines.length === 0) await this.#change(abort);
    const builder = new BatchBuilder(this.#lines.length);
    let last = '';
    for (const line of this.#lines.splice(0)) {
      const [number, name, value] = line.split(/[\t=]/);
      const id = this.#signals.get(name ?? '');
      if (id !== undefined) builder.add(id, this.#clock.nowUs(), Number(value));
      last = number ?? last;
    }
    const socket = this.#socket;
    socket?.resume();
    return { batch: builder.take(), ack: () => void socket?.write(`ack ${last}\n`) };
  }

  async probe(abort: AbortSignal) {
    const started = performance.now();
    const { host, port } = this.#config;
    const socket = new Socket();
    try {
      socket.connect(port, host);
      await once(socket, 'data', { signal: abort });
    } catch (error) {
      throw error instanceof CodedError ? error : lineError('line.unreachable', { host, port, detail: String(error) });
    } finally {
      socket.destroy();
    }
    const signals = this.#paths.map((s) => ({ path: s.path }));
    return { device: `line device ${host}:${port}`, roundTripMs: performance.now() - started, signals };
  }

  async close(): Promise<void> {
    this.#stopWatch();
    this.#alive = false;
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  #receive(text: string): void {
    this.#alive = true;
    this.#watch();
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!.slice(0, 1_000);
    for (const line of lines) if (line !== '.') this.#lines.push(line);
    if (this.#lines.length > bufferedLines) this.#socket?.pause();
    this.#wake();
  }

  /** A half-open link sends no FIN: silence is the only sign. While we hold the device back, silence is our own. */
  #watch(): void {
    this.#stopWatch();
    const { host, port, silenceMs } = this.#config;
    this.#stopWatch = this.#clock.after(silenceMs, () => {
      if (this.#socket?.isPaused()) return this.#watch();
      this.#fail(lineError('line.silent', { host, port, seconds: silenceMs / 1000 }));
    });
  }

  #fail(error: CodedError): void {
    this.#failure ??= error;
    this.#socket?.destroy();
    this.#wake();
  }

  /** Waits until something has come or gone wrong. */
  #change(abort: AbortSignal): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (abort.aborted) return Promise.reject(abort.reason);
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(abort.reason);
      abort.addEventListener('abort', onAbort, { once: true });
      this.#wake = () => {
        abort.removeEventListener('abort', onAbort);
        if (this.#failure) reject(this.#failure);
        else resolve();
      };
    });
  }
}

export const connector = defineConnector<Config, Address>({
  type: 'line',
  config,
  address,
  create: (options) => new LineConnector(options),
  async *discover({ config: c }) {
    for (const name of ['a', 'b'])
      yield { id: name, name, kind: 'number', devicePath: [`${c.host}:${c.port}`, name], address: { name } };
  },
});
