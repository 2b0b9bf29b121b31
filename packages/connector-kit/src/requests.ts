import type { ProbeResult as ProbeResultSchema } from '@deungdae/contracts/api-entities.ts';
import { CodedError, defineErrors, errorCatalogue } from '@deungdae/kernel/errors.ts';
import type { z } from 'zod';
import type { Proposal } from './connector.ts';
import { kitError } from './errors.ts';
import { type CodedText, codedText } from './health.ts';
import type { FromHost, ToHost, TrialSpec } from './protocol.ts';

export type ProbeResult = z.infer<typeof ProbeResultSchema>;
type Answer = Extract<FromHost, { request: number }>;
/** Where a question is asked: `lane` tells which ones a dead worker leaves unanswered. */
export interface Way {
  lane: number;
  send: (message: ToHost) => void;
}

/** Questions to the workers that wait for an answer: "test connection" and discovery. */
export class Requests {
  #next = 1;
  readonly #open = new Map<number, { lane: number; onAnswer(answer: Answer): void; fail(error: CodedError): void }>();

  answer(answer: Answer): void {
    this.#open.get(answer.request)?.onAnswer(answer);
  }

  /** Their worker is gone; all of them when no lane is given. */
  fail(error: CodedError, lane?: number): void {
    for (const waiting of [...this.#open.values()])
      if (lane === undefined || waiting.lane === lane) waiting.fail(error);
  }

  /** Never rejects: what went wrong stands in the result. The deadline is for a worker that hangs. */
  probe({ lane, send }: Way, spec: TrialSpec, deadlineMs: number, language: string): Promise<ProbeResult> {
    const request = this.#next++;
    return new Promise((resolve) => {
      const finish = (result: ProbeResult) => {
        clearTimeout(timer);
        this.#open.delete(request);
        resolve(result);
      };
      const fail = (error: CodedError) => finish(failed(codedText(error.code, error.params, 0), language));
      const timer = setTimeout(() => fail(kitError('kit.probeTimeout', { seconds: deadlineMs / 1000 })), deadlineMs);
      this.#open.set(request, {
        lane,
        fail,
        onAnswer: (answer) => {
          if (answer.type === 'probed') finish(probeResult(answer, language));
        },
      });
      send({ type: 'probe', request, spec });
    });
  }

  async *discover({ lane, send }: Way, spec: TrialSpec, limit: number, abort?: AbortSignal): AsyncGenerator<Proposal> {
    abort?.throwIfAborted();
    const request = this.#next++;
    const found: Proposal[] = [];
    let error: Error | null = null;
    let done = false;
    let wake = () => {};
    const finish = (e: Error | null) => {
      error ??= e;
      done = true;
      wake();
    };
    const onAbort = () => finish(abort?.reason as Error);
    abort?.addEventListener('abort', onAbort, { once: true });
    this.#open.set(request, {
      lane,
      fail: finish,
      onAnswer: (answer) => {
        if (answer.type === 'proposals') {
          found.push(...answer.items);
          wake();
        } else if (answer.type === 'discovered') {
          const { error, text } = answer;
          if (error && text && !errorCatalogue().has(error.code)) defineErrors({ [error.code]: text });
          finish(error && new CodedError(error.code, error.params, { status: 502 }));
        }
      },
    });
    try {
      send({ type: 'discover', request, spec, limit });
      for (;;) {
        while (found.length > 0) yield found.shift()!;
        if (done) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (error) throw error;
    } finally {
      abort?.removeEventListener('abort', onAbort);
      this.#open.delete(request);
      if (!done) send({ type: 'abort', request });
      else if (abort?.aborted) send({ type: 'abort', request });
    }
  }
}

function words(text: CodedText, language: string) {
  return language === 'ko' ? text.ko : text.en;
}

function failed(error: CodedText, language: string): ProbeResult {
  const apiError = { code: error.code, params: error.params, ...words(error, language) };
  return { ok: false, device: '', roundTripMs: 0, error: apiError, signals: [] };
}

function probeResult(answer: Extract<Answer, { type: 'probed' }>, language: string): ProbeResult {
  if (answer.error || !answer.report) {
    const error = answer.error ?? codedText('kit.failed', { detail: 'no report' }, 0);
    return failed(error, language);
  }
  return {
    ok: true,
    device: answer.report.device,
    roundTripMs: Math.round(answer.report.roundTripMs * 10) / 10,
    error: null,
    signals: answer.report.signals.map((s) => {
      const text = answer.texts[s.path];
      return { path: s.path, value: s.value ?? null, error: text ? words(text, language).message : null };
    }),
  };
}
