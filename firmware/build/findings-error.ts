/**
 * A source that cannot be built, with every place and what to write there. The user's mistake, not the kit's.
 */
import type { Finding } from './subset/subset.ts';

export class FindingsError extends Error {
  override readonly name = 'FindingsError';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(describeFindings(findings));
    this.findings = findings;
  }
}

/** `file:line:column: what`, a line each. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ file, line, column, message, severity }) => `${file}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${message}`)
    .join('\n');
}
