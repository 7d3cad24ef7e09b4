/** The relay's process ends: its kernel ends every connection with FIN and refuses new ones until the step is over. */
import type { Action } from './action.ts';

export const relayStop: Action = {
  action: 'relay.stop',
  about: 'The relay stops: its connections end, new ones are refused.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the relay stops',
  apply: (faults) => faults.relayDown(),
};
