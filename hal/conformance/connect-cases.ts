/** net.ts, the life of a socket: how it opens, how it fails, and the ways it ends. */
import { check, eventually, quiet, same } from './expect.ts';
import type { ConformanceCase, Rig } from './rig.ts';
import { join, open, Recorder } from './session.ts';

export const CONNECT_CASES: readonly ConformanceCase[] = [
  {
    name: 'connect calls no handler from within, then onConnect once and first',
    async run(rig) {
      await join(rig);
      const server = await rig.listen();
      const recorder = new Recorder();
      rig.hal.net.connect(rig.host, server.port, recorder);
      same(recorder.log.join(), '', 'callbacks from within connect');
      await eventually(rig, () => recorder.connected && server.connections.length === 1, 'the connection opens');
      server.connections[0].write('hello');
      await eventually(rig, () => recorder.received === 'hello', 'data arrives');
      await quiet(rig);
      same(recorder.log.join(), 'connect,data', 'callbacks');
    },
  },
  {
    name: 'a refused connect ends with one onClose and nothing else, without an exception',
    run: async (rig) => {
      await failedConnect(rig, rig.host, rig.refusedPort);
    },
  },
  {
    name: 'an unknown host ends with one onClose and nothing else, without an exception',
    run: async (rig) => {
      await failedConnect(rig, rig.unknownHost, 80);
    },
  },
  {
    name: 'a refused connect says refused, an unknown host says dns',
    needs: 'namesErrors',
    async run(rig) {
      same((await failedConnect(rig, rig.host, rig.refusedPort)).error?.kind, 'refused', 'kind for a refused connect');
      same((await failedConnect(rig, rig.unknownHost, 80)).error?.kind, 'dns', 'kind for an unknown host');
    },
  },
  {
    name: 'a connect that nobody answers can be given up in silence',
    needs: 'silent',
    async run(rig) {
      await join(rig);
      const recorder = new Recorder();
      const socket = rig.hal.net.connect(rig.silent?.host ?? '', rig.silent?.port ?? 0, recorder);
      await quiet(rig);
      same(recorder.log.join(), '', 'callbacks while nobody answers');
      socket.destroy();
      await quiet(rig);
      same(recorder.log.join(), '', 'callbacks after destroy');
    },
  },
  {
    name: 'a FIN of the peer gives onClose(null) once and last, after all data, and the peer sees the end',
    async run(rig) {
      const { recorder, peer } = await open(rig);
      peer.write('x'.repeat(5000));
      peer.end();
      await eventually(rig, () => recorder.closed && peer.closed, 'both sides close');
      await quiet(rig);
      same(recorder.received.length, 5000, 'bytes received');
      same(recorder.log.join(), 'connect,data,close', 'callbacks');
      same(recorder.error, null, 'error');
    },
  },
  {
    name: 'end sends FIN after everything written, and gives onClose(null) once and last when the peer has ended too',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      socket.write('y'.repeat(5000));
      socket.end();
      socket.end();
      await eventually(rig, () => peer.ended, 'the FIN arrives');
      same(peer.received.length, 5000, 'bytes before the FIN');
      peer.end();
      await eventually(rig, () => recorder.closed && peer.closed, 'both sides close');
      await quiet(rig);
      same(recorder.log.join(), 'connect,close', 'callbacks');
      same(recorder.error, null, 'error');
    },
  },
  {
    name: 'after end, onClose(null) waits for the peer, whose data still arrives',
    needs: 'readsAfterEnd',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      socket.end();
      await eventually(rig, () => peer.ended, 'the FIN arrives');
      await quiet(rig);
      check(!recorder.closed, 'onClose came before the FIN of the peer');
      peer.write('bye');
      peer.end();
      await eventually(rig, () => recorder.closed, 'the socket closes');
      await quiet(rig);
      same(recorder.received, 'bye', 'data after end');
      same(recorder.log.join(), 'connect,data,close', 'callbacks');
      same(recorder.error, null, 'error');
    },
  },
  {
    name: 'a reset by the peer gives onClose once and last',
    async run(rig) {
      const { recorder, peer } = await open(rig);
      peer.reset();
      await eventually(rig, () => recorder.closed, 'the socket closes');
      await quiet(rig);
      same(recorder.log.join(), 'connect,close', 'callbacks');
    },
  },
  {
    name: 'a reset by the peer says reset',
    needs: 'namesErrors',
    async run(rig) {
      const { recorder, peer } = await open(rig);
      peer.reset();
      await eventually(rig, () => recorder.closed, 'the socket closes');
      same(recorder.error?.kind, 'reset', 'kind');
    },
  },
  {
    name: 'a closed socket takes every call in silence',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      peer.end();
      await eventually(rig, () => recorder.closed, 'the socket closes');
      socket.write('too late');
      socket.end();
      socket.pause();
      socket.resume();
      socket.destroy();
      socket.destroy();
      await quiet(rig);
      same(recorder.log.join(), 'connect,close', 'callbacks');
      same(peer.received, '', 'bytes at the peer');
    },
  },
  {
    name: 'destroy right after connect means silence',
    async run(rig) {
      await join(rig);
      const server = await rig.listen();
      const recorder = new Recorder();
      rig.hal.net.connect(rig.host, server.port, recorder).destroy();
      await quiet(rig);
      same(recorder.log.join(), '', 'callbacks');
    },
  },
  {
    name: 'destroy within onConnect means silence',
    async run(rig) {
      await join(rig);
      const server = await rig.listen();
      const recorder = new Recorder();
      recorder.also.onConnect = () => socket.destroy();
      const socket = rig.hal.net.connect(rig.host, server.port, recorder);
      await eventually(rig, () => recorder.connected, 'the connection opens');
      server.connections[0]?.write('hello');
      await quiet(rig);
      same(recorder.log.join(), 'connect', 'callbacks');
    },
  },
  {
    name: 'destroy within onData means silence, with more data and a FIN on the way',
    async run(rig) {
      const { socket, recorder, peer } = await open(rig);
      let received = '';
      recorder.also.onData = () => {
        received = recorder.received;
        socket.destroy();
      };
      peer.write('z'.repeat(20_000));
      peer.end();
      await eventually(rig, () => received !== '', 'data arrives');
      const drains = recorder.drains;
      await quiet(rig);
      same(recorder.received.length, received.length, 'bytes received');
      same(recorder.drains, drains, 'drains');
      same(recorder.log.join(), 'connect,data', 'callbacks');
    },
  },
];

async function failedConnect(rig: Rig, host: string, port: number): Promise<Recorder> {
  await join(rig);
  const recorder = new Recorder();
  const socket = rig.hal.net.connect(host, port, recorder);
  same(recorder.log.join(), '', 'callbacks from within connect');
  await eventually(rig, () => recorder.closed, 'the connect fails');
  socket.write('too late');
  socket.end();
  socket.destroy();
  await quiet(rig);
  same(recorder.log.join(), 'close', 'callbacks');
  check(recorder.error !== null, 'onClose got null for a connection that never was');
  return recorder;
}
