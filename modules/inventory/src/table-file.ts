/** CSV as Excel in Korea opens it right: UTF-8 with a mark, CRLF; a text that Excel would run as a formula is disarmed. */
export function csvOf(table: readonly (readonly (string | number)[])[]): Uint8Array {
  const cell = (value: string | number) => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return Buffer.from(`\ufeff${table.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`);
}
