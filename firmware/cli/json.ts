/**
 * `--json`, the same for every command: one document on the standard output and nothing else; what else there
 * is to say goes to stderr.
 */
import { switchFlag } from 'host/command-line';

export const JSON_FLAG = switchFlag('Print the result as one JSON document and nothing else');

/** A document as it is printed. */
export function json(document: object): string {
  return `${JSON.stringify(document)}\n`;
}
