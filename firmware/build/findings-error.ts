/** A source that cannot be built, with every place and what to write there. The user's mistake, not the kit's. */
import type { Finding } from './subset.ts';

export class FindingsError extends Error {
  override readonly name = 'FindingsError';

  constructor(findings: readonly Finding[]) {
    super(describeFindings(findings));
  }
}

/** `file:line:column: what`, a line each. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n');
}
