/** What the relay's machine had no room for (sim/net/tcp/listener.ts). */
import { counter, measure } from './measure.ts';

export const listening = measure({
  metrics: {
    accept_overflows: counter(
      'packets',
      'SYNs, and last packets of a handshake, that the relay’s machine lost because its accept queue was full; the boards try again by their TCP’s timers.',
    ),
    syn_cookies: counter('packets', 'SYNs that found the relay’s SYN queue full and were answered by a cookie.'),
  },
  create: ({ values }) => ({
    handlers: {
      'relay.overflow': ({ subject: what }) => {
        if (what === 'cookie') values.syn_cookies++;
        else values.accept_overflows++;
      },
    },
  }),
});
