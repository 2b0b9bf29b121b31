import type { KioskDevice } from '@deungdae/contracts/device.ts';
import type { KioskAnswer, KioskPerson, KioskState } from '@deungdae/contracts/kiosk.ts';
import { api } from '../../api/client.generated.ts';
import { ApiFailure } from '../../api/http.ts';
import { loadText, newId, recall, remember } from './device.ts';
import { measureOffset, type Offset, serverMs } from './parts/offset.ts';
import { Outbox, pauseMs, SendFailure, type Transport } from './parts/outbox.ts';
import type { OutboxItem, OutboxStore } from './parts/outbox-store.ts';
import { codeOfPairing } from './parts/pairing.ts';
import { callRoute, openStore, tabLock, toFailure } from './wire.ts';

/** How the tablet stands to the server. */
export type Link = 'ok' | 'offline' | 'signIn' | 'notAllowed';

export interface Snapshot {
  machine: string | null;
  /** The tablet itself, when it was paired in the office; null while somebody's sign-in is used. */
  device: KioskDevice | null;
  /** The server's last answer; kept on the tablet over restarts. */
  state: KioskState | null;
  person: KioskPerson | null;
  items: readonly OutboxItem[];
  link: Link;
  offset: Offset | null;
  /** Entries outlive a crash: the browser gave us a database, and promised not to clear it. */
  durable: boolean;
  persisted: boolean;
  /** The last thing that was taken in, for a short word of thanks. */
  thanks: { text: string; at: number } | null;
}

export type BadgeOutcome = 'ok' | 'unknown' | 'offline';
export interface Photo {
  id: string;
  blob: Blob;
}

const pollMs = 3_000;
/** An answer that takes longer is not waited for. */
const slowMs = 1_500;
/** An entry that is sent later than that had no network when it was typed, or lost it then. */
const waitedMs = 10_000;
/** People whose badge this tablet knows without the network. */
const knownPeople = 300;

