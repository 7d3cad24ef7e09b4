/**
 * `report.html`: one file that shows what a run found, to whoever opens it, without a network.
 *
 * It reads a RunResult and nothing else. Everything that comes from outside the kit (names, paths, messages)
 * passes through the escaping of html.ts.
 */
import { formatMs, plural } from 'host/format';
import type { CutReason, RelayDownReason } from '../kernel/events.ts';
import type { BoardResult, Outage, RunResult, Summary } from '../measure/result.ts';
import { airCharts, airFinding } from './charts/air.ts';
import { boardRows } from './charts/board-rows.ts';
import { causeRows } from './charts/cause-rows.ts';
import { distributions } from './charts/distributions.ts';
import { energyCharts, energyFinding } from './charts/energy.ts';
import { fleetArea } from './charts/fleet-area.ts';
import { availabilityChart, connectsChart } from './charts/over-time.ts';
import { legend, patternDefinitions } from './charts/states.ts';
import { errorsFinding, errorTable } from './error-table.ts';
import {
  availabilityFinding,
  boardsFinding,
  causesFinding,
  channelsFinding,
  connectsFinding,
  groupsFinding,
  judgementsFinding,
  stallsFinding,
  timesFinding,
} from './findings.ts';
import { headline, story } from './headline.ts';
import { html, type Markup, trusted } from './html.ts';
import { type Loss, lossesOf } from './losses.ts';
import { refusedFinding, refusedTable } from './refusals.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { boardTable, causes, groupTable, judgements, keyFigures, metricTable, stallTable, stallWords } from './tables.ts';
import { missed, verdictOf } from './verdict.ts';

/** Rows that fit a page and can still be told apart; a larger fleet is drawn as a whole. */
const MAX_ROWS = 100;
const WORST_ROWS = 50;
/** The world's words for what it broke, where they are too short to be understood. */
const OUTAGE_WORDS: Record<CutReason | `relay ${RelayDownReason}`, string> = {
  ap: 'access point without power',
  channel: 'access point on another channel',
  blackhole: 'link black hole',
  blackhole_up: 'link black hole on the way up',
  blackhole_down: 'link black hole on the way down',
  portal: 'captive portal',
  'relay stop': 'relay stopped',
  'relay hang': 'relay hung',
  'relay pause': 'relay pausing',
};
/** Outages that are listed in words. */
const MAX_OUTAGES_TOLD = 12;

export function renderReport(result: RunResult): string {
  return page(result).text;
}

