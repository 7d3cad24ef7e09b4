/**
 * Mosquitto under the load of the relays, where it is installed: so many subscribers of one topic, a
 * publisher, QoS 0 (MQTT 3.1.1). Packets are made by hand, as a client library in the measuring process would
 * be the bottleneck.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from 'host/units';
import { freePort } from '../free-port.ts';
import { HOST } from './server.ts';

/** Of /proc, on every Linux that Node runs on. */
const US_PER_TICK = 10_000;
const TICK_MS = 1;
/** How long a broker may take to listen, and how often to look. */
const START_MS = 5_000;
const LOOK_MS = 50;

/** All packets here are shorter than 128 bytes, so that their length is one byte. Section 2.2. */
const packet = (type: number, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([type, body.length]), body]);
};
const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
/** Section 3.1: protocol level 4, clean session, no keepalive. */
const CONNECT = (id: string) => packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 0]), text(id));
/** Section 3.8: packet 1, one topic, QoS 0. */
const SUBSCRIBE = packet(0x82, Buffer.from([0, 1]), text('t'), Buffer.from([0]));
const PUBLISH = packet(0x30, text('t'), Buffer.from('x'.repeat(16)));

/** @returns CPU time of a delivery, or null when there is no Mosquitto */
export async function mosquittoCpuUs(clients: number, messagesPerS: number, durationMs: number): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), 'squall-mosquitto-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} ${HOST}\nallow_anonymous true\nmax_queued_messages 0\n`);
  const broker = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
  try {
    const isRunning = await Promise.race([once(broker, 'spawn').then(() => true), once(broker, 'error').then(() => false)]).catch(
      () => false,
    );
    return isRunning ? await measure(broker, port, clients, messagesPerS, durationMs) : null;
  } finally {
    broker.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(broker: ChildProcess, port: number, clients: number, messagesPerS: number, durationMs: number): Promise<number> {
  let receivedBytes = 0;
  const sockets: Socket[] = [];
  for (let i = 0; i < clients; i++) {
    const socket = await open(port, `receiver-${i}`);
    socket.write(SUBSCRIBE);
    await once(socket, 'data');
    socket.on('data', ({ length }) => {
      receivedBytes += length;
    });
    sockets.push(socket);
  }
  const sender = await open(port, 'sender');
  const [startUs, startMs] = [cpuUs(broker), performance.now()];
  for (let sent = 0, elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - startMs) {
    for (const due = (elapsedMs / SECOND_MS) * messagesPerS; sent < due; sent++) sender.write(PUBLISH);
    await sleep(TICK_MS);
  }
  await sleep(LOOK_MS);
  const cost = (cpuUs(broker) - startUs) / (receivedBytes / PUBLISH.length);
  for (const socket of [...sockets, sender]) socket.destroy();
  return cost;
}

async function open(port: number, id: string): Promise<Socket> {
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const socket = connect(port, HOST);
    try {
      await once(socket, 'connect');
      socket.on('error', () => {}); // at the end, when the broker is killed
      socket.write(CONNECT(id));
      await once(socket, 'data');
      return socket;
    } catch (error) {
      if (waitedMs >= START_MS) throw new Error('mosquitto does not listen', { cause: error });
      await sleep(LOOK_MS);
    }
  }
}

/** User and system time: fields 14 and 15 of proc(5), counted behind the name, which may have spaces. */
function cpuUs({ pid }: ChildProcess): number {
  const [, fields] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user + system) * US_PER_TICK;
}
