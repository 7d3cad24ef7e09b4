/** How long it took each side to notice that a connection had fallen silent. */
import { distribution, measure } from './measure.ts';

export const detection = measure({
  metrics: {
    detect_ms: distribution(
      'A connection falls silent with its session open (link down, Wi-Fi lost, board rebooted, connection forgotten by a NAT) → the relay closes the session. Forgotten when the link heals with both ends open; a relay that is down detects nothing.',
    ),
    board_detect_ms: distribution(
      "A connection falls silent (link down, Wi-Fi lost, connection forgotten by a NAT) → the board's channel leaves open. Forgotten when the link heals with both ends open.",
    ),
  },
  create: ({ distributions, fleet }) => ({
    handlers: {
      // A relay that stops closes sessions, but has not detected anything.
      'ws.close': ({ atUs, detail: cause }, { connection }) => {
        if (connection === null || connection.silentSinceUs < 0 || !fleet.relayUp || cause === 'shutdown') return;
        distributions.detect_ms.record(atUs - connection.silentSinceUs);
      },
      'channel.lost': ({ atUs }, { connection }) => {
        if (connection !== null && connection.silentSinceUs >= 0) distributions.board_detect_ms.record(atUs - connection.silentSinceUs);
      },
    },
  }),
});
