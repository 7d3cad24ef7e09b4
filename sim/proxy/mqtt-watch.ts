/**
 * What becomes of MQTT clients behind a proxy: who is connected, who was silent for longer than its keepalive
 * allows, who came back, who was taken over, and whose last will is due. From the headers of packets alone,
 * as the broker gets and sends them; TLS and WebSocket hide them.
 */
import { CONNACK, CONNECT, DISCONNECT, type MqttConnect, MqttReader, PINGREQ, PINGRESP } from './mqtt-reader.ts';

/** Of the keepalive: after so much silence a broker ends a client (MQTT 3.1.1, section 3.1.2.10). */
const SILENCE_KEEPALIVES = 1.5;
/** Clients that are told apart; more are counted as connections only. */
const MAX_CLIENTS = 1_000;

export interface MqttCounts {
  connections: number;
  clients: number;
  /** CONNECTs of a client that had been connected before. */
  reconnects: number;
  /** Connections that ended when the same client had connected anew. */
  takeovers: number;
  pings: number;
  pongs: number;
  /** Connections that the broker ended after a silence of 1.5 keepalives or more; the longest of these. */
  silences: number;
  longestSilenceMs: number;
  /** Connections with a last will that ended without DISCONNECT: the broker publishes it. */
  willsDue: number;
  keepaliveMs: { least: number; most: number } | null;
}

/** All connections of a proxy. */
export class MqttWatch {
  readonly counts: MqttCounts = {
    connections: 0,
    clients: 0,
    reconnects: 0,
    takeovers: 0,
    pings: 0,
    pongs: 0,
    silences: 0,
    longestSilenceMs: 0,
    willsDue: 0,
    keepaliveMs: null,
  };
  /** By client id: its latest connection. */
  private readonly clients = new Map<string, MqttConnection>();

  open(): MqttConnection {
    return new MqttConnection(this);
  }

  onConnect(connection: MqttConnection, { clientId, keepaliveMs }: MqttConnect): void {
    const { counts, clients } = this;
    counts.connections++;
    const { least = keepaliveMs, most = keepaliveMs } = counts.keepaliveMs ?? {};
    counts.keepaliveMs = { least: Math.min(least, keepaliveMs), most: Math.max(most, keepaliveMs) };
    if (clientId === '') return;
    const before = clients.get(clientId);
    if (before !== undefined) {
      counts.reconnects++;
      before.hasSuccessor = true;
    } else if (clients.size >= MAX_CLIENTS) return;
    else counts.clients++;
    clients.set(clientId, connection);
  }
}

/** One connection; nothing is known of it before its CONNECT. */
export class MqttConnection {
  private readonly watch: MqttWatch;
  private readonly readers = { upstream: new MqttReader(), downstream: new MqttReader() };
  private connect: MqttConnect | null = null;
  private heardAtMs = 0;
  private isAccepted = false;
  private isOver = false;
  hasSuccessor = false;

  constructor(watch: MqttWatch) {
    this.watch = watch;
  }

  /** @param bytes that pass to the broker, or to the device */
  pass(stream: 'upstream' | 'downstream', bytes: string, nowMs: number): void {
    if (this.isOver || (this.connect === null && stream === 'downstream')) return;
    if (stream === 'upstream') this.heardAtMs = nowMs;
    for (const { kind, connect } of this.readers[stream].read(bytes)) this.take(kind, connect);
  }

  /** @param byBroker it ended first */
  end(byBroker: boolean, nowMs: number): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.connect === null || !this.isAccepted) return;
    const { counts } = this.watch;
    const silenceMs = nowMs - this.heardAtMs;
    if (this.connect.hasWill) counts.willsDue++;
    if (byBroker && this.hasSuccessor) counts.takeovers++;
    else if (byBroker && this.connect.keepaliveMs > 0 && silenceMs >= SILENCE_KEEPALIVES * this.connect.keepaliveMs) {
      counts.silences++;
      counts.longestSilenceMs = Math.max(counts.longestSilenceMs, silenceMs);
    }
  }

  private take(kind: number, connect: MqttConnect | null): void {
    const { counts } = this.watch;
    if (kind === CONNECT && connect !== null && this.connect === null) {
      this.connect = connect;
      this.watch.onConnect(this, connect);
    } else if (this.connect === null) this.isOver = true;
    else if (kind === CONNACK) this.isAccepted = true;
    else if (kind === PINGREQ) counts.pings++;
    else if (kind === PINGRESP) counts.pongs++;
    // It says goodbye: no will, and whoever ends the connection does as it was told.
    else if (kind === DISCONNECT) this.isOver = true;
  }
}
