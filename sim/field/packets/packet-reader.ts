/**
 * Reads a capture of packets into what it tells of each client of a WebSocket server: the packets of TCP
 * connections in the order of time, as chunks of a file come. Knows nothing of files.
 *
 * A connection carries WebSocket if its request asks for that, if its server is at a port that was named, or
 * if both ends speak in WebSocket's frames. What TLS hides is taken for it only at a port that was named.
 */

import type { Unread } from '../../capture/dissect/inside.ts';
import { ACK, Dissector, formatIp, RST, type Segment, SYN } from '../../capture/dissect/segment.ts';
import { type CaptureEnd, CaptureReader } from '../../capture/format/capture-reader.ts';
import type { CapturedFrame } from '../../capture/format/frame.ts';
import { MAX_BOARDS } from '../../scenario/settings.ts';
import { Client } from './client.ts';
import { Connection, type Registry } from './connection.ts';
import { ConnectionTable } from './connection-table.ts';
import { Server } from './servers.ts';
import type { Side } from './side.ts';
import { TimeLine } from './time-line.ts';

/** Bytes of all connections that wait for what was lost before them. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Servers that are told apart. */
const MAX_SERVERS = 1_000;
/** A connection whose beginning was not captured has so many segments to show a frame. */
const MAX_SEARCHED = 64;
/** Frames that make sure that it is WebSocket, where nobody has seen the request. */
const SURE_FRAMES = 4;
/** Ports of TLS that were seen and not asked for. */
const MAX_PORTS_KEPT = 100;
const UPGRADE = /\r\nupgrade: *websocket *\r\n/i;
const REQUEST_TARGET = /^GET (\S*)/;

export interface PacketFacts {
  clients: Client[];
  servers: Server[];
  time: TimeLine;
  end: CaptureEnd;
  /** Frames that hold no segment of TCP, by the reason. */
  unread: ReadonlyMap<Unread, number>;
  segments: number;
  /** Connections that carry something else, and those that were too many. */
  others: number;
  forgotten: number;
  leftOut: number;
  duplicates: number;
  /** Packets of a connection that were seen in a second place. */
  elsewhere: number;
  /** Acknowledgements of what was not captured. */
  unseen: number;
  /** Of TLS that nobody has asked for: connections by port. */
  tlsPorts: ReadonlyMap<number, number>;
  /** Connections with packets of one end only. */
  halves: Readonly<Record<Side, number>>;
  /** The first client was connected before the capture began. */
  isBeheaded: boolean;
}

export class PacketReader implements Registry {
  readonly room = { bytes: MAX_WAITING_BYTES };
  private readonly ports: ReadonlySet<number>;
  private readonly reader = new CaptureReader((frame) => this.take(frame));
  private readonly dissector = new Dissector();
  private readonly table = new ConnectionTable();
  private readonly servers = new Map<string, Server>();
  private readonly clients: Client[] = [];
  private readonly time = new TimeLine();
  private readonly unread = new Map<Unread, number>();
  private readonly tlsPorts = new Map<number, number>();
  private readonly halves: Record<Side, number> = { client: 0, server: 0 };
  private segments = 0;
  private leftOut = 0;
  private duplicates = 0;
  private elsewhere = 0;
  private unseen = 0;
  private isBeheaded = false;

  /** @param ports of servers whose connections are taken; none: of all */
  constructor(ports: readonly number[]) {
    this.ports = new Set(ports);
  }

  /** @returns false: nothing that comes after this can be read */
  push(chunk: Buffer): boolean {
    return this.reader.push(chunk);
  }

  finish(): PacketFacts {
    for (const connection of [...this.table.all()]) this.close(connection);
    const { clients, time, unread, segments, leftOut, duplicates, elsewhere, unseen, tlsPorts, halves, isBeheaded } = this;
    const { others, forgotten } = this.table;
    return {
      ...{ clients, time, unread, segments, others, forgotten, leftOut, duplicates, elsewhere, unseen, tlsPorts, halves, isBeheaded },
      servers: [...this.servers.values()],
      end: this.reader.finish(),
    };
  }

  onRequest(connection: Connection, head: string): void {
    if (UPGRADE.test(head)) this.adopt(connection, pathOf(REQUEST_TARGET.exec(head)?.[1] ?? ''), false);
    else this.onOther(connection);
  }

  onTls(connection: Connection): void {
    const { port } = connection;
    if (this.ports.has(port)) return;
    if (connection.client === null && (this.tlsPorts.has(port) || this.tlsPorts.size < MAX_PORTS_KEPT))
      this.tlsPorts.set(port, (this.tlsPorts.get(port) ?? 0) + 1);
    this.onOther(connection);
  }

  onOther(connection: Connection): void {
    this.note(connection);
    this.table.dismiss(connection);
  }

  onFrame(connection: Connection): void {
    if (connection.frames >= SURE_FRAMES || this.isServed(connection)) this.adopt(connection, null, false);
  }

