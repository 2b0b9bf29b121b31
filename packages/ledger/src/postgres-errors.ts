import type { CodedError } from '@deungdae/kernel/errors.ts';
import { ledgerError } from './errors.ts';

/** What `pg` throws: an SQLSTATE, or a code of Node's sockets. */
export interface PostgresFailure {
  message: string;
  code?: string;
}

type Code = Parameters<typeof ledgerError>[0];

/** SQLSTATE (appendix A of PostgreSQL's manual), whole or its first two places, and Node's codes. */
const byState: Record<string, [Code, number]> = {
  ECONNREFUSED: ['ledger.unreachable', 503],
  ENOTFOUND: ['ledger.unreachable', 503],
  EAI_AGAIN: ['ledger.unreachable', 503],
  EHOSTUNREACH: ['ledger.unreachable', 503],
  ENETUNREACH: ['ledger.unreachable', 503],
  ETIMEDOUT: ['ledger.unreachable', 503],
  ENOENT: ['ledger.unreachable', 503],
  ECONNRESET: ['ledger.connectionLost', 503],
  EPIPE: ['ledger.connectionLost', 503],
  '08': ['ledger.connectionLost', 503],
  '57P01': ['ledger.connectionLost', 503],
  '57P02': ['ledger.connectionLost', 503],
  '57P05': ['ledger.connectionLost', 503],
  '25P03': ['ledger.connectionLost', 503],
  '57P03': ['ledger.unreachable', 503],
  '28': ['ledger.login', 401],
  '3D000': ['ledger.noDatabase', 404],
  '42501': ['ledger.noRights', 403],
  '53100': ['ledger.diskFull', 507],
  '53300': ['ledger.tooManyConnections', 503],
  '23': ['ledger.constraint', 409],
  '22': ['ledger.constraint', 409],
  '25006': ['ledger.readOnly', 500],
  '55P03': ['ledger.busy', 503],
  '40001': ['ledger.conflict', 503],
  '40P01': ['ledger.conflict', 503],
  '58': ['ledger.io', 500],
  XX001: ['ledger.corrupt', 500],
  XX002: ['ledger.corrupt', 500],
};

/** An error of `pg` as one of ours; `where` names the database without its password. */
export function fromPostgres(failure: PostgresFailure, where: string, limitMs: number): CodedError {
  const state = failure.code ?? '';
  if (state === '57014') return ledgerError('ledger.statementTimeout', { limitMs }, { status: 503, cause: failure });
  const lost = /terminated|closed|not queryable|Connection ended/i.test(failure.message) && state.length !== 5;
  const timedOut = /timeout exceeded|timeout expired/i.test(failure.message) && state.length !== 5;
  const [code, status]: [Code, number] =
    byState[state] ??
    byState[state.length === 5 ? state.slice(0, 2) : ''] ??
    (timedOut ? ['ledger.unreachable', 503] : lost ? ['ledger.connectionLost', 503] : ['ledger.statement', 500]);
  return ledgerError(code, { detail: failure.message, where, file: where }, { status, cause: failure });
}
