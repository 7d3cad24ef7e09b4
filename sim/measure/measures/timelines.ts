/** What each board's channel was doing, as the report draws it. */
import { BOARD_EVENTS } from '../fleet/board-view.ts';
import { measure, onEach } from './measure.ts';
import { Timeline } from './timeline.ts';

export const timelines = measure({
  metrics: {},
  create({ fleet, settings }) {
    const all = Array.from({ length: settings.boards }, () => new Timeline());
    const refresh = (index: number, atUs: number, cause: string): void => {
      const board = fleet.boards[index];
      const carries = fleet.carries(board);
      if (board.channel === 'open' && !carries) all[index].enter(atUs, 'dead', cause);
      else all[index].enter(atUs, board.channel, carries ? '' : cause);
    };
    return {
      handlers: {
        ...onEach(BOARD_EVENTS, ({ board: index, atUs, detail }) => refresh(index, atUs, detail)),
        ...onEach(['relay.down', 'relay.up'], ({ atUs, detail }) => {
          for (const index of all.keys()) refresh(index, atUs, detail);
        }),
      },
      boardResult(index, endUs) {
        const { merged } = all[index];
        return { timeline: all[index].segments(endUs), ...(merged > 0 ? { timelineMerged: merged } : {}) };
      },
    };
  },
});