  private take(frame: CapturedFrame): void {
    const unread = this.dissector.dissect(frame);
    const atMs = this.time.at(frame.epochUs);
    if (unread !== null) {
      this.unread.set(unread, (this.unread.get(unread) ?? 0) + 1);
      return;
    }
    this.segments++;
    const { segment } = this.dissector;
    const entry = this.table.find(segment);
    if (entry === null && (segment.flags & (SYN | ACK)) !== SYN) return;
    const known = entry ?? this.begin(segment);
    if (known === null) return;
    const { connection, from } = this.isReplaced(known.connection, segment, known.from) ? (this.begin(segment) ?? known) : known;
    if (connection.place !== segment.place) {
      this.elsewhere++;
      return;
    }
    this.noteServer(connection, segment, from, atMs);
    connection.take(segment, from, atMs);
    this.adoptWithoutRequest(connection, segment, from);
  }

  private isReplaced(connection: Connection, segment: Segment, from: Side): boolean {
    if (!connection.streams[from].isOther(segment) || connection.place !== segment.place) return false;
    this.close(connection);
    return true;
  }

  /** null: it is of no interest. */
  private begin(segment: Segment): { connection: Connection; from: Side } | null {
    const from = this.sideOf(segment);
    if (from === null) {
      this.table.mark(segment);
      return null;
    }
    const { key, addressBytes, fromPort, toPort, place } = segment;
    const [own, others] = [key.slice(0, addressBytes), key.slice(addressBytes, 2 * addressBytes)];
    const hosts = from === 'client' ? { client: own, server: others } : { client: others, server: own };
    const port = from === 'client' ? toPort : fromPort;
    return this.table.add(segment, new Connection(this, place, port, hosts, (segment.flags & SYN) !== 0), from);
  }

  /** Which end has sent it; null: nobody has asked for this connection. */
  private sideOf({ flags, fromPort, toPort }: Segment): Side | null {
    if (this.ports.has(toPort)) return 'client';
    if (this.ports.has(fromPort)) return 'server';
    if (this.ports.size > 0) return null;
    if (flags & SYN) return flags & ACK ? 'server' : 'client';
    return toPort <= fromPort ? 'client' : 'server';
  }

  /** What it says to those that are known; a reset to somebody who asks for a connection is its machine's. */
  private noteServer(connection: Connection, { flags, payloadBytes }: Segment, from: Side, atMs: number): void {
    if (from !== 'server') return;
    if (payloadBytes > 0) connection.server?.answered(atMs);
    else if (flags & RST && !connection.streams.server.hasBegun) this.servers.get(serverKey(connection))?.refused(atMs);
  }

  /** A connection whose request nobody can read: it has begun before the capture, or TLS hides it. */
  private adoptWithoutRequest(connection: Connection, { payloadBytes }: Segment, from: Side): void {
    const isHidden = connection.isTls || !connection.sawBegin;
    if (payloadBytes === 0 || connection.isOpen || !isHidden) return;
    const { client, server } = connection.streams;
    if (connection.client === null) {
      if (this.isServed(connection)) this.adopt(connection, null, connection.isTls);
      else if (connection.segments > MAX_SEARCHED && !client.scanner.isReading && !server.scanner.isReading) this.onOther(connection);
    }
    if (from === 'server' || !server.hasBegun) connection.open();
  }

  /** Somebody serves WebSocket there. */
  private isServed(connection: Connection): boolean {
    return this.ports.has(connection.port) || this.servers.has(serverKey(connection));
  }

  private adopt(connection: Connection, path: string | null, isTls: boolean): void {
    if (connection.client !== null) return;
    const server = this.serverOf(connection);
    const address = formatIp(connection.hosts.client);
    let client = server?.clientOf(address, path, isTls, connection.lastMs) ?? null;
    if (client === null && server !== null && this.clients.length < MAX_BOARDS) {
      this.isBeheaded ||= this.clients.length === 0 && !connection.sawBegin;
      client = new Client(address, path, isTls);
      server.add(client);
      this.clients.push(client);
    }
    connection.server = server;
    if (client === null) this.leftOut++;
    else connection.belongsTo(client);
  }

  /** null: there are too many. */
  private serverOf(connection: Connection): Server | null {
    const key = serverKey(connection);
    const known = this.servers.get(key);
    if (known !== undefined) return known;
    if (this.servers.size >= MAX_SERVERS) return null;
    const name = formatIp(connection.hosts.server);
    const server = new Server(`${name.includes(':') ? `[${name}]` : name}:${connection.port}`, connection.port);
    this.servers.set(key, server);
    return server;
  }

  private close(connection: Connection): void {
    this.note(connection);
    this.table.remove(connection);
  }

  private note(connection: Connection): void {
    const { client, server } = connection.streams;
    if (connection.client !== null && client.hasBegun !== server.hasBegun) this.halves[client.hasBegun ? 'client' : 'server']++;
    this.unseen += connection.client === null ? 0 : connection.unseen;
    this.duplicates += connection.duplicates;
  }
}

function serverKey({ hosts, port }: Connection): string {
  return `${hosts.server} ${port}`;
}

/** Without its query, which may hold secrets. */
function pathOf(target: string): string {
  return target.split('?')[0];
}
