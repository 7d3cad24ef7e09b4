/** What TCP and TLS made of it: counted by the world, segment by segment, and taken from there at the end. */
import { counter, measure } from './measure.ts';

export const transport = measure({
  ofWorld: true,
  metrics: {
    tcp_segments: counter('segments', 'TCP segments sent by boards and relay, pure ACKs and retransmissions included.'),
    tcp_retransmits: counter('segments', 'Of tcp_segments: sent again, SYNs included.'),
    tls_bytes: counter('bytes', 'What TLS added to what boards and relay wrote: handshakes, alerts, and 29 bytes around each record.'),
  },
  create: ({ values }) => ({
    finish(_, { tcpSegments, tcpRetransmits, tlsBytes }) {
      values.tcp_segments = tcpSegments;
      values.tcp_retransmits = tcpRetransmits;
      values.tls_bytes = tlsBytes;
      return {};
    },
  }),
});
