import type { CaptureJob, EpcisEvent, EpcisQuery } from '@deungdae/contracts/api-trace.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { StockAct } from '@deungdae/inventory/module.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import { traceError } from '../errors.ts';
import type { TraceabilityOptions } from '../options.ts';
import { wrongWith } from './check.ts';
import type { Naming } from './identify.ts';
import { readLotUri } from './identify.ts';
import { listOf, matches, type PageMark, readMark, wantedEpcs, windowOf, writeMark } from './query.ts';
import { addEvent, readJob, saveJob, storedEvents, type TraceTables, uuidUrn } from './store.ts';
import { epcisEvent, isoTime, kindsOf } from './view.ts';

/** Events of one document, and acts that one query looks through before it hands back a page mark. */
const mostEvents = 5000;
const mostLooked = 20_000;
const atOnce = 200;
const simple = 'SimpleEventQuery';
const context = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

interface Found {
  mark: PageMark;
  event: EpcisEvent;
}

/** Capture and query interfaces of EPCIS 2.0 (ISO/IEC 19987, 8 and 12). */
export class EpcisService {
  readonly #options: TraceabilityOptions;
  #lastKey = 0;

  constructor(options: TraceabilityOptions) {
    this.#options = options;
  }

  /** One event. Throws `trace.epcisInvalid`. */
  async captureEvent(event: Record<string, unknown>, actor: Actor): Promise<EpcisEvent> {
    const wrong = wrongWith(event);
    if (wrong) throw traceError('trace.epcisInvalid', { detail: wrong }, { status: 400 });
    return this.#options.ledger.transaction<TraceTables, EpcisEvent>(async (db, emit) => {
      const about = { key: this.#key(), nowUs: this.#options.clock.nowUs() };
      const stored = await addEvent({ db, emit }, event as EpcisEvent, about);
      await emit({ type: 'epcis.captured', subject: 'epcis', actor, data: { eventID: String(stored.eventID) } });
      return stored;
    });
  }

  /** A document, whole or nothing (`rollback`), or all that is right (`proceed`). */
  async capture(
    document: Record<string, unknown>,
    behaviour: 'rollback' | 'proceed',
    actor: Actor,
  ): Promise<CaptureJob> {
    const body = document.epcisBody as { eventList?: unknown[]; event?: unknown } | undefined;
    const list = body?.eventList ?? (body?.event === undefined ? null : [body.event]);
    if (document.type !== 'EPCISDocument' || !Array.isArray(list))
      throw traceError('trace.epcisInvalid', { detail: 'epcisBody.eventList' }, { status: 400 });
    if (list.length > mostEvents) throw traceError('trace.epcisTooMany', { limit: mostEvents }, { status: 413 });
    const now = this.#options.clock.nowUs();
    const errors = list.flatMap((event, index): CaptureJob['errors'] => {
      const wrong = wrongWith(event);
      const type = 'epcisException:ValidationException';
      return wrong ? [{ type, title: 'ValidationException', detail: wrong, index }] : [];
    });
    const bad = new Set(errors.map((e) => e.index));
    const taken = errors.length > 0 && behaviour === 'rollback' ? [] : list.filter((_, i) => !bad.has(i));
    const job: CaptureJob = {
      captureID: uuidv7(Math.floor(now / 1000)),
      createdAt: isoTime(now),
      finishedAt: isoTime(now),
      running: false,
      success: errors.length === 0,
      captureErrorBehaviour: behaviour,
      errors,
    };
    await this.#options.ledger.transaction<TraceTables, void>(async (db, emit) => {
      const tx = { db, emit };
      const { '@context': context } = document;
      for (const event of taken) await addEvent(tx, event as EpcisEvent, { key: this.#key(), nowUs: now, context });
      await saveJob(tx, job, now);
      const data = { job: job.captureID, events: taken.length, errors: errors.length };
      await emit({ type: 'epcis.captured', subject: 'epcis', actor, data });
    });
    return job;
  }

  async job(id: string): Promise<CaptureJob> {
    const job = await readJob(this.#options.ledger.read<TraceTables>(), id);
    if (!job) throw traceError('trace.unknownJob', { id }, { status: 404 });
    return job;
  }

  /** A page of events as an EPCISQueryDocument, and the mark of the next page. */
  async query(query: EpcisQuery, name = simple): Promise<{ document: Record<string, unknown>; next: string | null }> {
    const after = query.nextPageToken === undefined ? null : readMark(query.nextPageToken);
    const [own, captured] = await Promise.all([this.#own(query, after), this.#captured(query, after)]);
    const all = [...own.found, ...captured.found].sort((a, b) => order(a.mark, b.mark));
    // Nothing beyond what the shorter source has looked at may be given out yet.
    const bound = [own.lookedTo, captured.lookedTo].filter((m) => m !== null).sort(order)[0] ?? null;
    const sure = bound === null ? all : all.filter((f) => order(f.mark, bound) <= 0);
    const page = sure.slice(0, query.perPage);
    const last = page.length === query.perPage ? page.at(-1)!.mark : bound;
    const more = page.length < all.length || bound !== null;
    return {
      document: this.document(
        page.map((f) => f.event),
        { queryName: name },
      ),
      next: more && last ? writeMark(last) : null,
    };
  }

  /** The answer of a query route. */
  answer({ document, next }: { document: Record<string, unknown>; next: string | null }) {
    // The REST binding says the next page in a Link header; here it stands in the document as an extension.
    const type = 'EPCISQueryDocument' as const;
    return { ...document, type, ...(next === null ? {} : { 'deungdae:nextPageToken': next }) };
  }

  /** Events as the result of a query, or of a subscription to it. */
  document(events: readonly EpcisEvent[], about: { queryName: string; subscriptionID?: string }) {
    return {
      '@context': context,
      type: 'EPCISQueryDocument',
      schemaVersion: '2.0',
      creationDate: isoTime(this.#options.clock.nowUs()),
      epcisBody: { queryResults: { ...about, resultsBody: { eventList: events } } },
    };
  }

  #key(): number {
    this.#lastKey = Math.max(this.#lastKey + 1, this.#options.clock.nowUs());
    return this.#lastKey;
  }

  /** The ledger's side: acts by index where lots or kinds narrow it, then every condition on the event itself. */
  async #own(query: EpcisQuery, after: PageMark | null): Promise<{ found: Found[]; lookedTo: PageMark | null }> {
    const { inventory } = this.#options;
    const naming = await this.#naming();
    const lots = await this.#lotsAsked(query, naming);
    const found: Found[] = [];
    // Captured events at the same time come after ours.
    let mark: { time: number; id: string } | null =
      after === null ? null : { time: after.time, id: after.source === 0 ? after.id : String(Number.MAX_SAFE_INTEGER) };
    for (let looked = 0; looked < mostLooked; looked += atOnce) {
      const acts: StockAct[] = await inventory.acts({
        ...windowOf(query),
        kinds: kindsOf(listOf(query.eventType)),
        ...(lots === null ? {} : { lots }),
        ...(mark === null ? {} : { after: mark }),
        limit: atOnce,
      });
      for (const { act, event } of await this.#view(acts, naming)) {
        if (!matches(event, query)) continue;
        found.push({ mark: { time: act.movements[0]!.time, source: 0, id: act.id }, event });
        if (found.length > query.perPage) return { found, lookedTo: null };
      }
      if (acts.length < atOnce) return { found, lookedTo: null };
      const last = acts.at(-1)!;
      mark = { time: last.movements[0]!.time, id: last.id };
    }
    return { found, lookedTo: mark === null ? null : { ...mark, source: 0 } };
  }

  async #view(acts: readonly StockAct[], naming: Naming) {
    const ids = new Set(acts.flatMap((a) => a.movements.flatMap((m) => [m.lot, m.toLot, m.container])));
    const lots = await this.#options.inventory.lots([...ids].filter((id): id is string => id !== null));
    const view = {
      naming,
      lots: new Map(lots.map((l) => [l.id, l])),
      offset: (time: number) => offsetOf(time, this.#options.timeZone()),
      eventId: (act: string) => uuidUrn(`${naming.plant}/act/${act}`),
    };
    return acts.map((act) => ({ act, event: epcisEvent(view, act) }));
  }

  /** Lots that MATCH parameters name; null when nothing narrows. Others' identifiers give an empty list. */
  async #lotsAsked(query: EpcisQuery, naming: Naming): Promise<string[] | null> {
    const epcs = wantedEpcs(query);
    if (epcs === null) return null;
    const lots: string[] = [];
    for (const epc of epcs) {
      const named = readLotUri(naming, epc);
      const lot = named ? await this.#options.inventory.lot(named.number) : null;
      if (lot) lots.push(lot.id);
    }
    return lots;
  }

  async #captured(query: EpcisQuery, after: PageMark | null): Promise<{ found: Found[]; lookedTo: PageMark | null }> {
    const db = this.#options.ledger.read<TraceTables>();
    const found: Found[] = [];
    let mark = after === null ? null : { time: after.time, key: after.source === 1 ? Number(after.id) : -1 };
    for (let looked = 0; looked < mostLooked; looked += atOnce) {
      const rows = await storedEvents(db, { ...windowOf(query), epcs: wantedEpcs(query), after: mark, limit: atOnce });
      for (const row of rows) {
        const event = JSON.parse(row.data) as EpcisEvent;
        if (!matches(event, query)) continue;
        found.push({ mark: { time: row.event_time, source: 1, id: String(row.key) }, event });
        if (found.length > query.perPage) return { found, lookedTo: null };
      }
      if (rows.length < atOnce) return { found, lookedTo: null };
      const last = rows.at(-1)!;
      mark = { time: last.event_time, key: last.key };
    }
    return { found, lookedTo: mark === null ? null : { time: mark.time, source: 1, id: String(mark.key) } };
  }

  async #naming(): Promise<Naming> {
    const now = this.#options.clock.nowUs();
    const [items, partners] = await Promise.all([
      this.#options.masterdata.list('item', now),
      this.#options.masterdata.list('partner', now),
    ]);
    const gtins = new Map(items.map((i) => [i.code, i.data.gtin?.padStart(14, '0') ?? null]));
    const glns = new Map(partners.map((p) => [p.code, p.data.gln ?? null]));
    return {
      plant: this.#options.site(),
      gtin: (item) => gtins.get(item) ?? null,
      gln: (partner) => glns.get(partner) ?? null,
    };
  }
}

function order(a: PageMark, b: PageMark): number {
  return a.time - b.time || a.source - b.source || Number(a.id) - Number(b.id);
}

/** Offset of a zone at a moment, such as `+09:00`; EPCIS keeps it apart from the time. */
function offsetOf(timeUs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(timeUs / 1000);
  const name = parts.find((p) => p.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? '+00:00' : name.replace('GMT', '').slice(0, 6);
}
