import { advise, type CodedError, type ErrorParams, explain } from '@deungdae/kernel/errors.ts';
import type { KitLimits } from './limits.ts';
import type { Redactor } from './secrets.ts';

export type LinkStatus = 'connecting' | 'connected' | 'lost';

/** A coded text with its words, so that it can leave the worker in which its catalogue was loaded. */
export interface CodedText {
  code: string;
  params: ErrorParams;
  ko: { message: string; advice: string };
  en: { message: string; advice: string };
  /** µs UTC */
  at: number;
}

/** What the loop knows about its connection. Plain data: it is posted from the worker as it is. */
export interface LoopState {
  status: LinkStatus;
  /** µs UTC */
  since: number;
  reconnects: number;
  samplesTotal: number;
  /** Held back by the deadband, or dropped. */
  heldOrDropped: number;
  downgraded: number;
  lastSampleAt: number | null;
  /** Time of the newest sample, µs UTC. */
  newestTime: number | null;
  lastError: CodedText | null;
  notices: CodedText[];
}

export function newLoopState(nowUs: number): LoopState {
  return {
    status: 'connecting',
    since: nowUs,
    reconnects: 0,
    samplesTotal: 0,
    heldOrDropped: 0,
    downgraded: 0,
    lastSampleAt: null,
    newestTime: null,
    lastError: null,
    notices: [],
  };
}

export function codedText(code: string, params: ErrorParams, at: number): CodedText {
  const words = (language: string) => ({
    message: explain(code, params, language),
    advice: advise(code, params, language),
  });
  return { code, params, ko: words('ko'), en: words('en'), at };
}

export function errorText(error: CodedError, redactor: Redactor, at: number): CodedText {
  const clean = redactor.error(error);
  return codedText(clean.code, clean.params, at);
}

/** Keeps notices few: one of a code and signal an hour, and at most `limits.notices` in the list. */
export function createNoticeBook(state: LoopState, limits: Pick<KitLimits, 'notices'>) {
  const seen = new Map<string, number>();
  const hourUs = 3_600_000_000;
  /** Returns the text when it is new, else null. */
  return (code: string, params: ErrorParams, at: number): CodedText | null => {
    const key = `${code} ${params.path ?? params.signal ?? ''}`;
    const last = seen.get(key);
    if (last !== undefined && Math.abs(at - last) < hourUs) return null;
    seen.delete(key);
    seen.set(key, at);
    if (seen.size > 1_000) seen.delete(seen.keys().next().value!);
    const text = codedText(code, params, at);
    state.notices.push(text);
    if (state.notices.length > limits.notices) state.notices.shift();
    return text;
  };
}
