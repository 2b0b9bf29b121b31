import type { SignalKind } from '@deungdae/contracts/plant.ts';
import type { SampleValue } from '@deungdae/contracts/sample.ts';
import type { ConnectorDefinition } from './connector.ts';

/** The real thing at the other end: an independent server, or a file that grows. Made anew for every test. */
export interface ContractPeer {
  /** Port on 127.0.0.1, the same after every restart; 0 when there is no network. */
  readonly port: number;
  /** Switches the device on. Resolves when it can be reached. */
  start(): Promise<void>;
  /** Switches it off, as a power cut would: open connections end, new ones are refused. */
  stop(): Promise<void>;
  /** Gives every signal the value of this round (1, 2, 3 …; differs from the round before) and returns them by path. */
  change(round: number): Promise<Record<string, SampleValue>>;
}

export type ContractTest =
  | 'delivers'
  | 'downstream fails'
  | 'downstream stalls'
  | 'no false ack'
  | 'absent at start'
  | 'away for 72 hours'
  | 'half-open link'
  | 'connect overruns'
  | 'peer restarts'
  | 'closes at any moment'
  | 'probe';

export interface ConnectorContract<P extends ContractPeer = ContractPeer> {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the suite runs connectors of every configuration
  definition: ConnectorDefinition<any, any>;
  /** Not started yet. */
  peer(): Promise<P> | P;
  /**
   * Settings as they stand in the plant file, for a device at this port of 127.0.0.1 (a proxy stands between at times).
   * Give short time-outs: a silent link must be noticed within `detectMs`.
   */
  config(port: number, peer: P): Record<string, unknown>;
  signals: {
    path: string;
    kind: SignalKind;
    address: Record<string, unknown>;
  }[];
  /** Every change must arrive, not only the last one: events, not polling. */
  everyChange?: boolean;
  /** What was not acknowledged comes again after a restart of the connector: MQTT QoS 1, a file. */
  redelivers?: boolean;
  /** False for a source that is not reached over TCP: the tests of the network are left out. */
  network?: boolean;
  /** Time in which a link that swallows everything must be noticed, ms. Default 5,000. */
  detectMs?: number;
  /** Time in which a returned device must be read again, ms. Default 15,000. */
  recoverMs?: number;
  /** Time in which a connect to a working device succeeds, ms. Default 1,000. */
  connectMs?: number;
  /** Attempts within the 72 simulated hours. Default 4,320 (one a minute); fewer when an attempt takes long. */
  awayAttempts?: number;
  /** Reason why none of it can run here, such as a missing program. Printed. */
  skip?: string;
  /** Tests that do not hold yet, each with its reason. Meant to become empty. */
  waive?: Partial<Record<ContractTest, string>>;
}
