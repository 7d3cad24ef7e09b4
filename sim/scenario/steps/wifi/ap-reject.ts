/**
 * An access point is full: it associates no more stations than so many (status 17, "unable to handle
 * additional associated STAs"). Household routers have room for some dozens. Who fell silent keeps its
 * place for five minutes.
 */
import { plural } from 'host/format';
import { whole } from '../../../kernel/fields.ts';
import { MAX_BOARDS_PER_AP } from '../../settings.ts';
import { type Action, apField, apsOf, onEach } from '../action.ts';

export const apReject: Action = {
  action: 'ap.reject',
  about:
    'An access point (`ap:`, each when it is not given) has places for `stations:` (0) stations: who has one keeps it, others are refused (reason 5) until the step ends.',
  targeted: false,
  lasts: 'until-undone',
  parameters: { ap: apField, stations: whole(0, MAX_BOARDS_PER_AP) },
  describe: ({ ap, stations = 0 }) =>
    `${ap === undefined ? 'each access point' : `access point ${ap}`} ${stations === 0 ? 'lets no more stations in' : `has places for ${plural(stations as number, 'station')}`}`,
  draw: (draw) => ({ ...(draw.chance(0.3) ? { ap: 1 } : {}), ...(draw.chance(0.5) ? { stations: draw.whole(1, 5) } : {}) }),
  apply: ({ controls, layer }, _, { ap, stations = 0 }) =>
    onEach(apsOf(controls, ap), (index) =>
      layer(`places at access point ${index}`, { stations: stations as number }, (some) => ({
        stations: controls.accessPoint(index).setLimit(some.stations),
      })),
    ),
};
