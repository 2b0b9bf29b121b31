import type { ApiError } from '@deungdae/contracts/api-entities.ts';
import { advise, CodedError, explain } from '@deungdae/kernel/errors.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { z } from 'zod';
import { serverError } from './errors.ts';

/** What the API answers for an error, in the caller's language. */
export function apiError(error: CodedError, language: string): ApiError {
  return {
    code: error.code,
    message: explain(error.code, error.params, language),
    advice: advise(error.code, error.params, language),
    params: error.params,
  };
}

/**
 * Any thrown thing as a coded error. What was not foreseen is logged whole under an id, and only the id is told.
 * `retryAfter` is the answer's header of that name, in seconds.
 */
export function coded(error: unknown, log: Logger, retryAfter?: unknown): CodedError {
  if (error instanceof CodedError) {
    if (error.status >= 500) log.error({ code: error.code, err: error }, 'a request failed');
    return error;
  }
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  if (statusCode === 429)
    return serverError('server.tooManyRequests', { seconds: Number(retryAfter) || 60 }, { status: 429 });
  if (statusCode === 413) return serverError('server.bodyTooLarge', {}, { status: 413 });
  if (statusCode === 415) return serverError('server.bodyNotJson', {}, { status: 415 });
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return serverError('server.bodyNotJson', {}, { status: 400 });
  if (statusCode !== undefined && statusCode < 500)
    return serverError('server.inputWrong', { path: 'request', detail: message ?? '' }, { status: statusCode });
  const id = uuidv7(Date.now()).slice(-12);
  log.error({ errorId: id, err: error }, 'unforeseen error');
  return serverError('server.internal', { id }, { status: 500, cause: error });
}

export function inputError(where: string, error: z.ZodError): CodedError {
  const issue = error.issues[0];
  const path = [where, ...(issue?.path ?? []).map(String)].join('.');
  return serverError('server.inputWrong', { path, detail: issue?.message ?? '' }, { status: 400 });
}

/** The person's own setting, or else `ko` or `en`, whichever the browser names first; Korean when it names none. */
export function languageOf(own: string | undefined, accept: string | undefined): string {
  if (own) return own;
  return /\b(ko|en)\b/i.exec(accept ?? '')?.[1]?.toLowerCase() ?? 'ko';
}
