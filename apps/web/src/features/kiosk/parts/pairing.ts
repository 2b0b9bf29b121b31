/** The eight digits of a pairing code, typed with or without a gap, or in the address that its QR code holds. */
export function codeOfPairing(scan: string): string | null {
  const linked = /#pair=(\d{8})$/.exec(scan.trim());
  if (linked) return linked[1]!;
  const digits = scan.replace(/[\s-]/g, '');
  return /^\d{8}$/.test(digits) ? digits : null;
}
