/**
 * TLS on a board: its side of the connection (net/tls/), and what that costs its one CPU. RSA holds the CPU
 * while it computes; on a platform whose handshake blocks, so does all the waiting in between.
 */
import type { TlsSettings } from 'hal';
import type { Timeline } from '../kernel/timeline.ts';
import { US_PER_MS } from '../kernel/units.ts';
import type { TcpHandlers } from '../net/tcp/endpoint.ts';
import type { Certificates } from '../net/tls/certificates.ts';
import { ClientHandshake } from '../net/tls/client.ts';
import type { TlsCosts, TlsProcessor } from '../net/tls/processor.ts';
import { type TlsCounters, TlsStream } from '../net/tls/stream.ts';
import type { ByteStream } from '../net/wire/byte-stream.ts';
import type { Cpu } from './cpu.ts';
import type { DeviceProfile } from './profiles/index.ts';
import type { BoardSocket } from './socket.ts';

/**
 * A blocking handshake with a silent peer is given up after so long, ms: the limit of `esp_tls`
 * (esp_tls.c:121).
 */
const BLOCKING_HANDSHAKE_MS = 10_000;
/** What held the CPU, as a stall names it. */
const REASON = 'tls';

export interface BoardTlsParts {
  kernel: Timeline;
  cpu: Cpu;
  profile: DeviceProfile;
  counters: TlsCounters;
  certificates: Certificates;
  /** By the board's calendar. */
  epochMs: () => number;
}

export class BoardTls implements TlsProcessor {
  readonly costs: TlsCosts;
  private readonly parts: BoardTlsParts;
  /** Counts resets: what was computed in an earlier life is ignored. */
  private life = 0;

  constructor(parts: BoardTlsParts) {
    this.parts = parts;
    this.costs = parts.profile.tls;
  }

  reset(): void {
    this.life++;
  }

  /** @param open opens the TCP connection underneath */
  connect(host: string, settings: TlsSettings, socket: BoardSocket, open: (handlers: TcpHandlers) => ByteStream): ByteStream {
    const { profile, counters, certificates, epochMs } = this.parts;
    const parts = { settings, host, certificates, processor: this, epochMs };
    const stream = new TlsStream(counters, this, (owner) => new ClientHandshake(owner, parts));
    stream.setHandlers(socket);
    const onConnect = (): void => {
      socket.onTransport();
      if (profile.tlsHandshakeBlocks) this.block(socket, stream);
      stream.onConnect();
    };
    const [onReadable, onDrain] = [() => stream.onReadable(), () => stream.onDrain()];
    stream.attach(open({ onConnect, onReadable, onDrain, onClose: (end) => stream.onClose(end) }));
    return stream;
  }

  compute(us: number, then: () => void): void {
    if (us === 0) {
      then();
      return;
    }
    const { cpu, kernel, profile } = this.parts;
    const execute = (): void => {
      cpu.charge(us, REASON);
      this.at(cpu.freeAtUs, then);
    };
    if (!profile.tlsHandshakeBlocks) {
      cpu.run({ execute });
      return;
    }
    cpu.activity?.cpu(us, REASON, kernel.nowUs);
    this.at(kernel.nowUs + us, then);
  }

  spend(us: number): void {
    this.parts.cpu.charge(us);
  }

  private at(atUs: number, then: () => void): void {
    const { life } = this;
    this.parts.kernel.schedule(atUs, { onEvent: () => this.life === life && then() }, null);
  }

  private block(socket: BoardSocket, stream: TlsStream): void {
    const { cpu, kernel } = this.parts;
    cpu.block(REASON);
    this.at(kernel.nowUs + BLOCKING_HANDSHAKE_MS * US_PER_MS, () => {
      if (!stream.handshaking) return;
      stream.release();
      socket.fail('timeout');
    });
  }
}
