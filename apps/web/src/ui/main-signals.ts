import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';

/** Numbers with a unit in the order of the plant file; power first, because that is what such machines are watched for. */
export function pickMain(signals: readonly SignalInfo[], equipment: string, most: number): SignalInfo[] {
  const own = signals.filter((s) => s.equipment === equipment && s.kind === 'number' && s.unit !== null);
  const power = own.filter((s) => s.unit === 'kW' || s.unit === 'W');
  return [...power, ...own.filter((s) => !power.includes(s))].slice(0, most);
}
