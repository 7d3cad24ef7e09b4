/**
 * One connection through the proxy: the device's real socket, a modelled TCP connection over the device's
 * link, and a real socket to the relay.
 *
 * The modelled half on the device's side stands for the device's own stack, the other one for the relay's:
 * what a lost packet costs, they find out between them. The device's TCP handshake with the proxy is not part
 * of it: its system has seen the connection accepted before anything was asked of the link.
 */
import type { Socket } from 'node:net';
import type { Handler } from '../kernel/queue.ts';
import type { RandomStream } from '../kernel/random.ts';
import { msFromUs, usFromMs } from '../kernel/units.ts';
import { RuleChain } from '../net/link/rule-chain.ts';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import type { TcpMachine } from '../net/tcp/host.ts';
import { Packet } from '../net/wire/packet.ts';
import { type Device, isTargeted } from './device.ts';
import type { MqttConnection } from './mqtt-watch.ts';
import { type Outlet, Splice, type SpliceOwner } from './splice.ts';
import { type Effect, TOXIC_TYPES } from './toxic-types.ts';
import type { StreamName, Toxic } from './toxics.ts';
import type { WallKernel } from './wall-kernel.ts';

export interface ConnectionParts {
  kernel: WallKernel;
  /** Stands for the system of the devices. */
  deviceMachine: TcpMachine;
  connectUpstream(): Socket;
  /** Listens to what the relay hears and says, which may be MQTT. */
  mqtt: MqttConnection;
  /** This connection's own stream of that name. */
  random(name: string): RandomStream;
  log(text: string): void;
}

/** Of an end that nobody uses yet, or any more. */
export const NO_HANDLERS: TcpHandlers = { onConnect() {}, onReadable() {}, onDrain() {}, onClose() {} };

export class Connection implements SpliceOwner {
  readonly kernel: WallKernel;
  readonly number: number;
  readonly device: Device;
  upstreamBytes = 0;
  downstreamBytes = 0;
  private readonly parts: ConnectionParts;
  /** What toxics do to packets before the device's link does the rest. */
  private readonly toxics: Readonly<Record<StreamName, RuleChain>>;
  private readonly link: Readonly<Record<StreamName, Handler>>;
  private readonly deviceSplice: Splice;
  private relaySplice: Splice | null = null;
  private deviceEnd: TcpEndpoint | null = null;
  private relayEnd: TcpEndpoint | null = null;
  private effects = new Map<Toxic, Effect | null>();
  private relayHangs = false;
  /** Its socket has ended, though the broker may not know. */
  private deviceHasLeft = false;
  private over = false;

  /** @param number also the flow of its packets */
  constructor(number: number, device: Device, socket: Socket, parts: ConnectionParts) {
    const { kernel } = parts;
    this.number = number;
    this.device = device;
    this.parts = parts;
    this.kernel = kernel;
    this.toxics = { upstream: new RuleChain(kernel), downstream: new RuleChain(kernel) };
    this.link = {
      upstream: { onEvent: (packet) => device.link.sendUp(packet as Packet) },
      downstream: { onEvent: (packet) => device.link.sendDown(packet as Packet) },
    };
    this.deviceSplice = new Splice(this, socket, () => this.outlet('downstream'));
  }

  /** Neither side has a real socket open, and what is under way opens none. */
  get hasEnded(): boolean {
    return this.deviceSplice.socketIsClosed && (this.relaySplice === null ? !this.isUnderWay : this.relaySplice.socketIsClosed);
  }

  /** Nothing of it is left, neither socket nor endpoint: no packet of its flow will be sent. */
  get isOver(): boolean {
    return this.hasEnded && !this.isUnderWay;
  }

  private get isUnderWay(): boolean {
    return this.deviceEnd?.isOpen === true || this.relayEnd?.isOpen === true;
  }

  /** The device's side begins its handshake with the relay's. */
  open(): void {
    const delayMs = Math.max(0, ...this.effectsOn().map(({ acceptDelayMs = 0 }) => acceptDelayMs));
    if (delayMs === 0) this.connect();
    else this.kernel.schedule(this.kernel.nowUs + usFromMs(delayMs), { onEvent: () => this.connect() }, null);
  }

  /** The relay's side has accepted. @returns what handles that end */
  accept(endpoint: TcpEndpoint): TcpHandlers {
    this.relayEnd = endpoint;
    if (this.hangs) return NO_HANDLERS; // a process that hangs accepts when it goes on
    return this.connectRelay(endpoint);
  }

  setRelayHung(on: boolean): void {
    this.relayHangs = on;
    this.applyHang();
  }

  applyToxics(toxics: readonly Toxic[]): void {
    const before = this.effects;
    this.effects = new Map();
    for (const toxic of toxics) this.effects.set(toxic, before.has(toxic) ? (before.get(toxic) ?? null) : this.begin(toxic));
    for (const stream of ['upstream', 'downstream'] as const) this.toxics[stream].rules = this.rules(stream);
    this.applyHang();
  }

