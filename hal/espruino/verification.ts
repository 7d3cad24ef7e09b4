/**
 * What the platform cannot promise, so that a config which asks for it is refused, not weakened: Espruino's
 * TLS accepts every server (rule 6), and its addresses have four bytes.
 */

/** @returns what is wrong with the host of `server`, as it stands in a URL, or '' */
export function addressProblem(host: string): string {
  return host.charAt(0) === '[' ? `server: host: Espruino has no IPv6: expected a name or an IPv4 address, got "${host}"` : '';
}

/** @returns what is wrong with `ssl.cert_reqs`, or '' */
export function verificationProblem(certReqs: number): string {
  if (certReqs === 0) return '';
  return `ssl.cert_reqs: Espruino cannot verify a server: expected 0, got ${certReqs}`;
}
