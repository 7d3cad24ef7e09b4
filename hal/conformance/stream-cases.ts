/** net.ts, the bytes: order, every value, backpressure in both directions, and several sockets at once. */
import { check, eventually, quiet, same } from './expect.ts';
import { type ConformanceCase, RIG_FILES } from './rig.ts';
import { join, open, openAnother, Recorder } from './session.ts';

const ALL_BYTES = RIG_FILES['bytes.bin'];
/** More than any platform's send buffer (5,744 bytes on the ESP32) together with its window. */
const LARGE = numbered(64 * 1024);

export const STREAM_CASES: readonly ConformanceCase[] = [
  {
    name: 'all 256 byte values pass unchanged in both directions, and no read is empty',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      socket.write(ALL_BYTES);
      peer.write(ALL_BYTES);
      await eventually(rig, () => peer.received.length >= 256 && recorder.received.length >= 256, 'the bytes arrive');
      same(peer.received, ALL_BYTES, 'at the peer');
      same(recorder.received, ALL_BYTES, 'at the board');
      same(recorder.emptyReads, 0, 'empty reads');
    },
  },
  {
    name: 'many small writes arrive in order',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      const lines = Array.from({ length: 200 }, (_, i) => `${i};`);
      for (const line of lines) {
        socket.write(line);
        peer.write(line);
      }
      const all = lines.join('');
      await eventually(rig, () => peer.received.length >= all.length && recorder.received.length >= all.length, 'the bytes arrive');
      same(peer.received, all, 'at the peer');
      same(recorder.received, all, 'at the board');
    },
  },
  {
    name: 'what is written before onConnect is sent first',
    async run(rig) {
      await join(rig);
      const server = await rig.listen();
      const recorder = new Recorder();
      recorder.also.onConnect = () => socket.write('second');
      const socket = rig.hal.net.connect(rig.host, server.port, recorder);
      socket.write('first ');
      await eventually(rig, () => server.connections[0]?.received.length >= 12, 'the bytes arrive');
      same(server.connections[0].received, 'first second', 'at the peer');
    },
  },
  {
    name: 'a write of 64 KiB is never refused and arrives whole',
    async run(rig) {
      const { socket, peer } = await open(rig);
      socket.write(LARGE);
      await eventually(rig, () => peer.received.length >= LARGE.length, 'the bytes arrive');
      same(peer.received, LARGE, 'at the peer');
    },
  },
  {
    name: 'a writer that stops when write says false and goes on at onDrain gets everything across',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      let sent = 0;
      let welcome = true;
      const fill = () => {
        welcome = true;
        while (welcome && sent < LARGE.length) {
          welcome = socket.write(LARGE.slice(sent, sent + 1024));
          sent += 1024;
        }
      };
      recorder.also.onDrain = fill;
      fill();
      check(sent < LARGE.length, 'write never said false: 64 KiB were taken at once');
      await eventually(rig, () => peer.received.length >= LARGE.length, 'the bytes arrive');
      same(peer.received, LARGE, 'at the peer');
      if (!welcome) await eventually(rig, () => welcome, 'the last onDrain comes');
    },
  },
  {
    name: '64 KiB from the peer arrive whole and in order',
    async run(rig) {
      const { recorder, peer } = await open(rig);
      peer.write(LARGE);
      await eventually(rig, () => recorder.received.length >= LARGE.length, 'the bytes arrive');
      same(recorder.received, LARGE, 'at the board');
    },
  },
  {
    name: 'what is written after end is ignored',
    async run(rig) {
      const { socket, peer } = await open(rig);
      socket.write('before');
      socket.end();
      socket.write(' after');
      await eventually(rig, () => peer.ended, 'the FIN arrives');
      await quiet(rig);
      same(peer.received, 'before', 'at the peer');
    },
  },
  {
    name: 'what is written after destroy is ignored',
    async run(rig) {
      const { socket, peer } = await open(rig);
      socket.destroy();
      socket.write('after');
      await quiet(rig);
      same(peer.received, '', 'at the peer');
    },
  },
  {
    name: 'what comes during a short pause is there after it, in order',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      const little = LARGE.slice(0, 4096);
      socket.pause();
      peer.write(little);
      await quiet(rig);
      socket.resume();
      await eventually(rig, () => recorder.received.length >= little.length, 'the bytes arrive');
      same(recorder.received, little, 'at the board');
    },
  },
  {
    name: 'a paused socket stops reading and loses nothing',
    needs: 'holdsPeerBack',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      socket.pause();
      peer.write(LARGE);
      await quiet(rig);
      const atRest = recorder.received.length;
      check(atRest < LARGE.length, 'everything was delivered to a paused socket');
      await quiet(rig);
      same(recorder.received.length, atRest, 'bytes after a while in pause');
      socket.resume();
      await eventually(rig, () => recorder.received.length >= LARGE.length, 'the rest arrives');
      same(recorder.received, LARGE, 'at the board');
    },
  },
  {
    name: 'several sockets do not mix their bytes',
    async run(rig) {
      const sessions = [await open(rig), await openAnother(rig), await openAnother(rig)];
      sessions.forEach(({ socket, peer }, i) => {
        socket.write(`up ${i}`);
        peer.write(`down ${i}`);
      });
      await eventually(rig, () => sessions.every(({ recorder, peer }) => peer.received && recorder.received), 'the bytes arrive');
      await quiet(rig);
      sessions.forEach(({ recorder, peer }, i) => {
        same(peer.received, `up ${i}`, `at peer ${i}`);
        same(recorder.received, `down ${i}`, `at socket ${i}`);
      });
    },
  },
];

/**
 * `bytes` bytes in which every place looks different from its neighbourhood, so that a swap or a gap shows.
 */
function numbered(bytes: number): string {
  let text = '';
  for (let i = 0; text.length < bytes; i++) text += `${i},`;
  return text.slice(0, bytes);
}
