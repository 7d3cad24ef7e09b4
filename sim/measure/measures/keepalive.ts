/** What keeps a channel alive: pings and pongs of both sides, how long they took, and what they cost. */
import { US_PER_MS } from '../../kernel/units.ts';
import { counter, distribution, type Handler, measure } from './measure.ts';

export const keepalive = measure({
  metrics: {
    pings_sent: counter('pings', "Pings sent by the relay's and the boards' keepalives."),
    pongs_received: {
      ...counter('pongs', "Answers to those pings, as they reached the pinging side's keepalive."),
      betterHigh: true,
    },
    keepalive_bytes: counter(
      'bytes',
      "WebSocket frame bytes of the relay's pings, their pongs received, the boards' pings, and the relay's answers to them.",
    ),
    ping_rtt_ms: distribution('Ping → its pong, both keepalives.'),
  },
  create({ values, distributions }) {
    const recordRoundTrip = (ms: number): void => distributions.ping_rtt_ms.record(Math.round(ms * US_PER_MS));
    const pinged: Handler = ({ value: bytes }) => {
      values.pings_sent++;
      values.keepalive_bytes += bytes;
    };
    return {
      handlers: {
        'ping.sent': pinged,
        'relay.ping': pinged,
        'pong.received': ({ value: ms }) => {
          values.pongs_received++;
          recordRoundTrip(ms);
        },
        'relay.pong': ({ value: bytes, detail: ms }) => {
          values.pongs_received++;
          values.keepalive_bytes += bytes;
          recordRoundTrip(Number(ms));
        },
        'relay.ping_answered': ({ value: bytes }) => {
          values.keepalive_bytes += bytes;
        },
      },
    };
  },
});
