/**
 * How strong an access point is where a board is: the board moves, or a door closes. Several of them make a
 * walk (`link: { trace: FILE }` with a column for each).
 */
import type { Draw } from '../../../kernel/draw.ts';
import { LINK_FIELDS } from '../../../net/link/settings.ts';
import { type Action, apField, apsOf, onEach } from '../action.ts';

/** A receiver that gets most frames; and one that loses beacons, drawn seldom. */
const FUZZED_DBM = [-85, -40] as const;
const FUZZED_WEAK_DBM = [-104, -94] as const;

export const apSignal: Action = {
  action: 'ap.signal',
  about:
    'The boards receive an access point (`ap:`, each when it is not given), and it them, at `rssi:` dBm, in place of the link’s own level. One that is too weak is given up (reason 200), and a scan may miss it.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { ap: apField, rssi: LINK_FIELDS.rssi },
  check: ({ rssi }) => (rssi === undefined ? 'expected rssi: beside it, the level of the access point, dBm' : null),
  describe: ({ ap, rssi }) => `${ap === undefined ? 'each access point' : `access point ${ap}`} is received at ${rssi} dBm`,
  draw: (draw) => ({ ...(draw.chance(0.5) ? { ap: 1 } : {}), rssi: drawLevel(draw) }),
  apply: ({ controls, layer }, boards, { ap, rssi }) =>
    onEach(boards, (board) =>
      onEach(apsOf(controls, ap), (index) =>
        layer(`access point ${index} at board ${board}`, { [index]: rssi as number | undefined }, (levels) =>
          controls.board(board).changeLevels(levels),
        ),
      ),
    ),
};

function drawLevel(draw: Draw): number {
  const [weakest, strongest] = draw.chance(0.2) ? FUZZED_WEAK_DBM : FUZZED_DBM;
  return draw.whole(weakest, strongest);
}
