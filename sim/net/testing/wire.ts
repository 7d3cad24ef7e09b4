/**
 * Two machines on a wire without loss: a client as on a board (lwIP) and a server as the relay's (Linux).
 * Cut, it swallows everything.
 */
import { Kernel } from '../../kernel/kernel.ts';
import { TcpMachine } from '../tcp/host.ts';
import type { AcceptHandler } from '../tcp/listener.ts';
import { LINUX, LWIP } from '../tcp/parameters.ts';
import type { Packet } from '../wire/packet.ts';

/** One way, µs. */
const DELAY_US = 5_000;

export class Wire {
  readonly kernel = new Kernel();
  readonly client: TcpMachine;
  readonly server: TcpMachine;
  cut = false;

  constructor(accept: AcceptHandler) {
    const counters = { segments: 0, retransmits: 0 };
    this.client = new TcpMachine(this.kernel, LWIP, 0, counters, (packet) => this.carry(packet, this.server));
    this.server = new TcpMachine(this.kernel, LINUX, 0, counters, (packet) => this.carry(packet, this.client));
    this.server.listen(accept);
  }

  run(ms: number): Promise<void> {
    return this.kernel.run(this.kernel.nowUs + ms * 1000);
  }

  private carry(packet: Packet, to: TcpMachine): void {
    if (!this.cut) this.kernel.schedule(this.kernel.nowUs + DELAY_US, { onEvent: () => to.receive(packet) }, null);
  }
}
