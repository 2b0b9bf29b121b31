/** Values of one simulated machine, written by its physics and read by the protocol servers. */
export type Value = number | string | boolean;

export interface Change {
  machine: string;
  signal: string;
  value: Value;
  /** Simulated ms since 1970. */
  atMs: number;
}

export type OnChange = (change: Change) => void;

/** Keeps the latest values and tells of every change; a repeated equal value is not a change. */
export class SignalTable {
  readonly values = new Map<string, Value>();
  readonly #machine: string;
  readonly #onChange: OnChange;

  constructor(machine: string, onChange: OnChange) {
    this.#machine = machine;
    this.#onChange = onChange;
  }

  set(signal: string, value: Value, atMs: number): void {
    if (this.values.get(signal) === value) return;
    this.values.set(signal, value);
    this.#onChange({ machine: this.#machine, signal, value, atMs });
  }

  number(signal: string): number {
    return Number(this.values.get(signal) ?? 0);
  }
}
