/** The relay's process ends: its kernel resets every connection and refuses new ones until the step ends. */
import type { Action } from './action.ts';

export const relayStop: Action = {
  action: 'relay.stop',
  about: 'The relay stops: its connections are reset, new ones refused.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the relay stops',
  apply: (faults) => faults.relayDown(),
};
