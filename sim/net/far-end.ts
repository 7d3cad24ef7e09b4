/** What stands at the far end of a world's links: the relay inside the world, or a bridge to a real one. */
import type { SocketSnapshot } from './tcp/netstat.ts';
import type { Packet } from './wire/packet.ts';

export interface RelayMachine {
  readonly running: boolean;
  start(): void;
  /** Ends the process: connections end with FIN, new ones are refused. */
  kill(): void;
  /** The machine is gone without a word, and answers nothing until the next start. */
  vanish(): void;
  /** Stops the process in its tracks, or lets it go on. @returns false when that changes nothing */
  setHung(on: boolean): boolean;
  receive(packet: Packet): void;
  /** Its TCP connections. */
  tcpSockets(): SocketSnapshot[];
}
