/**
 * Wall-clock times of a zone to UTC. Of a time that comes twice (clocks set back) the first is taken; one that never
 * comes (clocks set forward) is moved on by the jump, as most systems do.
 */
export class ZonedTime {
  readonly #format: Intl.DateTimeFormat | null;
  /** Offset of the quarter of an hour last asked, and its start; logs go forward, so one is enough. */
  #quarter = Number.NaN;
  #offset = 0;

  /** Throws RangeError for a zone that does not exist. */
  constructor(timeZone: string) {
    this.#format =
      timeZone === 'UTC'
        ? null
        : new Intl.DateTimeFormat('en-US', {
            timeZone,
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          });
  }

  /** `wallUs`: the wall clock read as if it were UTC, µs. Returns µs UTC. */
  toUtc(wallUs: number): number {
    if (!this.#format || Number.isNaN(wallUs)) return wallUs;
    const quarter = Math.floor(wallUs / 900e6);
    if (quarter !== this.#quarter) {
      const wallMs = quarter * 900_000;
      const before = this.#offsetMs(wallMs - 86_400_000);
      const after = this.#offsetMs(wallMs + 86_400_000);
      // The earlier of the two candidates that reads back as the wall time; else the offset before the change.
      const fits = [before, after].filter((o) => this.#offsetMs(wallMs - o) === o).map((o) => wallMs - o);
      this.#offset = (fits.length > 0 ? wallMs - Math.min(...fits) : before) * 1000;
      this.#quarter = quarter;
    }
    return wallUs - this.#offset;
  }

  #offsetMs(utcMs: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format!.formatToParts(utcMs)) part[type] = Number(value);
    const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
    return wall - utcMs;
  }
}
