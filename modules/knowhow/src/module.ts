import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { KnowHowCard, KnowHowHit } from '@deungdae/contracts/know-how.ts';
import { actorOf, nameOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger, Transaction } from '@deungdae/ledger/ledger.ts';
import { once } from '@deungdae/ledger/once.ts';
import type { PeopleModule } from '@deungdae/people/module.ts';
import { CardIndex } from './domain/card-index.ts';
import { fit, type Trouble, trust } from './domain/fit.ts';
import { knowHowError } from './errors.ts';
import { type KnowHowTables, knowHowMigrations } from './schema.ts';

export { knowHowMigrations };

export interface KnowHowOptions {
  ledger: Ledger;
  clock: Clock;
  people: PeopleModule;
  /** The latest value of a signal path, for cards with a parameter window; null when unknown. */
  reading?: (signal: string) => number | null;
}

export interface KnowHowModule {
  handlers: Handlers;
  /** Cards that fit a trouble, the best first; for the kiosk. */
  offers(trouble: Trouble & { text?: string }, limit: number): KnowHowHit[];
}

/** Cards are searched in memory. */
const mostCards = 50_000;

export async function openKnowHow(options: KnowHowOptions): Promise<KnowHowModule> {
  const { ledger, clock, people } = options;
  const reading = options.reading ?? (() => null);
  const cards = new Map<string, KnowHowCard>();
  const index = new CardIndex();
  const remember = (card: KnowHowCard) => {
    cards.set(card.id, card);
    if (card.status === 'retired') index.remove(card.id);
    else index.put({ id: card.id, fields: textsOf(card) });
  };
  const rows = await ledger
    .read<KnowHowTables>()
    .selectFrom('know_how_cards')
    .select('data')
    .limit(mostCards)
    .execute();
  for (const row of rows) remember(JSON.parse(row.data) as KnowHowCard);

  const need = (id: string): KnowHowCard => {
    const card = cards.get(id);
    if (!card) throw knowHowError('knowhow.notFound', {}, { status: 404 });
    return card;
  };
  /** Writes a card in one transaction with its event; memory follows the commit. */
  const save = async (
    card: KnowHowCard,
    caller: Caller,
    type: string,
    data: Record<string, unknown>,
    entryId?: string,
  ): Promise<KnowHowCard> => {
    const { id } = await ledger.transaction<KnowHowTables, { id: string }>((db, emit) =>
      once(
        { db, emit },
        entryId,
        async () => {
          await store(db, card);
          await emit({ type, subject: `knowHow/${card.number}`, actor: actorOf(caller), data });
          return { id: card.id };
        },
        { kind: 'knowHow', timeUs: card.updatedAt },
      ),
    );
    // An entry that came a second time made its card the first time.
    if (id !== card.id) return need(id);
    remember(card);
    return card;
  };
  /** Writes come one after another, so that a number or a version is given once. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };

  const personOf = async (badge: string | undefined, caller: Caller) => {
    if (badge === undefined) return { id: caller.userId, name: nameOf(caller) };
    const person = await people.byBadge(badge);
    if (!person) throw knowHowError('knowhow.badgeUnknown', { badge }, { status: 404 });
    return { id: person.id, name: person.name };
  };

  const offers: KnowHowModule['offers'] = ({ text = '', ...trouble }, limit) => {
    const found = new Map(index.search(text, mostCards).map(({ id, score }) => [id, score]));
    return [...cards.values()]
      .filter((card) => card.status !== 'retired')
      .map((card) => {
        const { score, because } = fit(card, trouble, reading);
        const words = found.get(card.id) ?? 0;
        return {
          card,
          score: (score + words) * trust(card),
          because: words > 0 ? [...because, 'words'] : because,
        };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || b.card.updatedAt - a.card.updatedAt)
      .slice(0, limit);
  };

  const handlers: Handlers = {
    knowHow({ query }) {
      const { q, limit } = query;
      const wanted = (card: KnowHowCard) =>
        (query.status === undefined ? card.status !== 'retired' : card.status === query.status) &&
        (query.machine === undefined || card.links.machines.includes(query.machine)) &&
        (query.item === undefined || card.links.items.includes(query.item)) &&
        (query.defect === undefined || card.links.defects.includes(query.defect));
      if (q.trim() === '')
        return [...cards.values()]
          .filter(wanted)
          .sort((a, b) => b.updatedAt - a.updatedAt)
          .slice(0, limit)
          .map((card) => ({ card, score: 0, because: [] }));
      return index
        .search(q, mostCards)
        .map(({ id, score }) => ({ card: cards.get(id)!, score, because: ['words'] }))
        .filter(({ card }) => wanted(card))
        .slice(0, limit);
    },
    knowHowOffers: ({ query: { limit, ...trouble } }) => offers(trouble, limit),

    async knowHowCard({ params }) {
      const card = need(params.id);
      const versions = await ledger
        .read<KnowHowTables>()
        .selectFrom('know_how_versions')
        .select('data')
        .where('card', '=', card.id)
        .orderBy('version', 'desc')
        .limit(1000)
        .execute();
      return { card, versions: versions.map((row) => JSON.parse(row.data) as KnowHowCard) };
    },

    addKnowHow: ({ body }, caller) =>
      inTurn(async () => {
        if (cards.size >= mostCards) throw knowHowError('knowhow.tooMany', { limit: mostCards }, { status: 409 });
        const { entryId, badge, ...fields } = body;
        const author = await personOf(badge, caller);
        const now = clock.nowUs();
        const card: KnowHowCard = {
          id: uuidv7(Math.floor(now / 1000)),
          number: `KH-${String(cards.size + 1).padStart(5, '0')}`,
          version: 1,
          ...fields,
          author,
          editor: author,
          createdAt: now,
          updatedAt: now,
          status: 'draft',
          helped: 0,
          notHelped: 0,
        };
        return save(card, caller, 'knowHow.added', { ...card }, entryId);
      }),

    changeKnowHow: ({ params, body }, caller) =>
      inTurn(async () => {
        const { badge, version, ...fields } = body;
        const before = need(params.id);
        if (before.version !== version)
          throw knowHowError('knowhow.changed', { name: before.editor.name, version: before.version }, { status: 409 });
        const editor = await personOf(badge, caller);
        const after = { ...before, ...fields, version: version + 1, editor, updatedAt: clock.nowUs() };
        return save(after, caller, 'knowHow.changed', { version: after.version, ...fields });
      }),

    judgeKnowHow: ({ params, body }, caller) =>
      inTurn(async () => {
        const card = { ...need(params.id), status: body.status };
        return save(card, caller, 'knowHow.judged', { ...body });
      }),

    knowHowHelped: ({ params, body }, caller) =>
      inTurn(async () => {
        const card = { ...need(params.id) };
        if (body.helped) card.helped++;
        else card.notHelped++;
        await save(card, caller, 'knowHow.used', { ...body });
        return { ok: true as const };
      }),
  };
  return { handlers, offers };
}

async function store(db: Transaction<KnowHowTables>, card: KnowHowCard): Promise<void> {
  const row = { number: card.number, status: card.status, updated_at: card.updatedAt, data: JSON.stringify(card) };
  await db
    .insertInto('know_how_cards')
    .values({ id: card.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute();
  await db
    .insertInto('know_how_versions')
    .values({ card: card.id, version: card.version, data: row.data })
    .onConflict((c) => c.columns(['card', 'version']).doUpdateSet({ data: row.data }))
    .execute();
}

function textsOf(card: KnowHowCard) {
  const { links } = card;
  const codes = [...links.defects, ...links.alarms, ...links.items, ...links.tools, ...links.machines].join(' ');
  return [
    { text: card.symptom, weight: 3 },
    { text: card.cause, weight: 2 },
    { text: card.action, weight: 1 },
    { text: card.conditions, weight: 1 },
    { text: `${card.number} ${card.author.name} ${codes}`, weight: 1 },
  ];
}
