import type { SignalKind } from '@deungdae/contracts/plant.ts';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { z } from 'zod';

/**
 * The connector contract. A connector turns one device or server into samples, and nothing else: retry, back-off,
 * scaling, deadband, buffering, gaps on a lost connection, health, metrics and redaction live in the kit around it.
 * Every connector passes the contract suite in `contract-suite.ts`.
 */

/** One signal that the plant file binds to this connection. */
export interface BoundSignal<Address> {
  readonly id: number;
  readonly path: string;
  readonly kind: SignalKind;
  readonly unit?: string;
  readonly deadband?: number;
  readonly address: Address;
}

export interface ConnectorContext {
  readonly connectionId: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Folder of this connection for what must outlive a restart: certificates, read positions. */
  readonly stateDir: string;
  /** Tell of a thing the operator should know although reading goes on: a downgrade, a rebirth, an unknown tag. */
  notice(notice: Notice): void;
}

export interface Notice {
  /** Code in the connector's error catalogue. */
  code: string;
  params?: Record<string, string | number>;
}

export interface Reading {
  readonly batch: SampleBatch;
  /** Called once, when every sample of the batch is on disk. Not called when that failed: the batch is then read again. */
  ack?(): void | Promise<void>;
}

export interface Connector {
  /**
   * Opens the session and resolves when the device has answered something. Throws a CodedError; the kit backs off and
   * tries again for ever. Must stop for good when `abort` fires: no socket, timer or loop may outlive it.
   */
  connect(abort: AbortSignal): Promise<void>;
  /**
   * Waits for the next samples and returns them. Throws when the session is lost; the kit then writes gaps, closes and
   * connects again. While the kit does not call `read` (downstream is slow) the connector must hold back its source or
   * keep a bounded buffer; what it had to drop it counts with `notice` and marks with a gap. Resolves with an empty
   * batch, or throws the abort reason, soon after `abort` fires.
   */
  read(abort: AbortSignal): Promise<Reading>;
  /** Tries the address without side effects and says what was found: behind "test connection". */
  probe(abort: AbortSignal): Promise<ProbeReport>;
  /** Releases everything. May be called at any moment and more than once. */
  close(): Promise<void>;
}

export interface ProbeReport {
  /** Product name, version and the like, as the device tells it. */
  device: string;
  roundTripMs: number;
  /** One entry per signal that could be tried: its value as text, or why not. */
  signals: { path: string; value?: string; error?: { code: string; params?: Record<string, string | number> } }[];
}

/** A thing on the device that could become a signal. */
export interface Proposal {
  /** Id for the signal, made from the device's name: lower-case letters, digits and hyphens. */
  id: string;
  name: string;
  kind: SignalKind;
  unit?: string;
  /** Path of browse names on the device, for people. */
  devicePath: string[];
  /** Ready for `source:` in the plant file. */
  address: Record<string, unknown>;
  /** Value now, as text. */
  value?: string;
  /** Texts of the raw values, where the device tells them. */
  enumeration?: Record<string, string>;
  /** What the signal means by a companion specification, such as `packmlState`: fits the state preset of that name. */
  role?: string;
}

export interface ConnectorDefinition<Config extends object = object, Address extends object = object> {
  /** Name in the plant file: `type: modbus`. */
  readonly type: string;
  /** Settings of a connection, beyond id, name, type and enabled. Strict; secrets carry `.meta({ secret: true })`. */
  readonly config: z.ZodType<Config>;
  /** The binding of one signal, beyond `connection`. Strict. */
  readonly address: z.ZodType<Address>;
  create(options: { config: Config; signals: readonly BoundSignal<Address>[]; context: ConnectorContext }): Connector;
  /** Browses the device; no side effects. */
  discover?(options: { config: Config; context: ConnectorContext; abort: AbortSignal }): AsyncIterable<Proposal>;
}

/** Keeps the types of one definition together where it is written. */
export function defineConnector<C extends object, A extends object>(
  d: ConnectorDefinition<C, A>,
): ConnectorDefinition<C, A> {
  return d;
}
