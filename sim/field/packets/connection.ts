/**
 * A TCP connection as a capture shows it: what each end has sent, which of it was sent again, how long
 * answers took, and the WebSocket session in it.
 */
import { ACK, FIN, RST, type Segment } from '../../capture/dissect/segment.ts';
import type { Client, Session } from './client.ts';
import { Outstanding } from './outstanding.ts';
import { Scanner } from './scanner.ts';
import type { Server } from './servers.ts';
import { otherSide, type Side } from './side.ts';
import { type Kind, type Room, Stream } from './stream.ts';
import { Evidence } from './view.ts';

/** Whoever keeps the connections learns what one turns out to be. */
export interface Registry {
  /** @param head of the request */
  onRequest(connection: Connection, head: string): void;
  onTls(connection: Connection): void;
  onOther(connection: Connection): void;
  /** A frame was read although nobody has seen the request. */
  onFrame(connection: Connection): void;
  readonly room: Room;
}

/** Pings that wait for their pong. */
const MAX_PINGS = 16;
/** So soon after, ms, and the same in all else, it is the same packet: seen twice, */
const SAME_PACKET_MS = 1;
/** or sent again by a radio whose receiver had it. */
const SAME_FRAME_MS = 100;
/** What follows the end of a session within this is its echo, ms. */
const ECHO_MS = 1_000;
const SWITCHING_PROTOCOLS = /^HTTP\/1\.[01] 101[ \r]/;
const OPCODE_CLOSE = 8;
const OPCODE_PING = 9;
const OPCODE_PONG = 10;
const FIRST_CONTROL = 8;

/** What tells one packet of an end from its next. */
type Mark = Pick<Segment, 'seq' | 'ack' | 'flags' | 'payloadBytes' | 'identification'>;

const NO_MARK: Mark = { seq: -1, ack: 0, flags: 0, payloadBytes: 0, identification: 0 };

export class Connection implements Session {
  readonly firstMs: Record<Side, number | null> = { client: null, server: null };
  /** Where the capture sees it. */
  readonly place: number;
  /** Of the server. */
  readonly port: number;
  /** Of both, without ports, as `key` of a segment of the client has them. */
  readonly hosts: { client: string; server: string };
  readonly streams: Readonly<Record<Side, Stream>>;
  client: Client | null = null;
  server: Server | null = null;
  isOpen = false;
  isTls = false;
  /** Its first packet was captured. */
  readonly sawBegin: boolean;
  /** That were read. */
  frames = 0;
  lastMs = 0;
  /** With payload. */
  segments = 0;
  /** Acknowledgements of what was not captured. */
  unseen = 0;
  duplicates = 0;
  private readonly registry: Registry;
  private readonly outstanding = { client: new Outstanding('client'), server: new Outstanding('server') };
  private readonly pingsMs: Record<Side, number[]> = { client: [], server: [] };
  private readonly hasShaken: Record<Side, boolean> = { client: false, server: false };
  /** By the near end; of its client, once that is known. */
  private evidence: Record<Side, Evidence> = { client: new Evidence(), server: new Evidence() };
  private readonly latest: Record<Side, Mark> = { client: { ...NO_MARK }, server: { ...NO_MARK } };
  private atMs = 0;
  private endedMs: number | null = null;

  /** @param sawBegin its first packet was captured */
  constructor(registry: Registry, place: number, port: number, hosts: { client: string; server: string }, sawBegin: boolean) {
    this.registry = registry;
    this.place = place;
    this.port = port;
    this.hosts = hosts;
    this.sawBegin = sawBegin;
    this.streams = { client: this.streamOf('client', sawBegin), server: this.streamOf('server', sawBegin) };
  }

  get hasEnded(): boolean {
    return this.streams.client.hasFinished && this.streams.server.hasFinished;
  }

  pingMs(by: Side): number | null {
    return this.pingsMs[by][0] ?? null;
  }

  belongsTo(client: Client): void {
    this.client = client;
    for (const near of ['client', 'server'] as const) {
      client.views[near].evidence.add(this.evidence[near]);
      this.evidence[near] = client.views[near].evidence;
    }
    client.seen(this);
  }

  open(): void {
    if (!this.isOpen && this.client !== null) this.client.opened(this, this.atMs);
  }

  take(segment: Segment, from: Side, atMs: number): void {
    if (this.isRepeated(segment, from, atMs)) return;
    this.atMs = atMs;
    this.lastMs = atMs;
    this.firstMs[from] ??= atMs;
    if (segment.payloadBytes > 0) this.segments++;
    const kind = this.streams[from].take(segment);
    this.count(kind, from);
    const isAnswered = segment.flags & ACK ? this.acknowledge(segment, from) : false;
    this.tellViews(kind, segment.payloadBytes > 0, from, isAnswered);
    if (segment.flags & RST) this.end(from, 'RST', null);
    else if (segment.flags & FIN) this.end(from, 'FIN', null);
    if (segment.flags & RST) this.streams.client.hasFinished = this.streams.server.hasFinished = true;
  }

  /** Nothing more is asked of it. */
  release(): void {
    this.streams.client.release();
    this.streams.server.release();
  }

  private streamOf(side: Side, sawBegin: boolean): Stream {
    const scanner = new Scanner(side === 'client', sawBegin, {
      onHead: (text) => this.onHead(side, text),
      onFrame: (opcode, bytes, code) => this.onFrame(side, opcode, bytes, code),
      onTls: () => {
        this.isTls = true;
        this.registry.onTls(this);
      },
      onOther: () => this.registry.onOther(this),
    });
    return new Stream(scanner, this.registry.room);
  }

