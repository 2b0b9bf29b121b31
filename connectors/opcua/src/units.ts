/**
 * Common units: the UNECE code that OPC UA's EngineeringUnits carry (unitId is the code's bytes, most significant first;
 * Part 8 §5.6.4.3), the display text, and the UCUM code of the plant file.
 */
const rows: readonly (readonly [unece: string, display: string, ucum: string])[] = [
  ['CEL', '°C', 'Cel'],
  ['FAH', '°F', '[degF]'],
  ['KEL', 'K', 'K'],
  ['PAL', 'Pa', 'Pa'],
  ['KPA', 'kPa', 'kPa'],
  ['MPA', 'MPa', 'MPa'],
  ['BAR', 'bar', 'bar'],
  ['MBR', 'mbar', 'mbar'],
  ['MTR', 'm', 'm'],
  ['CMT', 'cm', 'cm'],
  ['MMT', 'mm', 'mm'],
  ['4H', 'µm', 'um'],
  ['MTS', 'm/s', 'm/s'],
  ['C16', 'mm/s', 'mm/s'],
  ['H81', 'mm/min', 'mm/min'],
  ['2X', 'm/min', 'm/min'],
  ['MSK', 'm/s²', 'm/s2'],
  ['RPM', 'r/min', '/min'],
  ['C97', 's⁻¹', '/s'],
  ['DD', '°', 'deg'],
  ['C81', 'rad', 'rad'],
  ['SEC', 's', 's'],
  ['C26', 'ms', 'ms'],
  ['B98', 'µs', 'us'],
  ['MIN', 'min', 'min'],
  ['HUR', 'h', 'h'],
  ['DAY', 'd', 'd'],
  ['HTZ', 'Hz', 'Hz'],
  ['KHZ', 'kHz', 'kHz'],
  ['KGM', 'kg', 'kg'],
  ['GRM', 'g', 'g'],
  ['MGM', 'mg', 'mg'],
  ['TNE', 't', 't'],
  ['LTR', 'L', 'L'],
  ['MLT', 'mL', 'mL'],
  ['MTQ', 'm³', 'm3'],
  ['CMQ', 'cm³', 'cm3'],
  ['MTK', 'm²', 'm2'],
  ['L2', 'L/min', 'L/min'],
  ['MQH', 'm³/h', 'm3/h'],
  ['MQS', 'm³/s', 'm3/s'],
  ['41', 'cm³/s', 'cm3/s'],
  ['KGS', 'kg/s', 'kg/s'],
  ['E93', 'kg/h', 'kg/h'],
  ['NEW', 'N', 'N'],
  ['B47', 'kN', 'kN'],
  ['NU', 'N·m', 'N.m'],
  ['B48', 'kN·m', 'kN.m'],
  ['JOU', 'J', 'J'],
  ['KJO', 'kJ', 'kJ'],
  ['WTT', 'W', 'W'],
  ['KWT', 'kW', 'kW'],
  ['MAW', 'MW', 'MW'],
  ['WHR', 'W·h', 'W.h'],
  ['KWH', 'kW·h', 'kW.h'],
  ['MWH', 'MW·h', 'MW.h'],
  ['D46', 'V·A', 'V.A'],
  ['KVA', 'kV·A', 'kV.A'],
  ['KVR', 'kvar', 'kvar'],
  ['VLT', 'V', 'V'],
  ['2Z', 'mV', 'mV'],
  ['KVT', 'kV', 'kV'],
  ['AMP', 'A', 'A'],
  ['4K', 'mA', 'mA'],
  ['OHM', 'Ω', 'Ohm'],
  ['P1', '%', '%'],
  ['59', 'ppm', '[ppm]'],
  ['2N', 'dB', 'dB'],
  ['LUX', 'lx', 'lx'],
  ['C62', '1', '1'],
  ['H87', 'piece', '{pcs}'],
  ['E54', 'trip', '{trip}'],
];

const byId = new Map(rows.map(([unece, , ucum]) => [unitIdOf(unece), ucum]));
const byDisplay = new Map(rows.map(([, display, ucum]) => [display, ucum]));

/** unitId of a UNECE code: its one to three characters as a big-endian number. */
export function unitIdOf(unece: string): number {
  return [...unece].reduce((id, c) => id * 256 + c.charCodeAt(0), 0);
}

/** UCUM code of an EUInformation; by its UNECE id, else by its display text; undefined when neither is known. */
export function ucumOf(unitId: number | undefined, displayName: string | null | undefined): string | undefined {
  return (unitId === undefined ? undefined : byId.get(unitId)) ?? byDisplay.get((displayName ?? '').trim());
}

/** EUInformation of a UCUM code; the code itself as display text where it is not in the table. */
export function euInformationOf(ucum: string): { namespaceUri: string; unitId: number; displayName: string } {
  const row = rows.find((r) => r[2] === ucum);
  return {
    namespaceUri: 'http://www.opcfoundation.org/UA/units/un/cefact',
    unitId: row ? unitIdOf(row[0]) : -1,
    displayName: row?.[1] ?? ucum,
  };
}
