/**
 * A field plan in plain words: what was recorded, who plays whom, what was inferred and how, and what was
 * left out.
 */
import { plural } from 'host/format';
import { formatDuration } from 'host/units';
import { boardId } from '../kernel/board-id.ts';
import { type Absence, MIN_SILENCE_MS } from './board-trail.ts';
import { aloneWords, describeCapture, describeClient, seconds } from './describe-capture.ts';
import { type FieldPlan, sinceWords } from './field-plan.ts';
import type { Trial } from './fit-field.ts';
import { type LinkFigures, MIN_LOSS_TRIALS, MIN_PINGS } from './link-figures.ts';
import type { FieldRecording } from './read-field.ts';

/** As many boards, and as many outages of one, as a person reads; the rest is counted. */
const MAX_BOARDS_TOLD = 50;
const MAX_OUTAGES_TOLD = 4;

const METHOD = [
  'Inferred so: a board is out of reach from the last thing that the relay heard of it until the next, if a ping went unanswered',
  `meanwhile, its connection broke, or another took its id over, for at least ${formatDuration(MIN_SILENCE_MS)}; packets vanish on`,
  'its link for that time, less what TCP takes to try again. Boards that vanish together share one outage, from the last that was',
  'heard to the first that came back; if all of them did and came back one by one, the access point was down. Delay is half of the',
  'median round trip of the pings, jitter comes from their lower quartile, loss from those 200 ms late and more (a retransmission of',
  `the ping, its pong or what was sent just before), each way and as an upper bound. A board with fewer than ${MIN_PINGS} pings has`,
  `the link of the fleet, one with fewer than ${MIN_LOSS_TRIALS} its loss.`,
  'Sessions that were closed by either side are no outages; a board that hung up and never came back was switched off, and the recording is played up to',
  'the last of them. Boards are powered up when they first came; what their messages were is not known, so they send what their firmware sends.',
  'What a relay cannot hear is tried: the luck of the boards, the very moment at which the network was back, their keepalive and backoff, until a relay that',
  'watches the virtual boards misses them for as long as this one missed the real ones.',
].join(' ');

/**
 * Paragraphs and list lines.
 * @param trial null: nothing could be tried; undefined: nobody asked for it
 */
export function describeField(plan: FieldPlan, trial: Trial | null | undefined): string[] {
  const { recording, fleet, outages } = plan;
  const { boards, downtimes, capture } = recording;
  const cleanCloses = boards.reduce((sum, board) => sum + board.cleanCloses, 0);
  const unknown = `fewer than ${MIN_PINGS} ${capture === null ? 'pings were answered' : 'round trips were seen'}, so its link is not known and has the defaults`;
  const link = fleet === null ? unknown : describeLink(fleet, capture !== null);
  const more = boards.length - MAX_BOARDS_TOLD;
  return [
    ...(capture === null ? [introduceRecording(recording), METHOD] : describeCapture(recording, capture)),
    `Fleet: ${link}; ${plural(outages.length, 'outage')} of the network, ${plural(downtimes.length, 'stop')} of the relay, ${plural(cleanCloses, 'clean close')}.`,
    ...(trial === undefined ? [] : [describeTrial(plan, trial)]),
    ...boards.slice(0, MAX_BOARDS_TOLD).map((_, board) => describeBoard(plan, board)),
    ...(more > 0 ? [`  and ${plural(more, 'more board')}, in the order in which their ids were first seen.`] : []),
  ];
}

function introduceRecording(recording: FieldRecording): string {
  const { boards, durationMs, epochMs, events, file, isCut, relay } = recording;
  const cut = isCut ? ' It ends without the relay’s own end: it was cut off, or is still being written.' : '';
  const settings = relay === undefined ? 'the relay has the default settings' : 'the relay has the settings of its next start';
  const beheaded =
    epochMs === null
      ? ` Its first line is cut off: when that was is not known, ${settings}, and whoever was heard of is taken to have been connected.`
      : '';
  const told = `${plural(boards.length, 'id')}, ${plural(events, 'event')}`;
  return `${file} was recorded by a relay${sinceWords(recording)}, for ${seconds(durationMs)}: ${told}.${beheaded}${cut}${aloneWords(recording)}`;
}

function describeTrial({ recording, fit }: FieldPlan, trial: Trial | null): string {
  if (trial === null) return 'The recording is too long to try settings on it, so the boards have the defaults of keepalive and backoff.';
  const { recordedAvailability, replayedAvailability, boards, offBy } = trial;
  const { board_ping_interval: interval, board_ping_timeout: timeout, backoff } = fit.settings;
  const guessed = [
    ...(interval === undefined ? [] : [interval === '0s' ? 'no keepalive' : `keepalive ${interval}/${timeout}`]),
    ...(backoff === undefined ? [] : [`backoff ${backoff}`]),
  ];
  const settings = guessed.length > 0 ? guessed.join(' and ') : 'the default keepalive and backoff';
  const whom = boards < recording.boards.length ? ` (${boards} of the boards)` : '';
  return (
    `The boards come back as if they had ${settings}: as a relay sees it, they are available for ${percent(replayedAvailability)} of the time in this replay, and were for ` +
    `${percent(recordedAvailability)}; times out of reach are off by ${percent(offBy)} of board-time${whom}. Boards themselves have a channel for a little longer ` +
    'than a relay can know, since the last thing it hears is not the last moment at which it could have.'
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function describeBoard({ recording, links }: FieldPlan, board: number): string {
  const trail = recording.boards[board];
  const link = links[board];
  const available = `${Math.floor(trail.availability(recording.durationMs) * 10_000) / 100}% available`;
  const { capture } = recording;
  const words = [
    `  ${boardId(board)} is ${trail.id}: ${available}, ${describeAbsences(trail.absences)}`,
    ...(link === null ? [] : [describeLink(link, capture !== null)]),
    ...(capture === null ? [] : describeClient(capture.clients[board])),
  ];
  return words.join('; ');
}

function describeAbsences(absences: readonly Absence[]): string {
  if (absences.length === 0) return 'never out of reach';
  const told = absences
    .slice(0, MAX_OUTAGES_TOLD)
    .map(({ fromMs, toMs }) => `${seconds(fromMs)} to ${toMs === null ? 'the end' : seconds(toMs)}`);
  const more = absences.length - told.length;
  return `out of reach ${plural(absences.length, 'time')} (${told.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

function describeLink({ latencyMs, jitterMs, lossRate, roundTrips, trials }: LinkFigures, isCaptured: boolean): string {
  const from = isCaptured ? `${plural(roundTrips, 'round trip')}, ${plural(trials, 'packet')}` : plural(roundTrips, 'ping');
  return `delay ${formatDuration(latencyMs)} ± ${formatDuration(jitterMs)}, loss ${Number((lossRate * 100).toFixed(1))}% (${from})`;
}
