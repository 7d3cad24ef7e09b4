/**
 * Firmware that boards got in place of what they ran, by cable or over the air: from `update.begun` to the
 * first channel that the new firmware opens.
 */
import { counter, distribution, type Handler, measure } from '../measure.ts';

const NONE = -1;

export const updates = measure({
  metrics: {
    updates: {
      ...counter('updates', 'Boards whose channel opened with other firmware, for each time that they got some.'),
      betterHigh: true,
    },
    update_rollbacks: counter(
      'updates',
      'Images that did not reach their channel in time, or before the next reset: the one before was booted again.',
    ),
    update_bytes: counter('bytes', 'Of images over the air: what boards received, chunks that came again included.'),
    update_ms: distribution('A board takes the first offer of an image, or gets its firmware by cable → its channel is open with it.'),
  },
  create({ values, distributions, settings }) {
    const sinceUs = new Float64Array(settings.boards).fill(NONE);
    /** What was begun, by board: what goes on after a reset is the same update. */
    const what = new Array<string>(settings.boards).fill('');
    const runs = new Uint8Array(settings.boards);
    const started: Handler = ({ board, detail: why }) => {
      runs[board] = why === 'rolled_back' ? 0 : 1;
    };
    return {
      handlers: {
        'update.begun': ({ board, subject, atUs }) => {
          if (what[board] === subject) return;
          what[board] = subject;
          sinceUs[board] = atUs;
          runs[board] = 0;
        },
        'update.chunk': ({ value: bytes }) => {
          values.update_bytes += bytes;
        },
        'board.update': (event, change) => {
          if (event.detail === 'rolled_back') values.update_rollbacks++;
          started(event, change);
        },
        'board.joined': started,
        'channel.opened': ({ board, atUs }) => {
          if (sinceUs[board] === NONE || runs[board] === 0) return;
          values.updates++;
          distributions.update_ms.record(atUs - sinceUs[board]);
          sinceUs[board] = NONE;
          what[board] = '';
        },
      },
    };
  },
});
