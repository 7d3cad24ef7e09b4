/** How long boards were without their channel once they had lost it. */
import { distribution, type Handler, measure, onEach } from './measure.ts';

const NEVER = -1;

export const reconnects = measure({
  metrics: { reconnect_ms: distribution("A board's channel leaves open → it is open again.") },
  create({ distributions, settings }) {
    /** When each board's channel was lost; NEVER while it is open or was not yet. */
    const lostAtUs = new Float64Array(settings.boards).fill(NEVER);
    const lost: Handler = ({ board: index, atUs }, { channelWasOpen }) => {
      if (channelWasOpen) lostAtUs[index] = atUs;
    };
    return {
      handlers: {
        'channel.lost': lost,
        'board.lost': lost,
        ...onEach(['board.joined', 'board.left'], ({ board: index }) => {
          lostAtUs[index] = NEVER;
        }),
        'channel.opened': ({ board: index, atUs }) => {
          if (lostAtUs[index] !== NEVER) distributions.reconnect_ms.record(atUs - lostAtUs[index]);
          lostAtUs[index] = NEVER;
        },
      },
    };
  },
});