  /** Sends a packet of this connection's flow past the toxics onto the link. */
  send(stream: StreamName, packet: Packet): void {
    this.toxics[stream].sendAt(packet, this.kernel.nowUs, this.link[stream]);
  }

  /** RST to both ends, over the link: a link that carries nothing loses them. */
  sendResets(): void {
    this.send('upstream', Packet.reset(this.number));
    this.send('downstream', Packet.reset(this.number));
  }

  /** Both real sockets end at once, whatever the link says. */
  end(by: 'reset' | 'close' | 'drop'): void {
    this.over = true;
    this.deviceSplice[by]();
    this.relaySplice?.[by]();
    if (this.relaySplice === null) this.relayEnd?.forget();
  }

  /** The device's system drops the connection, and nobody tells the relay. */
  loseDevice(): void {
    this.deviceSplice.reset();
  }

  /** The relay's process dies: FIN to the device, over the link. */
  loseRelay(): void {
    if (this.relaySplice === null) this.relayEnd?.release();
    else this.relaySplice.hangUp();
  }

  /** The relay's machine is gone: the device is not told, the real relay's socket ends. */
  loseRelayMachine(): void {
    this.relayEnd?.forget();
    this.relaySplice?.drop();
  }

  onBytesPassed(splice: Splice, bytes: string): void {
    const isDown = splice === this.deviceSplice;
    if (isDown) this.downstreamBytes += bytes.length;
    else this.upstreamBytes += bytes.length;
    this.parts.mqtt.pass(isDown ? 'downstream' : 'upstream', bytes, msFromUs(this.kernel.nowUs));
  }

  onLimitReached(): void {
    this.end('close');
  }

  onSocketError(splice: Splice, error: Error): void {
    const who = splice === this.deviceSplice ? 'the device' : 'the relay';
    this.parts.log(`connection ${this.number}: ${who}: ${error.message}`);
  }

  onSocketEnded(splice: Splice): void {
    // What the device says last may still be under way to the broker: its end counts there.
    if (splice === this.relaySplice) this.parts.mqtt.end(!this.deviceHasLeft, msFromUs(this.kernel.nowUs));
    else this.deviceHasLeft = true;
    if (splice === this.deviceSplice && this.device.connection === this.number) this.device.connection = null;
  }

  onSocketClosed(splice: Splice): void {
    this.onSocketEnded(splice);
    if (splice === this.deviceSplice) this.over = true;
  }

  private connect(): void {
    if (this.over) return;
    this.deviceEnd = this.parts.deviceMachine.connect(this.number, this.deviceSplice);
    this.deviceSplice.attach(this.deviceEnd);
  }

  private connectRelay(endpoint: TcpEndpoint): Splice {
    const splice = new Splice(this, this.parts.connectUpstream(), () => this.outlet('upstream'));
    this.relaySplice = splice;
    splice.attach(endpoint);
    splice.onConnect();
    return splice;
  }

  /** What the toxic does here; null when it passes this connection by. */
  private begin(toxic: Toxic): Effect | null {
    const random = this.parts.random(toxic.name);
    if (!isTargeted(this.device, toxic.devices) || random.next() >= toxic.toxicity) return null;
    const effect = TOXIC_TYPES[toxic.type].effect(toxic.attributes, random);
    const { ends } = effect;
    if (ends) {
      const onEvent = () => {
        if (this.effects.get(toxic) === effect) this.end(ends.by);
      };
      this.kernel.schedule(this.kernel.nowUs + usFromMs(ends.afterMs), { onEvent }, null);
    }
    return effect;
  }

  /** @param stream null: either */
  private effectsOn(stream: StreamName | null = null): Effect[] {
    return [...this.effects].flatMap(([toxic, effect]) => (effect !== null && (stream ?? toxic.stream) === toxic.stream ? [effect] : []));
  }

  private rules(stream: StreamName): NonNullable<Effect['rule']>[] {
    return this.effectsOn(stream).flatMap(({ rule }) => rule ?? []);
  }

  private outlet(stream: StreamName): Outlet {
    const effects = this.effectsOn(stream);
    return {
      closeDelayMs: Math.max(0, ...effects.map(({ closeDelayMs = 0 }) => closeDelayMs)),
      limitBytes: Math.min(Number.POSITIVE_INFINITY, ...effects.map(({ limitBytes }) => limitBytes ?? Number.POSITIVE_INFINITY)),
    };
  }

  private get hangs(): boolean {
    return this.relayHangs || this.effectsOn().some(({ hangs }) => hangs);
  }

  private applyHang(): void {
    const { hangs, relaySplice, relayEnd } = this;
    if (relaySplice !== null) relaySplice.setHeld(hangs);
    else if (!hangs && relayEnd?.isOpen) relayEnd.setHandlers(this.connectRelay(relayEnd));
  }
}
