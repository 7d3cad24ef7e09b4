/**
 * A TCP port that answers no SYN, on a computer where packets cannot be swallowed: a listener in a thread
 * that stands still, with its queue of connections filled, so that the kernel drops every further SYN (Linux
 * does; net.ipv4.tcp_abort_on_overflow is 0 by default).
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Listens, says its port, and never runs again. */
const LISTENER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** A queue of backlog + 1, and a few to spare. */
const QUEUE_MAX = 8;
/** A connect over loopback that takes longer is not answered, ms. */
const ANSWER_MS = 100;

export interface SilentServer {
  host: string;
  port: number;
  close(): Promise<void>;
}

export async function openSilentServer(): Promise<SilentServer> {
  const worker = new Worker(LISTENER, { eval: true });
  const port = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  const queued: Socket[] = [];
  const close = async () => {
    for (const socket of queued) socket.destroy();
    await worker.terminate();
  };
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    queued.push(socket);
    await delay(ANSWER_MS);
    if (socket.connecting) return { host: '127.0.0.1', port, close };
    if (queued.length === QUEUE_MAX) throw await close().then(() => new Error('the kernel answers although the queue is full'));
  }
}
