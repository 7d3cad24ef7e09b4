/**
 * A board that tells a reading every few seconds, on a WebSocket library that reads pings and answers none,
 * as clients written for one server often do: its pongs never get to the socket.
 */

import { createChannel } from 'firmware/channel';
import type { DeviceConfig } from 'firmware/config';
import type { Hal, Net, Socket } from 'hal';

const EVERY_MS = 3_250;

/** First byte of a pong: FIN and opcode 10 (RFC 6455 section 5.2). A frame is one write. */
const PONG = '\x8a';

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel({ ...hal, net: withoutPongs(hal.net) }, config);
  const tell = (): void => {
    channel.send('t=21.5');
    hal.clock.setTimeout(tell, EVERY_MS);
  };
  hal.clock.setTimeout(tell, EVERY_MS);
}

function withoutPongs(net: Net): Net {
  return {
    connect(host, port, handlers, tls) {
      const socket = net.connect(host, port, handlers, tls);
      const withheld: Socket = {
        write: (bytes) => bytes.charAt(0) === PONG || socket.write(bytes),
        end: () => socket.end(),
        destroy: () => socket.destroy(),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
      };
      return withheld;
    },
  };
}
