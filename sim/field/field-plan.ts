/**
 * What a relay's recording tells, put together: the link of the fleet and of boards that differ from it,
 * outages, and the document of a scenario that plays them.
 */
import { formatDuration, parseDuration, SECOND_MS } from 'host/units';
import { boardId } from '../kernel/board-id.ts';
import { formatIsoDate } from '../kernel/calendar.ts';
import type { BoardTrail } from './board-trail.ts';
import { type LinkFigures, linkFigures, MIN_LOSS_TRIALS } from './link-figures.ts';
import { type Outage, outagesOf } from './outages.ts';
import { LossTally } from './packets/loss-tally.ts';
import { type FieldRecording, POWER_UP_MS } from './read-field.ts';

/**
 * What a recording does not say, and fit-field.ts finds: settings and luck under which virtual boards come
 * back as the recorded ones did.
 */
export interface FieldFit {
  seed: number;
  /** How much later than outages.ts says the network was back, by outage, ms. */
  healShiftsMs: readonly number[];
  /** Of a scenario's `boards`; what is left out has its default. */
  settings: { board_ping_interval?: string; board_ping_timeout?: string; backoff?: string };
}

export const DEFAULT_FIT: FieldFit = { seed: 1, healShiftsMs: [], settings: {} };

export interface FieldPlan {
  recording: FieldRecording;
  /** Over all pings; null when there were too few. */
  fleet: LinkFigures | null;
  /** By board; null when it had too few pings, so that the fleet's hold for it. */
  links: (LinkFigures | null)[];
  outages: Outage[];
  fit: FieldFit;
  /** As a scenario file would hold it; not checked. */
  document: Record<string, unknown>;
}

/** A board's link is its own when its delay is this much off the fleet's, as a share of that, */
const OWN_LATENCY_SHARE = 0.2;
/** but at least by this, ms, */
const OWN_LATENCY_MS = 1;
/** or its loss by this. */
const OWN_LOSS = 0.02;
/** Boards that came up to then were powered up together, ms: twice the default boot spread. */
const START_MS = 20_000 + POWER_UP_MS;
/**
 * A board that left later than this before the end, ms, is played to the end: a run's boards do not stop in
 * the same millisecond.
 */
const MIN_LEFT_MS = 5_000;
const MAX_NAME_CHARACTERS = 64;

export function planField(recording: FieldRecording, fit = DEFAULT_FIT): FieldPlan {
  const { boards } = recording;
  const { seed, healShiftsMs, settings } = fit;
  const packetsPerS = trafficOf(recording);
  const fleet = linkFigures(
    boards.flatMap(({ rttsMs }) => rttsMs),
    packetsPerS,
    lossesOf(boards),
  );
  const links = boards.map(({ rttsMs, losses }) => ownLink(linkFigures(rttsMs, packetsPerS, losses), fleet));
  const outages = outagesOf(
    boards.map(({ absences }) => absences),
    pingIntervalOf(recording.relay),
  ).map((outage, index) => healedLater(outage, healShiftsMs[index] ?? 0));
  const document = {
    version: 1,
    name: nameOf(recording.file),
    about: `What ${recording.capture === null ? 'a relay recorded' : 'a capture shows'}${sinceWords(recording)}, inferred from silences and round trips.`,
    seed,
    duration: formatDuration(recording.durationMs),
    // The document is its reader's to change.
    ...(recording.relay !== undefined && { relay: structuredClone(recording.relay) }),
    boards: { count: boards.length, boot_spread: formatDuration(firstSpreadMs(recording)), ...recording.boardSettings, ...settings },
    ...(fleet && { link: linkOf(fleet) }),
    // What the air did to them is part of what was measured.
    air: 'private',
    steps: [
      ...linkSteps(fleet, links),
      ...powerSteps(recording),
      ...recording.downtimes.map(downtimeStep),
      ...outages.map((outage) => outageStep(outage, recording)),
    ],
  };
  return { recording, fleet, links, outages, fit, document };
}

/** From when on, as far as its first line is there to tell. */
export function sinceWords({ epochMs }: FieldRecording): string {
  return epochMs === null ? '' : ` from ${formatIsoDate(epochMs)} on`;
}

/** Of all boards; null: packets were not captured. */
function lossesOf(boards: readonly BoardTrail[]): LossTally | null {
  const captured = boards.flatMap(({ losses }) => (losses === null ? [] : [losses]));
  if (captured.length === 0) return null;
  const sum = new LossTally();
  for (const losses of captured) sum.add(losses);
  return sum;
}

/** In broadcast mode every message goes to everybody; in echo mode only its board's own do. */
function trafficOf({ relay, messages, boards, durationMs }: FieldRecording): number {
  const { mode } = (relay ?? {}) as { mode?: unknown };
  return messages / (durationMs / SECOND_MS) / (mode === 'echo' ? boards.length : 1);
}

