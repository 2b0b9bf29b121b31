import type { X509Certificate } from 'node:crypto';

/** Subject in one line; `-` for a certificate without one, for which Node gives undefined. */
export function subjectOf(certificate: X509Certificate): string {
  return (certificate.subject as string | undefined)?.split('\n').join(', ') || '-';
}

/** SHA-1, upper-case hex: what the screens of machines show. */
export function thumbprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(':', '');
}
