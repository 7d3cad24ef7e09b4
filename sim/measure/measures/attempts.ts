/**
 * Connections that were over for the board before its channel was open; each once, whatever tells of it
 * first.
 */
import type { Connection } from '../fleet/connection.ts';
import { counter, measure } from './measure.ts';

export const attempts = measure({
  metrics: { connect_failures: counter('attempts', 'TCP connects begun by boards that ended before the channel was open.') },
  create({ values }) {
    const count = (connection: Connection | null): void => {
      if (connection === null || connection.wasOpen || connection.failureCounted) return;
      connection.failureCounted = true;
      values.connect_failures++;
    };
    return {
      handlers: {
        'tcp.closed': (_, { connection }) => count(connection),
        'attempt.failed': (_, { connection }) => count(connection),
        'board.lost': (_, { connectionsBefore }) => connectionsBefore.forEach(count),
      },
    };
  },
});
