/** `--allow-origin` of the relay's command line: web pages that may connect, besides the relay's own. */
import { listFlag } from 'host/command-line';
import { ANY_ORIGIN, parseOrigin } from '../admission/origins.ts';

export const ORIGIN_FLAG = listFlag<string[]>({
  about: "Other servers' web pages that may connect; again for more",
  expected: 'origins such as https://example.com:8443 with commas between them, null, file:// or * for all',
  parse: parseList,
});

function parseList(text: string): string[] | null {
  const origins = text.split(',').map((word) => (word.trim() === ANY_ORIGIN ? ANY_ORIGIN : parseOrigin(word.trim())));
  return origins.every((origin) => origin !== null) ? origins : null;
}
