/**
 * What the relay's machine had no room for (sim/net/tcp/listener.ts), and moments in which its process stood
 * still and went on by itself.
 */
import { counter, distribution, measure } from './measure.ts';

export const relayMachine = measure({
  metrics: {
    accept_overflows: counter(
      'packets',
      'SYNs, and last packets of a handshake, that the relay’s machine lost because its accept queue was full; the boards try again by their TCP’s timers.',
    ),
    syn_cookies: counter('packets', 'SYNs that found the relay’s SYN queue full and were answered by a cookie.'),
    relay_pause_ms: distribution('The relay’s process paused (relay.slow) → it went on, or was killed.'),
  },
  create({ values, distributions }) {
    let sinceUs = -1;
    const end = (atUs: number): void => {
      if (sinceUs >= 0) distributions.relay_pause_ms.record(atUs - sinceUs);
      sinceUs = -1;
    };
    return {
      handlers: {
        'relay.overflow': ({ subject: what }) => {
          if (what === 'cookie') values.syn_cookies++;
          else values.accept_overflows++;
        },
        'relay.down': ({ detail: reason, atUs }) => {
          end(atUs);
          if (reason === 'pause') sinceUs = atUs;
        },
        'relay.up': ({ atUs }) => end(atUs),
      },
    };
  },
});
