/** A field plan in plain words: what was recorded, who plays whom, what was inferred and how, and what was left out. */
import { formatDuration } from 'relay/units';
import { formatIsoDate } from '../kernel/calendar.ts';
import { type Absence, MIN_SILENCE_MS } from './board-trail.ts';
import { boardId, type FieldPlan } from './field-plan.ts';
import { type LinkFigures, MIN_LOSS_PINGS, MIN_PINGS } from './link-figures.ts';

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
  `the link of the fleet, one with fewer than ${MIN_LOSS_PINGS} its loss.`,
  'Sessions that were closed by either side are no outages. All boards are powered up at the beginning; what',
  'their messages were is not known, so they send what their firmware sends.',
].join(' ');

/** Paragraphs and list lines. */
export function describeField(plan: FieldPlan): string[] {
  const { recording, fleet, outages } = plan;
  const { boards, durationMs, epochMs, events, file, isCut, downtimes } = recording;
  const cleanCloses = boards.reduce((sum, board) => sum + board.cleanCloses, 0);
  const cut = isCut ? ' It ends without the relay’s own end: it was cut off, or is still being written.' : '';
  const unknown = `fewer than ${MIN_PINGS} pings were answered, so its link is not known and has the defaults`;
  const link = fleet === null ? unknown : describeLink(fleet);
  const more = boards.length - MAX_BOARDS_TOLD;
  return [
    `${file} was recorded by a relay from ${formatIsoDate(epochMs)} on, for ${seconds(durationMs)}: ${count(boards.length, 'id')}, ${count(events, 'event')}.${cut}`,
    METHOD,
    `Fleet: ${link}; ${count(outages.length, 'outage')} of the network, ${count(downtimes.length, 'stop')} of the relay, ${count(cleanCloses, 'clean close')}.`,
    ...boards.slice(0, MAX_BOARDS_TOLD).map((_, board) => describeBoard(plan, board)),
    ...(more > 0 ? [`  and ${count(more, 'more board')}, in the order in which their ids were first seen.`] : []),
  ];
}

function describeBoard({ recording, links }: FieldPlan, board: number): string {
  const trail = recording.boards[board];
  const link = links[board];
  const available = `${Math.floor(trail.availability(recording.durationMs) * 10_000) / 100}% available`;
  return `  ${boardId(board)} is ${trail.id}: ${available}, ${describeAbsences(trail.absences)}${link === null ? '' : `; ${describeLink(link)}`}`;
}

function describeAbsences(absences: readonly Absence[]): string {
  if (absences.length === 0) return 'never out of reach';
  const told = absences
    .slice(0, MAX_OUTAGES_TOLD)
    .map(({ fromMs, toMs }) => `${seconds(fromMs)} to ${toMs === null ? 'the end' : seconds(toMs)}`);
  const more = absences.length - told.length;
  return `out of reach ${count(absences.length, 'time')} (${told.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

function describeLink({ latencyMs, jitterMs, lossRate, pings }: LinkFigures): string {
  return `delay ${formatDuration(latencyMs)} ± ${formatDuration(jitterMs)}, loss ${Number((lossRate * 100).toFixed(1))}% (${count(pings, 'ping')})`;
}

/** Whole seconds, as nobody reads more of a time in the field. */
function seconds(ms: number): string {
  return formatDuration(Math.round(ms / 1_000) * 1_000);
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
