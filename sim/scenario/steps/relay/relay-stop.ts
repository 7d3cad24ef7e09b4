/**
 * The relay's process ends: its kernel ends every connection with FIN and refuses new ones until the step is
 * over.
 */
import type { ProxyAction } from '../action.ts';

export const relayStop: ProxyAction = {
  action: 'relay.stop',
  about: 'The relay stops: its connections end, new ones are refused.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the relay stops',
  draw: () => ({}),
  proxy: 'FIN to the devices over the link, the real relay sees its clients leave; new connections are reset',
  apply: ({ controls, hold }) => hold('relay', (down) => controls.relay.setRunning(!down)),
};
