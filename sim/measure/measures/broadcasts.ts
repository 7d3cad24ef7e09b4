/**
 * Copies of messages that the relay fans out, matched by order: relay → connection → app. Its replies take
 * their place in the order without being counted.
 */
import { UNCOUNTED } from '../fleet/time-fifo.ts';
import { counter, distribution, type Handler, measure } from './measure.ts';

export const broadcasts = measure({
  metrics: {
    broadcasts_sent: counter('messages', "Copies of one board's message that the relay wrote to another board's session."),
    broadcasts_delivered: {
      ...counter('messages', "Of broadcasts_sent: given to the receiving board's app, at the latest during the drain."),
      betterHigh: true,
    },
    broadcast_latency_ms: distribution("The relay sends a broadcast → the receiving board's app gets it."),
  },
  create({ values, distributions }) {
    const latency = distributions.broadcast_latency_ms;
    const received: Handler = ({ atUs }, { connection }) => {
      const sentAtUs = connection === null ? UNCOUNTED : connection.down.shift();
      if (sentAtUs === UNCOUNTED) return;
      values.broadcasts_delivered++;
      latency.record(atUs - sentAtUs);
    };
    return {
      handlers: {
        'relay.sent': ({ subject: kind, atUs }, { connection }) => {
          const counts = kind === 'broadcast';
          if (counts) values.broadcasts_sent++;
          if (connection !== null && connection.boardEnd === 'open') connection.down.push(counts ? atUs : UNCOUNTED);
        },
        'message.received': received,
      },
      draining: {
        'relay.sent': (_, { connection }) => {
          if (connection !== null && connection.boardEnd === 'open') connection.down.push(UNCOUNTED);
        },
        'message.received': received,
      },
    };
  },
});
