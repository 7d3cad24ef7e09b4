/** Moments in which the relay's process stood still and came back by itself. */
import { distribution, measure } from './measure.ts';

export const relayPauses = measure({
  metrics: { relay_pause_ms: distribution('The relay’s process paused (relay.slow) → it went on, or was killed.') },
  create({ distributions }) {
    let sinceUs = -1;
    const end = (atUs: number): void => {
      if (sinceUs >= 0) distributions.relay_pause_ms.record(atUs - sinceUs);
      sinceUs = -1;
    };
    return {
      handlers: {
        'relay.down': ({ detail: reason, atUs }) => {
          end(atUs);
          if (reason === 'pause') sinceUs = atUs;
        },
        'relay.up': ({ atUs }) => end(atUs),
      },
    };
  },
});
