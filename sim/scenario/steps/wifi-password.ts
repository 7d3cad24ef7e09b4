/** Somebody changes the password of the network, and nobody tells the boards. */
import type { Action } from './action.ts';

export const wifiPassword: Action = {
  action: 'wifi.password',
  about: 'The password of the network changes: stations are sent away and joins fail until the step ends.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the password of the network changes',
  draw: () => ({}),
  apply: ({ controls, hold }) => hold('password', (on) => controls.accessPoint(0).setPasswordChanged(on)),
};
