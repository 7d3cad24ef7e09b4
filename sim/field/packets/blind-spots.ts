/** What a capture does not show, in sentences: each says how much, and what follows from it. */
import { formatCount, plural } from 'host/format';
import type { Unread } from '../../capture/dissect/inside.ts';
import type { PacketFacts } from './packet-reader.ts';

const UNREAD: Readonly<Record<Exclude<Unread, 'not TCP'>, (count: number) => string>> = {
  'cut short': (count) => `${plural(count, 'packet')} ${are(count)} too short to show their headers (the snapshot length of the capture).`,
  damaged: (count) => `${plural(count, 'packet')} ${are(count)} no whole packet of IP and TCP.`,
  fragment: (count) => `${plural(count, 'fragment')} of longer packets ${are(count)} not put together.`,
  encrypted: (count) =>
    `${plural(count, 'frame')} of Wi-Fi ${are(count)} encrypted: capture where the network is not, or decrypt them first.`,
  'unknown link': (count) => `${plural(count, 'packet')} ${are(count)} of a link type that is not read here.`,
};

/** @param packed why the file could not be unpacked to its end; null: it was */
export function blindSpots(facts: PacketFacts, packed: string | null): string[] {
  const { end, unread, others, forgotten, leftOut, duplicates, elsewhere, unseen, tlsPorts, halves, time, servers, clients } = facts;
  const hidden = clients.filter(({ isTls }) => isTls).length;
  const told: [boolean | number, () => string][] = [
    [end.damage !== null, () => `At byte ${formatCount(end.bytes)} expected ${end.damage}: what comes after that is not read.`],
    [packed !== null, () => `At byte ${formatCount(end.bytes)} of what was unpacked ${packed}.`],
    [end.isCut && packed === null, () => `It is cut off within a packet, at byte ${formatCount(end.bytes)}.`],
    [end.dropped, () => `Whoever captured it had no room for ${plural(end.dropped, 'packet')}: losses may be its own.`],
    [end.untimed, () => `${plural(end.untimed, 'packet')} ${end.untimed === 1 ? 'has' : 'have'} no time, and came with the one before.`],
    [time.jumps, () => `Its clock was set ${plural(time.jumps, 'time')}: how long that took is not known.`],
    [
      halves.server,
      () => `Of ${plural(halves.server, 'connection')} only what the server sent is there: outages within them show only where one ended.`,
    ],
    [
      halves.client,
      () => `Of ${plural(halves.client, 'connection')} only what the client sent is there: outages within them show only where one ended.`,
    ],
    [
      hidden,
      () =>
        `TLS hides what ${plural(hidden, 'client')} sent: they are told apart by address alone, and a session begins with the server’s first answer.`,
    ],
    [facts.isBeheaded, () => 'It begins in the middle of sessions: those are taken to have been open from its beginning.'],
    [unseen, () => `${plural(unseen, 'acknowledgement')} ${are(unseen)} of data that was not captured.`],
    [duplicates, () => `${plural(duplicates, 'packet')} ${are(duplicates)} there twice, and counted once.`],
    [
      elsewhere,
      () =>
        `${plural(elsewhere, 'packet')} of a connection that was seen in several places ${are(elsewhere)} left out: the first place counts.`,
    ],
    [
      servers.length > 1,
      () =>
        `Several servers were talked to (${servers
          .slice(0, MAX_SERVERS_TOLD)
          .map(({ name }) => name)
          .join(', ')}): --port takes those of one port.`,
    ],
    [forgotten, () => `${plural(forgotten, 'connection')} ${are(forgotten)} given up in the middle, since there were too many at a time.`],
    [leftOut, () => `${plural(leftOut, 'connection')} of further clients ${are(leftOut)} left out: there are too many.`],
    [others, () => `${plural(others, 'connection')} of TCP ${others === 1 ? 'carries' : 'carry'} something else${tlsWords(tlsPorts)}.`],
  ];
  const unreadable = (Object.keys(UNREAD) as (keyof typeof UNREAD)[]).map((why) => [unread.get(why) ?? 0, UNREAD[why]] as const);
  return [
    ...told.flatMap(([is, words]) => (is ? [words()] : [])),
    ...unreadable.flatMap(([count, words]) => (count > 0 ? [words(count)] : [])),
  ];
}

/** As many as a person reads. */
const MAX_SERVERS_TOLD = 5;
const MAX_PORTS_TOLD = 5;

function tlsWords(ports: ReadonlyMap<number, number>): string {
  if (ports.size === 0) return '';
  const told = [...ports].sort((a, b) => b[1] - a[1]).slice(0, MAX_PORTS_TOLD);
  return ` (TLS to port ${told.map(([port]) => port).join(', ')}: --port takes it for WebSocket)`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
