/**
 * From what a capture tells of each client to what a relay's recording would: the boards, as they were seen
 * from the end at which the capture was made, their links, and when nobody served.
 */
import { formatCount, plural } from 'host/format';
import { formatDuration, SECOND_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { requestedId } from 'relay/admission/ids';
import type { CaptureEnd } from '../../capture/format/capture-reader.ts';
import { MIN_PINGS } from '../link-figures.ts';
import {
  type ClientFigures,
  type FieldRecording,
  lastLeftMs,
  POWER_UP_MS,
  type RelayDowntime,
  type TrafficFigures,
} from '../read-field.ts';
import { blindSpots } from './blind-spots.ts';
import type { Client } from './client.ts';
import type { PacketFacts } from './packet-reader.ts';
import { Samples } from './samples.ts';
import type { Side } from './side.ts';
import type { Traffic } from './traffic.ts';

/** Of a whole fleet. */
const MAX_FLEET_SAMPLES = 65_536;
/** Quicker than this, ms, an end answers from where the capture is made, */
const AT_ONCE_MS = 2;
/** or by this share of the whole round trip. */
const NEAR_SHARE = 0.2;
/** An acknowledgement that is this much later than the quickest, ms, was delayed (Linux: TCP_DELACK_MIN). */
const DELAYED_MS = 40;
const LOWEST = 0.1;
/** A relay that echoes says as much as it hears: at most so many times. */
const ECHO_TIMES = 1.5;
const MIN_BROADCAST_CLIENTS = 3;
/** Times that an end gave up, of which the longest is the timeout. */
const MIN_TIMEOUTS = 5;
/** To what a person sets, ms. */
const GRAIN_MS = 100;

interface Place {
  near: Side;
  /** Neither end answers at once. */
  isBetween: boolean;
  /** Of the round trip, what passes between the capture and the near end, ms. */
  nearMs: number;
  /** Of the far end's answers, ms: slower ones were put off. null: there are enough that are not. */
  promptMs: number | null;
}

/**
 * @param packed why the file could not be unpacked to its end; null: it was
 * @throws UsageError when there is nothing to play, which says what there is instead
 */
export function recordingOf(file: string, facts: PacketFacts, packed: string | null = null): FieldRecording {
  const { time, end } = facts;
  if (end.packets === 0) throw new UsageError(`${file}: ${emptyWords(end, packed)}`);
  const clients = facts.clients.filter(({ sessions }) => sessions > 0);
  if (clients.length === 0) throw new UsageError(`${file}: ${nothingWords(facts)}`);
  const place = placeOf(clients);
  const boards = clients.map(({ views }) => views[place.near].trail);
  const firstMs = Math.min(...boards.map(({ firstOpenMs }) => firstOpenMs ?? POWER_UP_MS));
  const shiftMs = facts.isBeheaded ? 0 : POWER_UP_MS - firstMs;
  clients.forEach((client, index) => {
    const [trail, { losses, prompt, acks }] = [boards[index], client.views[place.near].evidence];
    trail.id = nameOf(client, clients);
    trail.finish(time.nowMs);
    trail.shift(shiftMs);
    trail.losses = losses;
    trail.rttsMs.push(...roundTrips(place, prompt, acks));
  });
  const endMs = time.nowMs + shiftMs;
  const leftMs = lastLeftMs(boards) ?? endMs;
  return {
    file,
    relay: relayOf(clients),
    boardSettings: keepaliveOf(clients),
    epochMs: (time.epochMs ?? 0) - shiftMs,
    durationMs: Math.max(1, Math.ceil(leftMs / SECOND_MS)) * SECOND_MS,
    aloneMs: endMs - leftMs,
    boards,
    downtimes: downtimesOf(facts, shiftMs, leftMs),
    events: facts.segments,
    messages: clients.reduce((sum, { traffic }) => sum + traffic.client.messages, 0),
    isCut: end.isCut || end.damage !== null || packed !== null,
    capture: {
      near: place.near,
      isBetween: place.isBetween,
      servers: facts.servers.map(({ name }) => name),
      packets: end.packets,
      clients: clients.map(figuresOf),
      blindSpots: blindSpots(facts, packed),
    },
  };
}

function downtimesOf({ servers }: PacketFacts, shiftMs: number, endMs: number): RelayDowntime[] {
  return servers
    .flatMap(({ downtimes }) => downtimes)
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(0, fromMs + shiftMs), toMs: toMs + shiftMs }))
    .filter(({ fromMs }) => fromMs < endMs);
}

/** The near end is the one that answers at once. */
function placeOf(clients: readonly Client[]): Place {
  const evidenceOf = (near: Side) => clients.map(({ views }) => views[near].evidence);
  const quickest = (near: Side) => all(evidenceOf(near).flatMap(({ prompt, acks }) => [prompt, acks])).quantile(LOWEST);
  const [ofClients, ofServer] = [quickest('server'), quickest('client')];
  // Where both are at once, as on one machine, it is the server that asks.
  const near = (ofServer ?? 0) > (ofClients ?? 0) + AT_ONCE_MS ? 'client' : 'server';
  const nearMs = (near === 'server' ? ofServer : ofClients) ?? 0;
  const farMs = (near === 'server' ? ofClients : ofServer) ?? 0;
  const prompt = evidenceOf(near).reduce((sum, evidence) => sum + evidence.prompt.count, 0);
  return {
    near,
    isBetween: nearMs > AT_ONCE_MS && nearMs > NEAR_SHARE * (nearMs + farMs),
    nearMs,
    promptMs: prompt >= MIN_PINGS ? null : farMs + DELAYED_MS,
  };
}

