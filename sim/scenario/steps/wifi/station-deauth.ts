/**
 * The access point sends stations away with a deauthentication frame: steering, an idle limit, or somebody's
 * flood.
 */
import { whole } from '../../../kernel/fields.ts';
import { type Action, apField, isOnAp, nothingToUndo } from '../action.ts';

/** Reason codes are a byte in ESP-IDF; 3 is "the sender is leaving", what access points say most. */
const MAX_REASON = 255;
const DEFAULT_REASON = 3;

export const stationDeauth: Action = {
  action: 'station.deauth',
  about: 'The access point sends the stations away (those of `ap:`, if it is given), with a reason code (3 when it is not given).',
  targeted: true,
  lasts: 'never',
  parameters: { reason: whole(1, MAX_REASON), ap: apField },
  describe: ({ reason = DEFAULT_REASON, ap }) =>
    `${ap === undefined ? 'the access point' : `access point ${ap}`} sends the station away (reason ${reason})`,
  draw: (draw) => ({ reason: draw.whole(1, MAX_REASON) }),
  proxy:
    'the device’s socket is reset, as its station would lose the network, whatever the reason; the relay hears nothing: half-open; the device’s own Wi-Fi stays as it is',
  apply: ({ controls }, boards, { reason = DEFAULT_REASON, ap }) => {
    for (const board of boards.filter(isOnAp(controls, ap))) controls.board(board).deauthenticate(reason as number);
    return nothingToUndo;
  },
};
