/**
 * The apps' messages: which were sent, which were refused, which arrived, how long they took.
 *
 * Messages carry no number, so what arrives is matched with what was sent by order: app → outbox → connection
 * → relay. What a connection holds when its receiving end is over is lost.
 */
import { UNCOUNTED } from '../fleet/time-fifo.ts';
import { counter, distribution, type Handlers, measure } from './measure.ts';

export const messages = measure({
  metrics: {
    messages_sent: counter('messages', "Messages that boards' apps gave to the channel, those that the channel refused included."),
    messages_refused: counter('messages', 'Of messages_sent: refused by the channel (`send` returned false), and so never sent.'),
    'messages_refused.too_big': counter('messages', 'Of messages_refused: above 64 KiB.'),
    'messages_refused.not_utf8': counter(
      'messages',
      'Of messages_refused: text that is not UTF-8 bytes; `utf8Encode` makes them from `ü` and `°`.',
    ),
    'messages_refused.not_bytes': counter('messages', 'Of messages_refused: binary data with a character above U+00FF.'),
    'messages_refused.not_string': counter('messages', 'Of messages_refused: a number or something else that is no string.'),
    'messages_refused.outbox_full': counter('messages', 'Of messages_refused: no room in the outbox while the channel was not open.'),
    messages_delivered: {
      ...counter('messages', 'Of messages_sent: arrived at the relay, at the latest during the drain.'),
      betterHigh: true,
    },
    messages_lost: counter('messages', 'messages_sent − messages_delivered.'),
    message_latency_ms: distribution("The board's app sends a message → the relay receives it; time in the outbox included."),
  },
  create({ values, distributions, settings }) {
    const latency = distributions.message_latency_ms;
    const sent = new Float64Array(settings.boards);
    const delivered = new Float64Array(settings.boards);
    const underWay: Handlers = {
      'message.written': (_, { board, connection }) => {
        const sentAtUs = board.outbox.shift();
        if (connection !== null && connection.session !== 'closed') connection.up.push(sentAtUs);
      },
      'relay.received': ({ board: index, atUs }, { connection }) => {
        const sentAtUs = connection === null ? UNCOUNTED : connection.up.shift();
        if (sentAtUs === UNCOUNTED) return;
        values.messages_delivered++;
        delivered[index]++;
        latency.record(atUs - sentAtUs);
      },
    };
    return {
      handlers: {
        ...underWay,
        'message.sent': ({ board: index, atUs }, { board }) => {
          board.outbox.push(atUs);
          values.messages_sent++;
          sent[index]++;
        },
        // Why is a MessageRefusal of firmware/events.ts; any other is only in the sum.
        'message.dropped': ({ board: index, detail: why }) => {
          values.messages_sent++;
          sent[index]++;
          values.messages_refused++;
          const reason = `messages_refused.${why}`;
          if (Object.hasOwn(values, reason)) values[reason as keyof typeof values]++;
        },
      },
      // What is sent now keeps its place in the order, and does not count.
      draining: { ...underWay, 'message.sent': (_, { board }) => board.outbox.push(UNCOUNTED) },
      finish() {
        values.messages_lost = values.messages_sent - values.messages_delivered;
        return {};
      },
      boardResult: (index) => ({ messagesSent: sent[index], messagesLost: sent[index] - delivered[index] }),
    };
  },
});
