/**
 * Steps that the Wi-Fi and socket cases share: join, connect, and a record of what a socket's handlers were
 * told.
 */
import type { NetError, Socket, SocketHandlers } from '../index.ts';
import { eventually, same } from './expect.ts';
import type { PeerConnection, Rig } from './rig.ts';

/**
 * Everything a socket reported, in order: `connect`, `data` (runs of it as one entry), `drain` is left out,
 * `close`.
 */
export class Recorder implements SocketHandlers {
  readonly log: string[] = [];
  received = '';
  drains = 0;
  emptyReads = 0;
  error: NetError | null = null;
  /** What the case does besides recording. */
  also: Partial<SocketHandlers> = {};

  get connected(): boolean {
    return this.log.includes('connect');
  }

  get closed(): boolean {
    return this.log.includes('close');
  }

  onConnect(): void {
    this.log.push('connect');
    this.also.onConnect?.();
  }

  onData(bytes: string): void {
    if (this.log.at(-1) !== 'data') this.log.push('data');
    if (bytes === '') this.emptyReads++;
    this.received += bytes;
    this.also.onData?.(bytes);
  }

  onDrain(): void {
    this.drains++;
    this.also.onDrain?.();
  }

  onClose(error: NetError | null): void {
    this.log.push('close');
    this.error = error;
    this.also.onClose?.(error);
  }
}

export async function join(rig: Rig): Promise<void> {
  let result: string | null | undefined;
  rig.hal.wifi.connect(rig.accessPoint.ssid, rig.accessPoint.password, (failure) => {
    result = failure;
  });
  await eventually(rig, () => result !== undefined, 'the station joins');
  same(result, null, 'reason of a failed join');
}

export interface Session {
  socket: Socket;
  recorder: Recorder;
  peer: PeerConnection;
}

/** Joins, and opens a connection to a new server. */
export async function open(rig: Rig): Promise<Session> {
  await join(rig);
  return openAnother(rig);
}

export async function openAnother(rig: Rig): Promise<Session> {
  const server = await rig.listen();
  const recorder = new Recorder();
  const socket = rig.hal.net.connect(rig.host, server.port, recorder);
  await eventually(rig, () => recorder.connected && server.connections.length === 1, 'the connection opens');
  return { socket, recorder, peer: server.connections[0] };
}
