/** A crowd of clients at one listener whose process may stand still. */
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { usFromMs } from '../../kernel/units.ts';
import { ACK, type Packet, RST, SYN } from '../wire/packet.ts';
import type { TcpEnd, TcpEndpoint } from './endpoint.ts';
import { TcpMachine } from './host.ts';
import type { Overflow } from './listener.ts';
import { LINUX, LWIP, type TcpParameters } from './parameters.ts';
import { DELAY_MS, End } from './testing/pair.ts';

class Crowd {
  readonly kernel = new Kernel();
  readonly ends: End[] = [];
  readonly accepted: TcpEndpoint[] = [];
  readonly served: End[] = [];
  readonly overflows: Overflow[] = [];
  readonly client: TcpMachine;
  readonly server: TcpMachine;
  ready = false;
  /** Whether a packet arrives. */
  fate: (packet: Packet) => boolean = () => true;

  constructor(backlog: number, parameters: TcpParameters = LWIP) {
    const counters = { segments: 0, retransmits: 0 };
    const carry = (packet: Packet, to: () => TcpMachine): void => {
      if (!this.fate(packet)) return;
      this.kernel.schedule(this.kernel.nowUs + usFromMs(DELAY_MS), { onEvent: () => to().receive(packet) }, null);
    };
    this.client = new TcpMachine(this.kernel, parameters, 0, counters, (packet) => carry(packet, () => this.server));
    this.server = new TcpMachine(this.kernel, LINUX, 0, counters, (packet) => carry(packet, () => this.client));
    const settings = { backlog, isReady: () => this.ready, onOverflow: (_flow: number, what: Overflow) => this.overflows.push(what) };
    this.server.listen((endpoint) => {
      this.accepted.push(endpoint);
      const end = new End();
      end.endpoint = endpoint;
      this.served.push(end);
      return end;
    }, settings);
  }

  /** @param greeting what each sends as soon as it is connected */
  connect(clients: number, greeting = ''): void {
    for (let flow = 1; flow <= clients; flow++) {
      const end = new End();
      end.onConnect = () => {
        end.connected = true;
        if (greeting !== '') end.endpoint?.write(greeting);
      };
      this.ends.push(end);
      end.endpoint = this.client.connect(flow, end);
    }
  }

  get connected(): number {
    return this.ends.filter(({ connected }) => connected).length;
  }

  goOn(): void {
    this.ready = true;
    this.server.takeWaiting();
  }

  run(ms: number): Promise<void> {
    return this.kernel.run(this.kernel.nowUs + usFromMs(ms));
  }
}

describe('a process that stands still', () => {
  it('has one connection more waiting than its backlog says, as Linux does', async () => {
    const crowd = new Crowd(511, LINUX);
    for (let flow = 1; flow <= 700; flow++) {
      const end = new End();
      crowd.ends.push(end);
      end.endpoint = crowd.client.connect(flow, end);
      await crowd.run(2 * DELAY_MS + 1);
    }
    // Measured on Linux 6.18: 700 connects on the loopback, nobody accepts, 512 get through.
    expect(crowd.connected).toBe(512);
    expect(crowd.accepted).toHaveLength(0);
  });

  it('serves those that waited, with what they said meanwhile, and the others when they try again', async () => {
    const crowd = new Crowd(3);
    crowd.connect(10, 'hello');
    await crowd.run(1_000);
    expect(crowd.overflows).toContain('ack');
    crowd.goOn();
    await crowd.run(6_000);
    expect(crowd.accepted).toHaveLength(10);
    for (const end of crowd.served) {
      end.onReadable();
      expect(end.received).toBe('hello');
    }
  });

  it('loses SYNs once its accept queue is full; the client’s timer brings them again', async () => {
    const crowd = new Crowd(1, LINUX);
    for (let flow = 1; flow <= 2; flow++) {
      crowd.client.connect(flow, new End());
      await crowd.run(100);
    }
    const late = new End();
    late.endpoint = crowd.client.connect(3, late);
    await crowd.run(500);
    expect(late.connected).toBe(false);
    expect(crowd.overflows).toEqual(['syn']);
    crowd.goOn();
    await crowd.run(700);
    expect(late.connected).toBe(true);
    expect(crowd.accepted).toHaveLength(3);
  });

  it('is handed a connection that was reset while it waited, and hears so', async () => {
    const crowd = new Crowd(3);
    crowd.connect(1);
    await crowd.run(100);
    crowd.ends[0].endpoint?.abort();
    await crowd.run(100);
    crowd.goOn();
    expect(crowd.served.map(({ closed }): TcpEnd | null => closed)).toEqual(['reset']);
  });

  it('that dies resets those that wait, and is deaf to handshakes under way', async () => {
    const crowd = new Crowd(3);
    crowd.connect(1);
    await crowd.run(100);
    crowd.server.listen(null);
    await crowd.run(100);
    expect(crowd.ends[0].closed).toBe('reset');
    expect(crowd.server.endpointCount).toBe(0);
  });
});

describe('a SYN queue that is full', () => {
  /** The last packets of all handshakes are lost until then. */
  async function flooded(parameters: TcpParameters): Promise<Crowd> {
    const crowd = new Crowd(2, parameters);
    crowd.ready = true;
    crowd.fate = ({ flags }) => flags !== ACK;
    crowd.connect(4);
    await crowd.run(100);
    return crowd;
  }

  it.each([
    ['lwIP', LWIP],
    ['Linux', LINUX],
  ])('is no end: a cookie lets %s in by its ACK', async (_name, parameters) => {
    const crowd = await flooded(parameters);
    expect(crowd.overflows).toEqual(['cookie', 'cookie']);
    expect(crowd.server.endpointCount).toBe(2);
    crowd.fate = () => true;
    for (const { endpoint } of crowd.ends) endpoint?.write('data');
    await crowd.run(2_000);
    expect(crowd.accepted).toHaveLength(4);
    for (const end of crowd.served) {
      end.onReadable();
      expect(end.received).toBe('data');
    }
  });

  it('sends a cookie’s SYN-ACK once, and an ACK that no cookie is known for is reset', async () => {
    const crowd = await flooded(LWIP);
    let synAcks = 0;
    crowd.fate = ({ flags, flow }) => {
      if (flags === (SYN | ACK) && flow > 2) synAcks++;
      return true;
    };
    await crowd.run(120_001);
    expect(synAcks).toBe(0);
    let resets = 0;
    crowd.fate = ({ flags }) => {
      if (flags & RST) resets++;
      return true;
    };
    crowd.ends[3].endpoint?.write('too late');
    await crowd.run(500);
    expect(resets).toBe(1);
  });
});
