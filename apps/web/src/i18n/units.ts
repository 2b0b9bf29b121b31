/** UCUM codes as people write them beside a figure; a code that is not here stands as it is. */
const written: Record<string, string> = {
  Cel: '°C',
  '1': '',
  '%': '%',
  'kW.h': 'kWh',
  'mm/s': 'mm/s',
  'm3/min': 'm³/min',
  'm3/h': 'm³/h',
  '/min': '/min',
  '{rpm}': 'rpm',
  '{rev}/min': 'rpm',
  'r/min': 'rpm',
  deg: '°',
  Ohm: 'Ω',
  um: 'µm',
  // As labels and delivery notes have it, in both languages.
  '{pcs}': 'EA',
  '{piece}': 'EA',
  us: 'µs',
};

export function unitText(code: string | null | undefined): string {
  if (!code) return '';
  return written[code] ?? code.replace(/^\{(.+)\}$/, '$1');
}