/** The loss of a board is its own only after many pings. */
function ownLink(own: LinkFigures | null, fleet: LinkFigures | null): LinkFigures | null {
  return own === null || fleet === null || own.trials >= MIN_LOSS_TRIALS ? own : { ...own, lossRate: fleet.lossRate };
}

function linkOf({ latencyMs, jitterMs, lossRate }: LinkFigures): Record<string, unknown> {
  return { latency: formatDuration(latencyMs), jitter: formatDuration(jitterMs), loss: lossRate };
}

/** Only how outages are told apart hangs on it; whether it is legal is for the schema to say. */
function pingIntervalOf(relay: unknown): number {
  const { ping_interval: interval } = (relay ?? {}) as { ping_interval?: unknown };
  return (typeof interval === 'string' && parseDuration(interval)) || 0;
}

/** Over how long the boards came that came with the first. */
function firstSpreadMs({ boards }: FieldRecording): number {
  const opens = boards.flatMap(({ firstOpenMs }) => (firstOpenMs === null || firstOpenMs > START_MS ? [] : [firstOpenMs]));
  return Math.max(0, Math.round(Math.max(...opens) - Math.min(...opens)));
}

/**
 * Boards that came later, or left before the end, are without power until or from then on; those of a second
 * share a step.
 */
function powerSteps({ boards, durationMs }: FieldRecording): object[] {
  const steps = new Map<string, { at: string; action: string; boards: string[]; for: string }>();
  const unplug = (board: number, fromMs: number, toMs: number): void => {
    const key = `${fromMs} ${toMs}`;
    const step = steps.get(key) ?? { at: timeOf(fromMs), action: 'board.power_cycle', boards: [], for: lastingOf(fromMs, toMs) };
    step.boards.push(boardId(board));
    steps.set(key, step);
  };
  boards.forEach(({ firstOpenMs, leftMs }, board) => {
    if (firstOpenMs !== null && firstOpenMs > START_MS) unplug(board, 0, toSecond(firstOpenMs - POWER_UP_MS));
    if (leftMs !== null && leftMs < durationMs - MIN_LEFT_MS) unplug(board, toSecond(leftMs), Math.ceil(durationMs));
  });
  return [...steps.values()];
}

function toSecond(ms: number): number {
  return Math.round(ms / SECOND_MS) * SECOND_MS;
}

/** Boards with the same figures share a step. */
function linkSteps(fleet: LinkFigures | null, links: readonly (LinkFigures | null)[]): object[] {
  const steps = new Map<string, { at: string; action: string; boards: string[] }>();
  links.forEach((own, board) => {
    if (fleet === null || own === null || !differs(own, fleet)) return;
    const link = linkOf(own);
    const key = JSON.stringify(link);
    const step = steps.get(key) ?? { at: '0s', action: 'link.set', boards: [], ...link };
    step.boards.push(boardId(board));
    steps.set(key, step);
  });
  return [...steps.values()];
}

function differs(own: LinkFigures, fleet: LinkFigures): boolean {
  const apartMs = Math.abs(own.latencyMs - fleet.latencyMs);
  return (
    (apartMs >= OWN_LATENCY_MS && apartMs >= OWN_LATENCY_SHARE * fleet.latencyMs) || Math.abs(own.lossRate - fleet.lossRate) >= OWN_LOSS
  );
}

/** Not before it began, nor after the first board was back. */
function healedLater(outage: Outage, shiftMs: number): Outage {
  const { fromMs, toMs, firstBackMs } = outage;
  return toMs === null || firstBackMs === null ? outage : { ...outage, toMs: Math.min(firstBackMs, Math.max(fromMs, toMs + shiftMs)) };
}

function downtimeStep({ fromMs, toMs }: { fromMs: number; toMs: number }): object {
  return { at: timeOf(fromMs), action: 'relay.stop', for: lastingOf(fromMs, toMs) };
}

/** One that outlasts the recording ends with it. */
function outageStep({ fromMs, toMs, boards, isAccessPoint }: Outage, recording: FieldRecording): object {
  const time = { at: timeOf(fromMs), ...(toMs !== null && { for: lastingOf(fromMs, toMs) }) };
  if (isAccessPoint) return { ...time, action: 'ap.down' };
  return { ...time, action: 'link.blackhole', boards: boards.length === recording.boards.length ? 'all' : boards.map(boardId) };
}

/** Whole milliseconds are finer than anything that is inferred here. */
function timeOf(ms: number): string {
  return formatDuration(Math.floor(ms));
}

function lastingOf(fromMs: number, toMs: number): string {
  return formatDuration(Math.max(1, Math.round(toMs) - Math.floor(fromMs)));
}

/** Of the file's name what a scenario's may have. */
function nameOf(file: string): string {
  const [name] = (file.split(/[\\/]/).at(-1) ?? '').split(/\.(?:jsonl|(?:pcapng|pcap|cap)(?:\.gz)?)$/);
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, '')
      .slice(0, MAX_NAME_CHARACTERS) || 'field'
  );
}
