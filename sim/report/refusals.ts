/** Messages that the channel refused, by reason: what an app was told by `false`, and may have overlooked. */
import { formatCount, plural } from 'host/format';
import type { Summary } from '../measure/result.ts';
import { counted } from './causes.ts';
import { html, type Markup } from './html.ts';

/** By MessageRefusal of firmware/events.ts. */
export const REASON_WORDS: Record<string, string> = {
  too_big: 'above 64 KiB',
  not_utf8: 'text that is not UTF-8 bytes: utf8Encode of firmware/websocket/utf8 makes them',
  not_bytes: 'binary data with a character above U+00FF',
  not_string: 'no string',
  outbox_full: 'no open channel, and no room in the outbox',
};

export function refusedFinding({ metrics }: Summary): string {
  const [refused, sent] = [metrics.messages_refused as number, metrics.messages_sent as number];
  return `${formatCount(refused)} of ${plural(sent, 'message')} ${refused === 1 ? 'was' : 'were'} refused by the channel and never sent`;
}

export function refusedTable({ metrics }: Summary): Markup {
  const rows = counted(metrics, 'messages_refused.').map(
    ({ name, count }) =>
      html`<tr><th scope="row">${REASON_WORDS[name] ?? ''} <code>${name}</code></th><td class="number">${formatCount(count)}</td></tr>`,
  );
  return html`<table class="causes"><tbody>${rows}</tbody></table>`;
}
