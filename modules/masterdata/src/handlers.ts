import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { MasterRecordOut } from '@deungdae/contracts/api-masterdata.ts';
import { type MasterKind, type MasterRecord, masterKinds } from '@deungdae/contracts/master.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger, LedgerTx } from '@deungdae/ledger/ledger.ts';
import { z } from 'zod';
import type { RecordCache } from './cache.ts';
import { inForce } from './domain/revisions.ts';
import { kindTerm, masterError } from './errors.ts';
import { type PutRecord, putRecords } from './put.ts';
import type { MasterReader } from './reader.ts';
import { countByKind, dbOf, listRecords, referring, revisionsOf } from './store.ts';

interface Sources {
  ledger: Ledger;
  clock: Clock;
  cache: RecordCache;
  reader: MasterReader;
}

/** Records that use a record, as one answer names them. */
const maxUsedBy = 1000;

export function masterHandlers(sources: Sources): Handlers {
  const { ledger } = sources;
  return {
    masterKinds: async () => {
      const counts = await countByKind(dbOf(ledger));
      return (Object.keys(masterKinds) as MasterKind[]).map((kind) => ({
        kind,
        count: counts.get(kind) ?? 0,
        schema: z.toJSONSchema(masterKinds[kind], { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
      }));
    },
    masterNames: async ({ body }) => {
      const now = sources.clock.nowUs();
      const named = async ([kind, codes]: [MasterKind, string[]]) => {
        if (kind === 'routing') return [kind, await operationNames(sources.reader, codes, now)] as const;
        const found = await revisionsOf(dbOf(ledger), kind, codes);
        const names = [...found].flatMap(([code, all]) => namesOf(code, (inForce(all, now) ?? all.at(-1))?.data ?? {}));
        return [kind, Object.fromEntries(names)] as const;
      };
      return Object.fromEntries(await Promise.all((Object.entries(body) as [MasterKind, string[]][]).map(named)));
    },
    masterRecords: async ({ params, query }) => {
      const limit = query.limit + 1;
      const found = await listRecords(dbOf(ledger), { ...query, kind: params.kind, limit });
      return { records: found.slice(0, query.limit).map(outOf), more: found.length === limit };
    },
    masterRecord: async ({ params: { kind, code } }, caller) => {
      const revisions = await sources.reader.revisions(kind, code);
      if (revisions.length === 0) throw await unknown(sources, kind, code);
      const newest = [...revisions].sort((a, b) => (b.validFrom ?? -1) - (a.validFrom ?? -1)).map(outOf);
      if (caller.via === 'device') return { revisions: newest.map(withoutMoney), usedBy: [] };
      const uses = await referring(dbOf(ledger), { refKind: kind, refCodes: [code], limit: maxUsedBy });
      return {
        revisions: newest,
        usedBy: uses.map((u) => ({ kind: u.kind as MasterKind, code: u.code, revision: u.revision, role: u.role })),
      };
    },
    saveMasterRecord: ({ params: { kind, code }, body }, caller) =>
      save(sources, caller, { ...body, kind, code }, (now) => {
        const own = now.find((r) => r.revision === body.revision);
        const name = kindTerm(kind);
        if (body.version === null && own)
          throw masterError('master.exists', { kind: name, code, revision: own.revision || '-' }, { status: 409 });
        if (body.version !== null && own?.version !== body.version)
          throw masterError('master.conflict', { kind: name, code }, { status: 409 });
      }),
    reviseMasterRecord: ({ params: { kind, code }, body }, caller) => {
      const { reason, ...revision } = body;
      return save(
        sources,
        caller,
        { ...revision, kind, code },
        (now) => {
          if (now.length === 0) throw masterError('master.unknown', { kind: kindTerm(kind), code }, { status: 404 });
          if (now.some((r) => r.revision === body.revision))
            throw masterError(
              'master.exists',
              { kind: kindTerm(kind), code, revision: body.revision },
              { status: 409 },
            );
        },
        async (tx) => {
          const data = { revision: body.revision, validFrom: body.validFrom, reason };
          await tx.emit({ type: 'master.revised', subject: `${kind}/${code}`, actor: actorOf(caller), data });
        },
      );
    },
  };
}

/** Writes one record when `check` has nothing against what stands there now. */
async function save(
  { ledger, clock, cache }: Sources,
  caller: Caller,
  record: PutRecord & { revision: string },
  check: (now: readonly MasterRecord[]) => void,
  also?: (tx: LedgerTx) => Promise<void>,
): Promise<MasterRecordOut> {
  let over = () => {};
  try {
    return await ledger.transaction(async (db, emit) => {
      const tx: LedgerTx = { db, emit };
      check((await revisionsOf(dbOf(ledger, tx), record.kind, [record.code])).get(record.code) ?? []);
      const { done } = await putRecords(tx, [record], { actor: actorOf(caller), nowUs: clock.nowUs(), cache });
      over = done;
      await also?.(tx);
      const now = (await revisionsOf(dbOf(ledger, tx), record.kind, [record.code])).get(record.code) ?? [];
      return outOf(now.find((r) => r.revision === record.revision)!);
    });
  } finally {
    over();
  }
}

async function unknown({ reader }: Sources, kind: MasterKind, code: string) {
  const name = kindTerm(kind);
  const near = await reader.nearest(kind, code);
  if (near) return masterError('master.unknownNear', { kind: name, code, nearest: near }, { status: 404 });
  return masterError('master.unknown', { kind: name, code }, { status: 404 });
}

/** A record's name, Korean unless it says otherwise, and its names in other languages. */
function namesOf(code: string, data: object): [string, Record<string, string>][] {
  const { name, names } = data as { name?: string; names?: Record<string, string> };
  return name === undefined ? [] : [[code, { ko: name, ...names }]];
}

/** Names of the operations of items' usual routings, as `item/number`. */
async function operationNames(reader: MasterReader, items: readonly string[], now: number) {
  const names: [string, Record<string, string>][] = [];
  for (const item of new Set(items))
    for (const operation of (await reader.ofItem('routing', item, now))?.data.operations ?? [])
      names.push(...namesOf(`${item}/${operation.number}`, operation));
  return Object.fromEntries(names);
}

/** For a tablet, at which anybody may stand. */
function withoutMoney(record: MasterRecordOut): MasterRecordOut {
  const { standardCost: _cost, salesPrice: _price, ...data } = record.data;
  return { ...record, data };
}

function outOf(record: MasterRecord): MasterRecordOut {
  return { ...record, data: record.data as Record<string, unknown> };
}
