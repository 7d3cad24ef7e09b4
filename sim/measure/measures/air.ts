/**
 * The air that boards share: counted by whoever watches it (run/air-watch.ts), and taken from there at the
 * end.
 */
import { counter, gauge, measure } from './measure.ts';

export const air = measure({
  ofWorld: true,
  metrics: {
    air_frames: counter(
      'frames',
      'Frames that boards and access points put on the air they share, each try by itself; 0 where each board has an air of its own.',
    ),
    air_collisions: counter('frames', 'Of air_frames: overlapped by another frame where they were to be received, and lost by that.'),
    air_retries: counter('frames', 'Of air_frames: tries after the first.'),
    retry_drops: counter('packets', 'Given up by a board or an access point after the last try on the air.'),
    queue_drops: counter('packets', 'For which the queue of a board’s or an access point’s radio had no room.'),
    air_busy: gauge(
      'share',
      'Time in which anything was on the air of the busiest channel: frames, acknowledgements, beacons, other networks.',
    ),
    air_full_s: gauge('s', 'Seconds in which packets waited at an access point all the time; of the access point that has most of them.'),
    ap_queue_max: gauge('packets', 'Most packets that waited at an access point at a time, those on the air included.'),
  },
  create: ({ values }) => ({
    finish(_, { air }) {
      Object.assign(values, air);
      return {};
    },
  }),
});
