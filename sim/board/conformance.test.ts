/**
 * The HAL's contract on the simulated backend: a virtual board of each profile against servers on a clear
 * link.
 */
import type { Hal, Level } from 'hal';
import type { I2cDevice, OneWireDevice } from 'hal/bench/device';
import { CONFORMANCE, type PeerConnection, type PeerServer, RIG_FILES, type Rig, runCase } from 'hal/conformance';
import { describe, expect, it } from 'vitest';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import { connectionOf } from '../net/wire/flow.ts';
import { type DeviceProfile, PROFILES } from './profiles/index.ts';
import { BoardLab, PASSWORD, SERVER_HOST, SSID } from './testing/board-lab.ts';

const REFUSED_PORT = 1;
const SILENT_PORT = 2;
const FIRST_SERVER_PORT = 1000;

/** A server's end of a connection. It reads all the time. */
class Peer implements PeerConnection, TcpHandlers {
  received = '';
  ended = false;
  closed = false;
  private readonly endpoint: TcpEndpoint;

  constructor(endpoint: TcpEndpoint) {
    this.endpoint = endpoint;
  }

  write(bytes: string): void {
    this.endpoint.write(bytes);
  }

  end(): void {
    this.endpoint.end();
  }

  reset(): void {
    this.endpoint.abort();
  }

  onConnect(): void {}

  onReadable(): void {
    this.received += this.endpoint.read(Number.POSITIVE_INFINITY);
    this.ended = this.endpoint.atEnd;
  }

  onDrain(): void {}

  onClose(): void {
    this.closed = true;
  }
}

/**
 * A world has one server and no ports; the rig remembers the port of each connection and lets its packets go
 * where that port leads.
 */
class BoardRig implements Rig {
  readonly host = SERVER_HOST;
  readonly refusedPort = REFUSED_PORT;
  readonly unknownHost = 'nobody.invalid';
  readonly accessPoint = { ssid: SSID, password: PASSWORD };
  readonly pins = [2, 4] as const;
  readonly silent = { host: SERVER_HOST, port: SILENT_PORT };
  readonly namesErrors = true;
  readonly readsAfterEnd = true;
  readonly holdsPeerBack = true;
  readonly sleepsLightly = true;
  private readonly net: Hal['net'];
  private readonly lab: BoardLab;
  private readonly servers: Peer[][] = [];
  /** By number of the connection, from 1. */
  private readonly ports: number[] = [0];

  constructor(lab: BoardLab) {
    this.lab = lab;
    const connect: Hal['net']['connect'] = (host, port, handlers) => {
      this.ports.push(port);
      return lab.hal.net.connect(host, port, handlers);
    };
    this.net = { connect };
    lab.accept = (endpoint) => {
      const peer = new Peer(endpoint);
      this.servers[this.portOf(endpoint.flow) - FIRST_SERVER_PORT].push(peer);
      return peer;
    };
    lab.route = ({ flow }) => {
      const port = this.portOf(flow);
      if (port === SILENT_PORT) return null;
      return port === REFUSED_PORT ? lab.closedServer : lab.server;
    };
  }

  get hal(): Hal {
    return { ...this.lab.hal, net: this.net };
  }

  get boots(): number {
    return this.lab.starts;
  }

  drivePin(pin: number, level: Level): void {
    this.lab.board.bench.pins.drive(pin, level);
  }

  pwmOf(pin: number) {
    return this.lab.board.bench.pins.pwmOf(pin);
  }

  savesPower() {
    const { mode = 'none', listenInterval = 0 } = this.lab.saving ?? {};
    return { mode, listenInterval } as const;
  }

  setVoltage(pin: number, mv: number): void {
    this.lab.board.bench.adc.connect(pin, () => mv);
  }

  connectI2c(address: number, device: I2cDevice): void {
    this.lab.board.bench.i2c.connect(address, device);
  }

  connectOneWire(pin: number, device: OneWireDevice): void {
    this.lab.board.bench.oneWire.connect(pin, device);
  }

  loopSpi(): void {
    this.lab.board.bench.spi.connect(null, (bytes) => bytes);
  }

  sendUart(port: number, bytes: string): void {
    this.lab.board.bench.uart.receive(port, bytes);
  }

  get uartSent(): Record<number, string> {
    const sent: Record<number, string> = {};
    for (const { subject: port, detail } of this.lab.eventsNamed('uart.sent')) sent[Number(port)] = (sent[Number(port)] ?? '') + detail;
    return sent;
  }

  advance(ms: number): Promise<void> {
    return this.lab.run(ms);
  }

  async listen(): Promise<PeerServer> {
    const connections: Peer[] = [];
    this.servers.push(connections);
    return { port: FIRST_SERVER_PORT + this.servers.length - 1, connections };
  }

  loseWifi(): void {
    this.lab.accessPoint.setPower(false);
  }

  stop(): void {
    this.lab.board.requestStop();
  }

  async close(): Promise<void> {}

  private portOf(flow: number): number {
    return this.ports[connectionOf(flow)];
  }
}

async function makeRig(profile: DeviceProfile): Promise<Rig> {
  return new BoardRig(await new BoardLab({ profile, files: { ...RIG_FILES } }).boot());
}

describe.for(Object.values(PROFILES))('the HAL on a virtual board, profile $name', (profile) => {
  it.for(CONFORMANCE)('$name', async (testCase) => {
    expect(await runCase(testCase, () => makeRig(profile))).toBe(true);
  });
});
