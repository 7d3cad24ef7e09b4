/**
 * How the states of a channel look: one colour and one pattern each, so that a print without colour can still
 * be read.
 */
import type { TimelineState } from '../../measure/result.ts';
import { html, type Markup, trusted } from '../html.ts';

/** TCP connect and handshake are too short to be told apart in a picture. */
export type ShownState = 'open' | 'dead' | 'connecting' | 'wifi' | 'waiting' | 'off';

export const SHOWN: Record<TimelineState, ShownState> = {
  open: 'open',
  dead: 'dead',
  tcp: 'connecting',
  handshake: 'connecting',
  wifi: 'wifi',
  waiting: 'waiting',
  off: 'off',
};

export const LEGEND: [state: ShownState, meaning: string][] = [
  ['open', 'open: carries data'],
  ['dead', 'dead: open for the board, but nothing gets through'],
  ['waiting', 'waiting before the next attempt'],
  ['connecting', 'connecting: TCP and handshake'],
  ['wifi', 'joining Wi-Fi'],
  ['off', 'without power, or ended by an error'],
];

/** The drawing on top of each colour. `open` has none: most of the picture is open. */
const DRAWINGS: Record<ShownState, string> = {
  open: '',
  dead: '<path d="M0 0L6 6M6 0L0 6" stroke-width="1.2"/>',
  waiting: '<circle cx="1.5" cy="1.5" r="0.9" class="ink"/><circle cx="4.5" cy="4.5" r="0.9" class="ink"/>',
  connecting: '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke-width="1.2"/>',
  wifi: '<path d="M0 1.5H6M0 4.5H6" stroke-width="1"/>',
  off: '',
};

/**
 * How a shape of this state is filled. A pattern costs a print a hundred times what a plain colour does, so a
 * state without a drawing has none.
 */
export function fillOf(state: ShownState): Markup {
  return trusted(DRAWINGS[state] === '' ? `class="state-${state}"` : `fill="url(#fill-${state})"`);
}

/** Once per page; `fillOf` refers to them. */
export function patternDefinitions(): Markup {
  const patterns = LEGEND.filter(([state]) => DRAWINGS[state] !== '').map(
    ([state]) =>
      `<pattern id="fill-${state}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" class="state-${state}"/><g class="pen">${DRAWINGS[state]}</g></pattern>`,
  );
  return trusted(`<svg width="0" height="0" class="definitions" aria-hidden="true"><defs>${patterns.join('')}</defs></svg>`);
}

export function legend(): Markup {
  const items = LEGEND.map(
    ([state, meaning]) =>
      html`<li><svg width="22" height="12" aria-hidden="true"><g class="outline"><rect x="0.5" y="0.5" width="21" height="11" ${fillOf(state)}/></g></svg> ${meaning}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}