function page(result: RunResult): Markup {
  const { summary } = result;
  const { kind, words } = verdictOf(result);
  const losses = lossesOf(result.boards);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${summary.scenario}, seed ${summary.seed} · Squall</title><style>${trusted(STYLE)}</style></head>
<body><main>
${patternDefinitions()}
<header><p class="kicker">Squall · scenario ${summary.scenario} · seed ${summary.seed} · ${plural(summary.boards, 'board')} (${summary.device}) · ${formatMs(summary.virtual_ms)} of ${summary.mode === 'live' ? 'real' : 'virtual'} time</p>
<p class="verdict ${kind}">${kind === 'good' ? '✓' : '✗'} ${withoutHeadline(words, summary)}</p><h1>${headline(summary)}</h1>${result.about === '' ? '' : html`<p class="question">${result.about}</p>`}<p class="story">${story(summary)}</p>${(summary.warnings ?? []).map((warning) => html`<p class="warning">Warning: ${warning}.</p>`)}${failedThresholds(summary)}</header>
${keyFigures(summary)}
${summary.errors.length > 0 ? section('Uncaught errors of the firmware', errorsFinding(summary), errorTable(summary)) : ''}
${section("What each board's channel was doing, the worst board first", channelsFinding(result, losses), timeline(result))}
${section('Availability over time', availabilityFinding(result), html`<div class="scroll">${availabilityChart(result)}</div>${outageList(result.outages)}`)}
${section('Connects per second', connectsFinding(result), html`<div class="scroll">${connectsChart(result)}</div>`)}
${result.air === undefined ? '' : section('The air over time, by access point', airFinding(result), airCharts(result))}
${result.energy === undefined ? '' : section('What a board draws, and for what', energyFinding(result), energyCharts(result))}
${section('How long things took', timesFinding(result), distributions(result))}
${refused(summary)}
${section('What ended connections: the view of relay or board, whoever stated a cause first', causesFinding(result), html`${causes(summary)}${whenLost(losses, result)}`)}
${section('What made main loops wait', stallsFinding(result.stalls, stallWords), stallTable(result.stalls))}
${section('Checks and thresholds', judgementsFinding(summary), judgements(summary))}
${summary.groups === undefined ? '' : section('Groups of boards', groupsFinding(summary), groupTable(summary))}
${section('Boards', boardsFinding(result), boardTable(result.boards, losses))}
<section><h2>Settings</h2>${settingsList(result.settings)}</section>
<section><h2>All metrics</h2><details><summary>Every metric, with its exact meaning</summary>${metricTable(summary)}</details></section>
<section><h2>Run it again</h2><pre>${summary.replay}</pre>${result.why === undefined ? '' : html`<p class="note">What decided it: when it became likely, the events around that, and the setting that undoes it</p><pre>${result.why}</pre>`}<p class="note">Same settings and seed give the same trace: <code>${summary.trace_hash}</code></p></section>
<section><h2>What is not modelled</h2><p class="note">${NOT_MODELLED}</p></section>
</main><script>${trusted(SCRIPT)}</script></body></html>
`;
}

/** Which follows, and larger. */
function withoutHeadline(words: string, summary: Summary): string {
  return words.replace(headline(summary), '').trim();
}

/** All of those that were missed, by name: the verdict tells the first. */
function failedThresholds({ thresholds }: Summary): Markup | string {
  const failed = thresholds.filter(({ ok }) => !ok);
  return failed.length < 2
    ? ''
    : html`<ul class="judgements">${failed.map((one) => html`<li class="bad"><b>✗ missed</b> ${missed(one)}</li>`)}</ul>`;
}

/** What somebody chose first; the rest is there for whoever wants to know. */
function settingsList(settings: RunResult['settings']): Markup {
  const list = (some: RunResult['settings']) =>
    html`<dl class="settings">${some.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
  const [chosen, usual] = [false, true].map((wanted) => settings.filter(([, , isDefault]) => isDefault === wanted));
  return html`${chosen.length > 0 ? list(chosen) : html`<p class="empty">all as by default</p>`}${usual.length > 0 ? html`<details><summary>${plural(usual.length, 'setting')} as by default</summary>${list(usual)}</details>` : ''}`;
}

function section(about: string, finding: string, body: Markup): Markup {
  return html`<section><p class="about">${about}</p><h2>${finding}</h2>${body}</section>`;
}

/** Only of a run in which it happened. */
function refused(summary: Summary): Markup | string {
  if (summary.metrics.messages_refused === 0) return '';
  return section('Messages that the channel refused', refusedFinding(summary), refusedTable(summary));
}

/** Beside the counts by cause, which also have connections that never were a channel. */
function whenLost(losses: readonly Loss[], { outages, summary }: RunResult): Markup | string {
  if (losses.length === 0) return '';
  return html`<h3>The boards’ view: when they lost their channel, and to what</h3><div class="scroll">${causeRows(losses, summary.virtual_ms, outages)}</div>`;
}

const NOT_MODELLED =
  'Packets, TCP, the relay and the firmware are real code or packet-level models; the rest is simplified. Radio is loss, delay, rate, signal level and power save per board, and the air that boards on one channel share unless each has its own: no fading, no distance between access points, no rate control. The relay runs on a machine without other load, whose CPU time is free. Boards have a CPU that costs time by a device profile, but no memory limit, no watchdog and no clock drift. Energy is that of the chip by mean currents of its states, not of what hangs on it, nor the voltage of a battery. TCP leaves out window scaling and path MTU discovery. TLS, if the run has it, is a model of TLS 1.2 with RSA: real certificates and verdicts, real sizes, nothing encrypted, the CPU time of boards from a profile, no memory. A run tells how settings compare and what breaks; it does not promise the figures of one radio in one room.';

function timeline({ boards, outages, summary }: RunResult): Markup {
  const durationMs = summary.virtual_ms;
  const coarse = boards.some((board) => board.timelineMerged)
    ? html`<p class="note">Boards that changed state very often are shown coarser than they were.</p>`
    : '';
  if (boards.length <= MAX_ROWS)
    return html`${legend()}<div class="scroll">${boardRows(worst(boards, MAX_ROWS), durationMs, outages)}</div>${coarse}`;
  return html`${legend()}<div class="scroll">${fleetArea(boards, durationMs, outages)}</div>
<h3>The ${WORST_ROWS} boards with the least availability</h3><div class="scroll">${boardRows(worst(boards, WORST_ROWS), durationMs, outages)}</div>${coarse}`;
}

function worst(boards: BoardResult[], most: number): BoardResult[] {
  return [...boards].sort((a, b) => a.availability - b.availability || b.disconnects - a.disconnects).slice(0, most);
}

function outageList(outages: Outage[]): Markup | string {
  if (outages.length === 0) return '';
  const items = outages
    .slice(0, MAX_OUTAGES_TOLD)
    .map(
      ({ fromMs, toMs, label, boards }) =>
        html`<li>${(OUTAGE_WORDS as Record<string, string>)[label] ?? label}: ${plural(boards, 'board')}, from ${formatMs(fromMs)} to ${formatMs(toMs)}</li>`,
    );
  const rest = outages.length - items.length;
  return html`<p class="note">Shaded: what was broken on purpose.</p><ul class="outages">${items}${rest > 0 ? html`<li>and ${rest} more</li>` : ''}</ul>`;
}
