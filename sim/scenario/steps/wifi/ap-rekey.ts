/**
 * An access point renews its keys, and stations do not answer: it sends them away. With `every:` at each
 * rekey interval (hostapd: `wpa_group_rekey`, 600 s with TKIP, 86,400 s without; routers have 3,600 s).
 */
import { choice } from '../../../kernel/fields.ts';
import type { RekeyedKey } from '../../../net/wifi/station.ts';
import { type Action, apField, isOnAp, nothingToUndo } from '../action.ts';

export const apRekey: Action = {
  action: 'ap.rekey',
  about:
    'The access point (`ap:`, each when it is not given) renews its keys (`key:` group, or pairwise), and the boards’ stations do not answer: sent away 4 s later, with reason 16, or 15. Those that answer notice nothing.',
  targeted: true,
  lasts: 'never',
  parameters: { ap: apField, key: choice(['group', 'pairwise']) },
  describe: ({ ap, key = 'group' }) => `${ap === undefined ? 'the access point' : `access point ${ap}`} renews its ${key} keys in vain`,
  draw: (draw) => (draw.chance(0.3) ? { key: 'pairwise' } : {}),
  proxy: 'as `station.deauth`, 4 s later',
  apply: ({ controls }, boards, { ap, key = 'group' }) => {
    for (const board of boards.filter(isOnAp(controls, ap))) controls.board(board).failRekey(key as RekeyedKey);
    return nothingToUndo;
  },
};
