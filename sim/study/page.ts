/**
 * What the pages of sweeps and tunings share: their look, beyond that of every report, and names of metrics
 * that may take two lines.
 */
import { html, type Markup } from '../report/html.ts';
import { STYLE } from '../report/style.ts';

/**
 * Figures do not shrink with a narrow screen, so that their text stays readable; on paper there is no
 * scrolling. Titles of columns and estimates take two lines where one has no room, so that ten metrics fit a
 * desk.
 */
export const STUDY_STYLE = `${STYLE}
main{max-width:1240px}
.scroll>svg{width:100%;min-width:720px;max-width:940px}figure{margin:0 0 14px;max-width:970px}
@media screen and (max-width:787px){.scroll:has(>svg):before{content:"scroll sideways →";position:sticky;left:0;color:var(--muted);font-size:.75rem}}
.settings{grid-template-columns:1fr}.settings div{justify-content:flex-start}.settings dt{flex:none}.settings dd{text-align:left}
table{font-size:.8rem}th,td{padding:4px 5px}thead th{white-space:normal;vertical-align:bottom}th[scope=row]{white-space:normal;min-width:9em}td.estimate{white-space:normal}
@media print{.scroll>svg{min-width:0;max-width:100%}h2{font-size:1rem}table{font-size:.66rem}th,td{padding:2px 4px}th[scope=row]{min-width:0}thead th{overflow-wrap:anywhere}}
`;

export const NOT_MODELLED =
  'Not modelled: air time shared between boards, fading, other load on the relay’s machine, memory of boards. Intervals cover the chance within the model, not the model itself';

/**
 * On one line where there is the room, else the mean over what it may be wrong by. @param text as
 * `formatEstimate` writes it
 */
export function estimateCell(text: string): Markup {
  return html`<td class="estimate">${text.split(/ (?=±)/).map((part, index) => html`${index > 0 ? ' ' : ''}<span class="one">${part}</span>`)}</td>`;
}

/** A metric's or setting's name that may be broken where its words end. */
export function breakable(name: string): Markup[] {
  return name.split(/(?<=[_.])|(?=\()/).map((part, index) => (index === 0 ? html`${part}` : html`<wbr>${part}`));
}