/** The kiosk behind its screens: who, where, what the server last said, and what waits to be sent. */
export class Kiosk {
  #snapshot: Snapshot = {
    ...{
      machine: recall<string>('machine'),
      device: recall<KioskDevice>('paired'),
      state: recall<KioskState>('state'),
      person: recall<KioskPerson>('person'),
    },
    ...{ items: [], link: 'ok', offset: recall<Offset>('offset'), durable: true, persisted: false, thanks: null },
  };
  readonly #listeners = new Set<() => void>();
  readonly #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('deungdae.kiosk') : null;
  readonly #answers = new Map<string, (answer: KioskAnswer) => void>();
  #outbox: Outbox | null = null;
  #badge = recall<string>('badge');
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sending: Promise<void> | null = null;
  /** Something was entered while a turn was under way: it may have passed the place where that one sends. */
  #again = false;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Snapshot => this.#snapshot;

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Opens the store and begins to ask and to send; ends with the returned function. */
  open(): () => void {
    let closed = false;
    const wake = () => void this.refresh();
    const hidden = () => document.visibilityState === 'visible' && wake();
    void (async () => {
      const { store, durable } = await openStore();
      if (closed) return;
      this.#outbox = this.#makeOutbox(store);
      this.#set({ items: await this.#outbox.list(), durable });
      await this.#begin();
      this.#set({ persisted: (await navigator.storage?.persist?.().catch(() => false)) ?? false });
      await this.refresh();
    })();
    window.addEventListener('online', wake);
    document.addEventListener('visibilitychange', hidden);
    this.#channel?.addEventListener('message', this.#fromOtherTab);
    return () => {
      closed = true;
      if (this.#timer) clearTimeout(this.#timer);
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', hidden);
      this.#channel?.removeEventListener('message', this.#fromOtherTab);
    };
  }

  readonly #fromOtherTab = () => void this.#reload();

  #makeOutbox(store: OutboxStore): Outbox {
    const transport: Transport = {
      sync: (machine, items) => this.#sync(machine, items),
      route: (item) => callRoute(item),
      upload: async (file, name) => {
        try {
          return (await api.uploadDocument({ name }, file)).id;
        } catch (error) {
          throw toFailure(error);
        }
      },
    };
    return new Outbox(store, transport, tabLock, (answers) => {
      for (const answer of answers) this.#answers.get(answer.entryId)?.(answer);
      this.#channel?.postMessage('changed');
      void this.#reload();
    });
  }

  async #reload(): Promise<void> {
    if (this.#outbox) this.#set({ items: await this.#outbox.list() });
  }

  async #sync(machine: string, items: readonly OutboxItem[]): Promise<readonly KioskAnswer[]> {
    const sent = Date.now();
    try {
      const answer = await api.kioskSync({
        ...{ device: deviceName(), machine, now: sent * 1000 },
        entries: items.map((item) => ({
          ...{ entryId: item.entryId, kind: item.kind, clientTime: item.clientTime, clientOffset: item.clientOffset },
          ...{ badge: item.badge, data: item.data },
          // Nobody could be shown what the machine had counted, nor waits for the answer now.
          ...(item.offline || sent - item.clientTime / 1000 > waitedMs ? { offline: true } : {}),
        })),
      });
      this.#measured(sent, answer.at);
      if (machine === this.#snapshot.machine) this.#took(answer.state);
      return answer.answers;
    } catch (error) {
      throw toFailure(error);
    }
  }

  #measured(sent: number, serverUs: number): void {
    const offset = measureOffset(this.#snapshot.offset, sent, Date.now(), serverUs);
    remember('offset', offset);
    this.#set({ offset });
  }

  #took(state: KioskState): void {
    remember('state', state);
    this.#set({ state, link: 'ok' });
    this.#shiftEnded(state);
  }

  /** With the shift its people go: nobody works on under a name that went home. */
  #shiftEnded(state: KioskState): void {
    const shift = state.machine.shift?.id ?? null;
    const before = recall<string>('shift');
    if (!this.#snapshot.person || shift === null || before === shift) return;
    if (before === null) remember('shift', shift);
    else this.signOff();
  }

  /** Asks for the state and sends what waits; then again in a while. */
  async refresh(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#again = this.#sending !== null;
    this.#sending ??= this.#turns().finally(() => {
      this.#sending = null;
    });
    await this.#sending;
  }

  async #turns(): Promise<void> {
    do {
      this.#again = false;
      await this.#turn();
    } while (this.#again && this.#failures === 0);
  }

  async #turn(): Promise<void> {
    try {
      const outcome = (await this.#outbox?.flush()) ?? 'sent';
      const { machine } = this.#snapshot;
      if (machine && outcome !== 'later') {
        const sent = Date.now();
        const state = await api.kioskState({ machine });
        this.#measured(sent, state.at);
        if (machine === this.#snapshot.machine) this.#took(state);
      } else if (outcome === 'later') throw new SendFailure({ kind: 'later' });
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      this.#set({ link: linkAfter(error) });
    }
    const wait = this.#failures === 0 ? pollMs : pauseMs(this.#failures);
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }

  /** A code in the address pairs the tablet; else it asks who it is, which also keeps its cookie young. */
  async #begin(): Promise<void> {
    const code = codeOfPairing(location.hash);
    if (code) {
      history.replaceState(null, '', location.pathname);
      await this.pair(code);
      return;
    }
    const answer = await api.kioskDevice().catch(() => null);
    if (answer) this.#is(answer.device);
  }

  #is(device: KioskDevice | null): void {
    remember('paired', device);
    this.#set({ device });
    const { machine } = this.#snapshot;
    const only = device?.machines.length === 1 ? device.machines[0]!.path : null;
    if (device && only && !machine) this.choose(only);
  }

  /** Lets the tablet in with the office's code. Null when it is in; else what was wrong, to be read. */
  async pair(code: string): Promise<string | null> {
    try {
      this.#is(await api.pairDevice({ code }));
      void this.refresh();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  choose(machine: string | null): void {
    remember('machine', machine);
    remember('state', null);
    this.#set({ machine, state: null });
    void this.refresh();
  }

  /** Who holds this badge: from the server, or from the people that the tablet knows when there is no network. */
  async badge(code: string): Promise<BadgeOutcome> {
    const people = recall<Record<string, KioskPerson>>('people') ?? {};
    try {
      const person = await api.kioskPerson({ badge: code });
      const kept = Object.entries({ ...people, [code]: person }).slice(-knownPeople);
      remember('people', Object.fromEntries(kept));
      this.#came(code, person);
      return 'ok';
    } catch (error) {
      if (error instanceof ApiFailure && error.status >= 400 && error.status < 500 && error.status !== 401)
        return 'unknown';
      const known = people[code];
      if (!known) return 'offline';
      this.#came(code, known);
      return 'ok';
    }
  }

  knows(code: string): boolean {
    return code in (recall<Record<string, KioskPerson>>('people') ?? {});
  }

  #came(code: string, person: KioskPerson): void {
    this.#badge = code;
    remember('badge', code);
    remember('person', person);
    remember('shift', this.#snapshot.state?.machine.shift?.id ?? null);
    loadText(person.language);
    this.#set({ person });
  }

  signOff(): void {
    this.#badge = null;
    for (const key of ['badge', 'person', 'shift'] as const) remember(key, null);
    this.#set({ person: null });
  }

  /** Keeps an entry and sends it when it can. Resolves when it is durable on the tablet; `answer` comes when it comes. */
  async enter(
    kind: string,
    data: Record<string, unknown>,
    more: { via?: 'sync' | 'route'; photos?: readonly Photo[]; thanks?: string } = {},
  ): Promise<{ entryId: string; answer: Promise<KioskAnswer> }> {
    const { machine, person, offset } = this.#snapshot;
    if (!machine || !this.#outbox) throw new Error('no machine');
    const entryId = newId();
    const answer = new Promise<KioskAnswer>((resolve) => this.#answers.set(entryId, resolve));
    void answer.finally(() => this.#answers.delete(entryId));
    const withId = more.via === 'route' ? withEntryId(data, entryId, kind) : data;
    const photos = more.photos ?? [];
    await this.#outbox.put(
      {
        ...{ entryId, machine, kind, via: more.via ?? 'sync', data: withId, clientTime: Date.now() * 1000 },
        ...{ clientOffset: offset?.us ?? null, badge: this.#badge, person: person?.name ?? null },
        ...{ files: photos.map((p) => p.id), offline: this.#snapshot.link !== 'ok' },
      },
      photos,
    );
    if (more.thanks) this.#thankWhenTaken(more.thanks, answer);
    await this.#reload();
    void this.refresh();
    return { entryId, answer };
  }

  /** Says thanks when the server has taken it; or that it is kept, when the answer is long in coming. */
  #thankWhenTaken(text: string, answer: Promise<KioskAnswer>): void {
    const late = new Promise<null>((resolve) => setTimeout(resolve, this.#snapshot.link === 'ok' ? slowMs : 0, null));
    void Promise.race([answer, late]).then((first) => {
      if (first?.status !== 'rejected') this.#set({ thanks: { text, at: Date.now() } });
    });
  }

  /** A short word about something that is no entry. */
  say(text: string): void {
    this.#set({ thanks: { text, at: Date.now() } });
  }

  async forget(seq: number): Promise<void> {
    await this.#outbox?.forget(seq);
  }

  get badgeCode(): string | null {
    return this.#badge;
  }

  /** The server's time now, ms. */
  now(): number {
    return serverMs(this.#snapshot.offset, Date.now());
  }
}

function linkAfter(error: unknown): Link {
  if (error instanceof SendFailure) return error.failure.kind === 'signIn' ? 'signIn' : 'offline';
  if (error instanceof ApiFailure) {
    if (error.status === 401) return 'signIn';
    if (error.status === 403) return 'notAllowed';
  }
  return 'offline';
}

/** Routes whose body takes the entry's id, so that a second sending does not do it twice. */
const takesEntryId = ['doCheck', 'requestMaintenance', 'printLabels', 'reportSafety', 'addKnowHow'];

function withEntryId(data: Record<string, unknown>, entryId: string, kind: string): Record<string, unknown> {
  if (!takesEntryId.includes(kind)) return data;
  return { ...data, body: { ...(data.body as object), entryId } };
}

export function deviceName(): string {
  const known = recall<string>('device');
  if (known) return known;
  const made = `tablet-${newId().slice(0, 8)}`;
  remember('device', made);
  return made;
}
