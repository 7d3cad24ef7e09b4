/**
 * Returns every message as it came, text or binary: what one measures round trips with.
 *
 * Only the relay's acknowledgement of an echo is not echoed: it would be acknowledged again, for ever. For
 * the same reason a broadcasting relay should have one client that echoes, and an echoing relay none.
 */
import type { Hal } from 'hal';
import { createChannel } from '../channel/index.ts';
import type { DeviceConfig } from '../config.ts';

/** As the relay spells it in its envelopes `original` and `raw`. */
const ACKNOWLEDGEMENT = 'Server got your message!';

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  channel.onMessage((data, binary) => {
    if (!binary && data === ACKNOWLEDGEMENT) return;
    if (!channel.send(data, binary)) hal.log.line(`echo: no room for ${data.length} bytes`);
  });
}
