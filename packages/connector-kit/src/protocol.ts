import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { ErrorText } from '@deungdae/kernel/errors.ts';
import type { ProbeReport, Proposal } from './connector.ts';
import type { CodedText, LoopState } from './health.ts';
import type { SignalRule } from './signal-rule.ts';

/** What the main thread and a worker say to each other. All of it survives a structured clone. */

export type SignalSpec = SignalRule & { unit: string | null; address: Record<string, unknown> };

export interface ConnectionSpec {
  id: string;
  type: string;
  config: Record<string, unknown>;
  signals: SignalSpec[];
  stateDir: string;
}

/** Runs once, without a loop: settings that a person is trying out are checked first (`raw`). */
export interface TrialSpec extends ConnectionSpec {
  raw: boolean;
}

export type ToHost =
  | { type: 'open'; epoch: number; spec: ConnectionSpec }
  | { type: 'close'; id: string; epoch: number }
  | { type: 'ack'; id: string; epoch: number; seq: number }
  | { type: 'probe'; request: number; spec: TrialSpec }
  | { type: 'discover'; request: number; spec: TrialSpec; limit: number }
  | { type: 'abort'; request: number }
  | { type: 'ping' };

export type FromHost =
  | { type: 'batch'; id: string; epoch: number; seq: number; batch: SampleBatch }
  | { type: 'state'; id: string; epoch: number; state: LoopState }
  | { type: 'notice'; id: string; epoch: number; notice: CodedText }
  | { type: 'closed'; id: string; epoch: number }
  | { type: 'stuck'; id: string; epoch: number }
  | {
      type: 'probed';
      request: number;
      report: ProbeReport | null;
      texts: Record<string, CodedText>;
      error: CodedText | null;
    }
  | { type: 'proposals'; request: number; items: Proposal[] }
  /** With the error comes its entry of the catalogue, which only the worker has loaded. */
  | { type: 'discovered'; request: number; error: CodedText | null; text?: ErrorText | undefined }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; fields: object; message: string }
  /** Sign of life, with the JavaScript heap in use. */
  | { type: 'pong'; heapMb: number };