  private isRepeated(segment: Segment, from: Side, atMs: number): boolean {
    const mark = this.latest[from];
    const { seq, ack, flags, payloadBytes, identification } = segment;
    const isSame =
      (payloadBytes > 0 || identification > 0) &&
      seq === mark.seq &&
      ack === mark.ack &&
      flags === mark.flags &&
      payloadBytes === mark.payloadBytes &&
      identification === mark.identification &&
      atMs - this.lastMs <= (segment.isRetry ? SAME_FRAME_MS : SAME_PACKET_MS);
    mark.seq = seq;
    mark.ack = ack;
    mark.flags = flags;
    mark.payloadBytes = payloadBytes;
    mark.identification = identification;
    if (isSame) this.duplicates++;
    return isSame;
  }

  /** An old connection of a client that has a new one says nothing of the link. */
  private get isHeeded(): boolean {
    return this.client === null || this.client.current === null || this.client.current === this || !this.client.current.isOpen;
  }

  private count(kind: Kind, from: Side): void {
    const { endSeq } = this.streams[from];
    if (kind === 'new') this.outstanding[from].sent(endSeq, this.atMs);
    if (kind !== 'again') return;
    const acks = this.outstanding[from].sentAgain(endSeq, this.atMs);
    if (acks === null || !this.isHeeded) return;
    this.evidence[from].pending.leaving.again++;
    const { arriving } = this.evidence[otherSide(from)].pending;
    arriving.again++;
    arriving.settle(acks);
  }

  /** @returns whether everything that the other end has sent is acknowledged by this */
  private acknowledge(segment: Segment, from: Side): boolean {
    const to = otherSide(from);
    const theirs = this.streams[to];
    if (!theirs.hasBegun) return false;
    const upTo = theirs.positionOf(segment.ack);
    if (upTo > theirs.next) this.unseen++;
    theirs.acknowledged(upTo);
    const tries = segment.payloadBytes > 0 ? Math.floor(this.outstanding[to].patienceMs / this.outstanding[from].patienceMs) : 1;
    const rttMs = this.outstanding[to].acknowledged(upTo, Math.max(1, tries), this.atMs, (acks) => {
      if (!this.isHeeded) return;
      this.evidence[to].pending.leaving.settle(acks);
      this.evidence[from].pending.arriving.settle(acks);
    });
    if (rttMs !== null && this.isHeeded) {
      const isHandshake = theirs.hasSyn && !this.hasShaken[to];
      this.evidence[to][isHandshake ? 'prompt' : 'acks'].add(rttMs);
    }
    this.hasShaken[to] = true;
    return upTo >= theirs.next;
  }

  /** The near end asks, the far end answers; each is either in one of the two views. */
  private tellViews(kind: Kind, hasPayload: boolean, from: Side, isAnswered: boolean): void {
    const to = otherSide(from);
    const { client } = this;
    if (client === null) this.evidence[to].heard(false);
    if (client === null || (this.endedMs !== null && this.atMs - this.endedMs < ECHO_MS)) return;
    if (client.current !== this || !this.isOpen) {
      client.views[to].trail.refused(this.atMs);
      return;
    }
    if (kind !== 'empty' && kind !== 'probe') client.views[from].trail.asked(this.atMs);
    // A ping that is acknowledged and not answered has reached a kernel, and not who is asked; unless the
    // pong is behind something that was lost.
    const isWaiting = this.pingsMs[to].length > 0 && !this.streams[from].hasGap;
    if (hasPayload || !isWaiting) client.views[to].heard(this.atMs, isAnswered && !isWaiting);
  }

  private onHead(side: Side, text: string): void {
    if (side === 'client') this.registry.onRequest(this, text);
    else if (!SWITCHING_PROTOCOLS.test(text)) this.registry.onOther(this);
    else {
      // Nobody has captured the request.
      if (this.client === null) this.registry.onFrame(this);
      this.open();
    }
  }

  private onFrame(side: Side, opcode: number, bytes: number, code: number | null): void {
    this.frames++;
    if (this.client === null) this.registry.onFrame(this);
    const { client } = this;
    if (client === null) return;
    this.open();
    if (opcode === OPCODE_CLOSE) this.end(side, 'close frame', code);
    if (opcode === OPCODE_PING) this.pinged(side, client);
    if (opcode === OPCODE_PONG) this.ponged(side);
    if (opcode > 0 && opcode < FIRST_CONTROL) client.traffic[side].message(bytes, this.atMs);
  }

  private pinged(side: Side, client: Client): void {
    client.traffic[side].ping(this.atMs);
    if (this.pingsMs[side].length < MAX_PINGS) this.pingsMs[side].push(this.atMs);
  }

  /** One pong may answer all pings before it (RFC 6455 section 5.5.3); of one alone the time is known. */
  private ponged(side: Side): void {
    const pinger = otherSide(side);
    const [pingMs] = this.pingsMs[pinger];
    if (this.pingsMs[pinger].length === 1) this.evidence[pinger].prompt.add(this.atMs - pingMs);
    this.pingsMs[pinger] = [];
  }

  private end(by: Side, how: 'close frame' | 'FIN' | 'RST', code: number | null): void {
    this.client?.ended(this, { by, how, code }, this.atMs);
    this.endedMs ??= this.atMs;
  }
}
