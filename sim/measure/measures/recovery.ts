/**
 * From "the network is restored" to "the channel is open again", board by board.
 *
 * A board whose channel is open when the network comes back may have slept through the outage or may sit on a
 * dead connection; nobody can tell yet. It stays under suspicion until something gets through that connection
 * (it slept: no sample) or the channel opens anew (it was dead: a sample).
 */
import type { Connection } from '../fleet/connection.ts';
import { distribution, measure, onEach } from './measure.ts';

const NOT_RECOVERING = -1;

export const recovery = measure({
  metrics: {
    recovery_ms: distribution(
      'The network is restored (link up or relay up, the other being up) → the channel is open again, for boards whose channel was not open then, or turned out dead before anything got through it.',
    ),
  },
  create({ distributions, fleet, settings }) {
    const sinceUs = new Float64Array(settings.boards).fill(NOT_RECOVERING);
    /** The open connection that may have survived. */
    const suspects = new Array<Connection | null>(settings.boards).fill(null);
    const networkRestored = (index: number, atUs: number): void => {
      const { channel, open } = fleet.boards[index];
      if (channel === 'off') return;
      sinceUs[index] = atUs;
      suspects[index] = open;
    };
    /** Also when the network breaks: the next restoration is the one to measure from. */
    const forget = (index: number): void => {
      sinceUs[index] = NOT_RECOVERING;
      suspects[index] = null;
    };
    return {
      handlers: {
        ...onEach(['relay.received', 'message.received', 'pong.received', 'relay.pong'], ({ board: index }, { connection }) => {
          if (connection === null || suspects[index] !== connection) return;
          if (connection.boardEnd === 'open' && connection.session === 'open') forget(index);
        }),
        'channel.opened': ({ board: index, atUs }) => {
          if (sinceUs[index] >= 0) distributions.recovery_ms.record(atUs - sinceUs[index]);
          forget(index);
        },
        ...onEach(['link.down', 'board.joined', 'board.left'], ({ board: index }) => forget(index)),
        'link.up': ({ board: index, atUs }, { board, linkWasUp }) => {
          if (fleet.relayUp && board.linkUp && !linkWasUp) networkRestored(index, atUs);
        },
        'relay.down': () => {
          for (const index of fleet.boards.keys()) forget(index);
        },
        'relay.up': ({ atUs }) => {
          for (const [index, board] of fleet.boards.entries()) if (board.linkUp) networkRestored(index, atUs);
        },
      },
    };
  },
});
