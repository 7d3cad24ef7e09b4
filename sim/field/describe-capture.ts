/**
 * What a capture of packets is, how it was read and what it does not show; and what each of its clients said.
 */
import { formatBytes, formatCount, formatMs, plural } from 'host/format';
import { formatDuration } from 'host/units';
import { MIN_SILENCE_MS } from './board-trail.ts';
import { sinceWords } from './field-plan.ts';
import { MIN_LOSS_TRIALS, MIN_PINGS } from './link-figures.ts';
import type { End } from './packets/client.ts';
import type { CaptureFacts, ClientFigures, FieldRecording, TrafficFigures } from './read-field.ts';

/** Sooner than this, ms, it is the end of both. */
const MIN_ALONE_MS = 1_000;
/** As many as a person reads. */
const MAX_SERVERS_TOLD = 5;
const SIDE_WORDS = { client: 'itself', server: 'the server' } as const;

const METHOD = [
  'Inferred so: where the capture was made shows in who answers at once, and what passes there is taken to be whole. A board is out of reach from',
  'the last packet that came of it until the next, if something that was sent to it went unacknowledged meanwhile, if a WebSocket ping was acknowledged by nobody but a kernel,',
  `or if its connection broke or was replaced, for at least ${formatDuration(MIN_SILENCE_MS)}. Boards that vanish together share one outage, from the last that was heard to just before the first that`,
  'came back, and not before the last packet that was seen to be in vain. Delay is half of the median round trip of handshakes and WebSocket pings, or of data and its acknowledgement where those are too few and it was not',
  'delayed; jitter comes from the lower quartile. Loss, the same each way, is the one with which as many packets were to be expected twice as were seen, data lost and acknowledgements lost, outages',
  `left out. A board with fewer than ${MIN_PINGS} round trips has the link of the fleet, one with fewer than ${MIN_LOSS_TRIALS} packets its loss.`,
  'Sizes and periods are those in the middle; virtual boards send what their firmware sends.',
].join(' ');

export function describeCapture(recording: FieldRecording, capture: CaptureFacts): string[] {
  const { file, durationMs, boards } = recording;
  const { packets, servers, near, isBetween, blindSpots } = capture;
  const at = isBetween
    ? `nearer to ${near === 'server' ? 'the server' : 'the clients'}`
    : `at ${near === 'server' ? 'the server' : 'the clients'}`;
  const more = servers.length - MAX_SERVERS_TOLD;
  const whom = `${servers.slice(0, MAX_SERVERS_TOLD).join(', ')}${more > 0 ? ` and ${plural(more, 'more server')}` : ''}`;
  return [
    `${file} is a capture of packets${sinceWords(recording)}, for ${seconds(durationMs)}: ${plural(packets, 'packet')}, ` +
      `${plural(boards.length, 'client')} of ${whom}, seen ${at}.${aloneWords(recording)}`,
    ...(blindSpots.length === 0 ? [] : [`What it does not show: ${blindSpots.join(' ')}`]),
    METHOD,
  ];
}

export function aloneWords({ aloneMs }: FieldRecording): string {
  return aloneMs >= MIN_ALONE_MS ? ` After the last board had left it went on for ${seconds(aloneMs)}, which is not played.` : '';
}

/** Clauses. */
export function describeClient({ address, sessions, end, isTls, sends, gets }: ClientFigures): string[] {
  return [
    `${isTls ? 'TLS, ' : ''}${plural(sessions, 'session')} from ${address}, ${end === null ? 'the last one open to the end' : endWords(end)}`,
    ...trafficWords('sends', sends),
    ...trafficWords('gets', gets),
  ];
}

function endWords({ by, how, code }: End): string {
  const closed = `the last one closed by ${SIDE_WORDS[by]}`;
  switch (how) {
    case 'close frame':
      return code === null ? closed : `${closed} with ${code}`;
    case 'gave up':
      return `the last one given up by ${SIDE_WORDS[by]}`;
    case 'RST':
      return `the last one reset by ${SIDE_WORDS[by]}`;
    case 'FIN':
      return `${closed} without a close frame`;
  }
}

function trafficWords(verb: string, { messages, bytes, periodMs, pingPeriodMs }: TrafficFigures): string[] {
  const size = bytes === null ? '' : ` of ${formatBytes(bytes)}`;
  const period = periodMs === null ? '' : `, one every ${formatMs(periodMs)}`;
  return [
    ...(messages === 0 ? [] : [`${verb} ${formatCount(messages)} messages${size}${period}`]),
    ...(pingPeriodMs === null ? [] : [`${verb} a ping every ${formatMs(pingPeriodMs)}`]),
  ];
}

/** Whole seconds, as nobody reads more of a time in the field. */
export function seconds(ms: number): string {
  return formatDuration(Math.round(ms / 1_000) * 1_000);
}
