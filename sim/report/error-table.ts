/** What the firmware threw and did not catch: where to look first, when there is any. */
import { formatCount, formatMs, plural } from 'host/format';
import type { Summary } from '../measure/result.ts';
import { html, type Markup } from './html.ts';

export function errorsFinding({ errors, metrics }: Summary): string {
  const [worst] = errors;
  const all = plural(metrics.board_errors as number, 'error');
  return `The firmware threw ${all} that it did not catch, most often: ${worst.message}`;
}

export function errorTable({ errors, metrics }: Summary): Markup {
  const rows = errors.map(
    ({ message, at, count, boards, first_ms }) =>
      html`<tr><th scope="row" class="words">${message}</th><td><code>${at === '' ? 'unknown' : at}</code></td><td>${formatCount(count)}</td><td>${formatCount(boards)}</td><td>${formatMs(first_ms)}</td></tr>`,
  );
  const rest = (metrics.board_errors as number) - errors.reduce((sum, { count }) => sum + count, 0);
  const note = rest > 0 ? html`<p class="note">and ${plural(rest, 'error')} more of other kinds</p>` : '';
  return html`<div class="scroll"><table><thead><tr><th scope="col">Message</th><th scope="col">Where</th><th scope="col">Times</th><th scope="col">Boards</th><th scope="col">First at</th></tr></thead><tbody>${rows}</tbody></table></div>${note}`;
}
