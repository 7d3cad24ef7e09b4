/**
 * The firmware's own client under the suite, on a scripted HAL: nothing in between, and no time passes but
 * what a case lets pass.
 */
import { FakeHal, type FakeSocket } from '../../testing/fake-hal.ts';
import { EchoClient } from '../echo-client.ts';
import type { Rig, Wire } from '../rig.ts';

export function makeFirmwareRig(): Rig {
  const hal = new FakeHal();
  return {
    digest: (text) => hal.crypto.base64(hal.crypto.sha1(text)),
    connect: async () => {
      new EchoClient(hal, 'server', 8000, () => {});
      const socket = hal.socket();
      socket.handlers.onConnect();
      return wireOf(socket, hal);
    },
  };
}

function wireOf(socket: FakeSocket, hal: FakeHal): Wire {
  return {
    get received() {
      return socket.writes.join('');
    },
    get ended() {
      return socket.destroyed || socket.ended;
    },
    write: (bytes) => socket.receive(bytes),
    end: () => socket.fin(),
    settle: async () => {},
    pass: async (ms) => hal.clock.advance(ms),
  };
}
