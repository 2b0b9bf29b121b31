/** B2MML V7 in JSON: a value stands alone or as `{ "$": value, "@attribute": … }`. */
export function textOf(value: unknown): string | null {
  const inner = typeof value === 'object' && value !== null && '$' in value ? value.$ : value;
  if (typeof inner === 'string') return inner.trim();
  if (typeof inner === 'number' && Number.isFinite(inner)) return String(inner);
  return null;
}

export function listOf(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.filter((v): v is Record<string, unknown> => typeof v === 'object' && v !== null);
}

/** A decimal exactly as its digits say, never through the exponent; null for what is not one. */
export function decimalOf(value: unknown): number | null {
  const text = textOf(value);
  return text !== null && /^[+-]?\d{1,10}(\.\d{1,6})?0*$/.test(text) ? Number(text) : null;
}

export function quantityOf(amount: number, unit: string): Record<string, unknown> {
  return { QuantityString: { $: String(amount) }, DataType: { $: 'decimal' }, UnitOfMeasure: { $: unit } };
}

export const identifier = (value: string) => ({ $: value });
export const dateTime = (us: number) => ({ $: new Date(Math.floor(us / 1000)).toISOString() });

/** µs UTC; null for what is no time. Without a zone it is UTC. */
export function timeOf(value: unknown): number | null {
  const text = textOf(value);
  if (text === null) return null;
  const ms = Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(text) || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : ms * 1000;
}