function all(parts: readonly Samples[]): Samples {
  const sum = new Samples(MAX_FLEET_SAMPLES);
  for (const part of parts) sum.addAll(part);
  return sum;
}

function roundTrips({ nearMs, promptMs }: Place, prompt: Samples, acks: Samples): number[] {
  const farMs = promptMs === null ? prompt.kept : [...prompt.kept, ...acks.kept.filter((ms) => ms <= promptMs)];
  return farMs.map((ms) => nearMs + ms);
}

/** What of a scenario's `relay` shows in its packets; undefined: nothing. */
function relayOf(clients: readonly Client[]): Record<string, string> | undefined {
  const own = clients.map(({ traffic }) => traffic.server);
  const intervalMs = all(own.map(({ pingGapsMs }) => pingGapsMs)).quantile(0.5);
  const timeoutMs = longest(own.map(({ patienceMs }) => patienceMs));
  const settings = {
    ...(intervalMs !== null && { ping_interval: roughly(intervalMs) }),
    ...(timeoutMs !== null && { ping_timeout: roughly(timeoutMs) }),
    ...modeOf(clients),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}

/** Of two boards nobody can tell. */
function modeOf(clients: readonly Client[]): { mode: string } | Record<string, never> {
  const [up, down] = (['client', 'server'] as const).map((side) => clients.reduce((sum, { traffic }) => sum + traffic[side].messages, 0));
  if (clients.length < MIN_BROADCAST_CLIENTS || up === 0) return {};
  return { mode: down <= ECHO_TIMES * up ? 'echo' : 'broadcast' };
}

/** Of a scenario's `boards`. A board pings when it has heard nothing for the interval, so pings may be rarer. */
function keepaliveOf(clients: readonly Client[]): Record<string, string> {
  const timeoutMs = longest(clients.map(({ traffic }) => traffic.client.patienceMs));
  return timeoutMs === null ? {} : { board_ping_timeout: roughly(timeoutMs) };
}

/**
 * A ping may have waited before it left, so that some times are too short; null: there are too few to say.
 */
function longest(patience: readonly Samples[]): number | null {
  const sum = all(patience);
  return sum.count < MIN_TIMEOUTS ? null : sum.quantile(1);
}

function roughly(ms: number): string {
  return formatDuration(Math.max(GRAIN_MS, Math.round(ms / GRAIN_MS) * GRAIN_MS));
}

function figuresOf(client: Client): ClientFigures {
  const { address, sessions, lastEnd, current, isTls } = client;
  const end = current?.isOpen === true ? null : lastEnd;
  return { address, sessions, end, isTls, sends: ratesOf(client.traffic.client), gets: ratesOf(client.traffic.server) };
}

function ratesOf({ messages, sizes, gapsMs, pingGapsMs }: Traffic): TrafficFigures {
  return {
    messages,
    bytes: sizes.quantile(0.5),
    periodMs: gapsMs.quantile(0.5),
    pingPeriodMs: pingGapsMs.quantile(0.5),
  };
}

/** The last part of the path, if it is nobody else's; else the address, and what makes it the only one. */
function nameOf(client: Client, clients: readonly Client[]): string {
  const id = idOf(client);
  const isOnly = (name: (one: Client) => string | null) => clients.filter((one) => name(one) === name(client)).length === 1;
  if (id !== null && isOnly(idOf)) return id;
  if (isOnly(({ address }) => address)) return client.address;
  const others = clients.filter(({ address }) => address === client.address);
  return `${client.address} (${others.indexOf(client) + 1})`;
}

function idOf({ path }: Client): string | null {
  const asked = requestedId(`/${path?.split('/').at(-1) ?? ''}`);
  return 'id' in asked && asked.id !== '' ? asked.id : null;
}

function emptyWords({ damage, isCut, bytes }: CaptureEnd, packed: string | null): string {
  if (packed !== null) return `${packed}, before the first packet`;
  if (damage !== null) return `byte ${bytes}: expected ${damage}`;
  return isCut ? `byte ${bytes}: expected a packet, the file ends within it` : `byte ${bytes}: expected a packet, the file ends`;
}

/** Why there is nobody to play. */
function nothingWords({ tlsPorts, segments, end }: PacketFacts): string {
  const tls = [...tlsPorts].sort((a, b) => b[1] - a[1])[0];
  const hint =
    tls === undefined ? '' : `; ${plural(tls[1], 'connection')} to port ${tls[0]} used TLS: if they are the ones, --port ${tls[0]}`;
  const cut = end.damage === null ? '' : `; at byte ${end.bytes} expected ${end.damage}`;
  return `expected a TCP connection that carries WebSocket, got ${plural(end.packets, 'packet')}, ${formatCount(segments)} of TCP${hint}${cut}`;
}
