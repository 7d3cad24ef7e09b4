/** What the platform cannot promise (rule 6): Espruino's TLS accepts every server, so a config that asks to verify one is refused, not weakened. */

/** @returns what is wrong with `ssl.cert_reqs`, or '' */
export function verificationProblem(certReqs: number): string {
  if (certReqs === 0) return '';
  return `ssl.cert_reqs: Espruino cannot verify a server: expected 0, got ${certReqs}`;
}
