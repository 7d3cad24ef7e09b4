/** Channels that became open, and how long the way there took. */
import { counter, distribution, measure } from './measure.ts';

export const connects = measure({
  metrics: {
    connects: counter('channels', "Times that a board's channel became open."),
    connect_ms: distribution('The board begins the TCP connect → its channel is open.'),
  },
  create({ values, distributions, settings }) {
    const byBoard = new Float64Array(settings.boards);
    return {
      handlers: {
        'channel.opened': ({ board: index, atUs }, { connection }) => {
          values.connects++;
          byBoard[index]++;
          if (connection !== null) distributions.connect_ms.record(atUs - connection.startedAtUs);
        },
      },
      boardResult: (index) => ({ connects: byBoard[index] }),
    };
  },
});
