/**
 * What the attackers of the abuse suite have in common: sockets that may fail at any time, and floods that
 * end by themselves.
 */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { upgradeRequest } from '../test-relay.ts';
import { HOST } from './relay-process.ts';

/** How long a flood lasts, ms: enough to reach every bound. ABUSE_SECONDS asks for more. */
const FLOOD_MS = 1_000 * Number(process.env.ABUSE_SECONDS ?? 1);
/** Connections that are opened at the same time: a listen queue has 511 places. */
const OPENED_TOGETHER = 200;
/** Of a megabyte: more than buffers take. */
const MAX_FILLS = 100;
/** Unread data of one socket that is enough to keep it busy, bytes. */
const BUSY_BYTES = 1_000_000;

export function dial(port: number): Socket {
  const socket = connect(port, HOST);
  socket.on('error', () => {}); // 'close' follows
  return socket;
}

/** A connection that has asked for the id; the answer is the second value, '' when there was none. */
export async function join(port: number, id: string): Promise<[Socket, string]> {
  const socket = dial(port);
  socket.write(upgradeRequest(`/${id}`));
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (bytes) => resolve(String(bytes)));
    socket.once('close', () => resolve(''));
  });
  return [socket, await answer];
}

/**
 * So many connections with ids of their own, all open. @param onJoin is told of each at once, before anything
 * comes
 */
export async function joinAll(port: number, count: number, prefix: string, onJoin: (socket: Socket) => void = () => {}): Promise<Socket[]> {
  const sockets: Socket[] = [];
  let next = 0;
  const joinOneByOne = async () => {
    while (next < count) {
      const [socket, answer] = await join(port, `${prefix}-${next++}`);
      if (!answer.startsWith('HTTP/1.1 101')) continue;
      sockets.push(socket);
      onJoin(socket);
    }
  };
  await Promise.all(Array.from({ length: OPENED_TOGETHER }, joinOneByOne));
  return sockets;
}

/** Calls `act` again and again for as long as a flood lasts, and lets others have their turn. */
export async function flood(act: () => unknown): Promise<void> {
  const startMs = performance.now();
  while (performance.now() - startMs < FLOOD_MS) {
    await act();
    await sleep(1);
  }
}

/**
 * Says so much again and again until somebody loses messages: first the buffers of the operating system get
 * full, some MB for each who does not read.
 */
export async function fillBuffers(speaker: Socket, bytes: Buffer, isLosing: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < MAX_FILLS && !(await isLosing()); i++) await new Promise((resolve) => speaker.write(bytes, resolve));
}

/** Writes as fast as the other side reads, and no faster. */
export function push(socket: Socket, bytes: Buffer): void {
  if (socket.writable && socket.writableLength < BUSY_BYTES) socket.write(bytes);
}
