/** Somebody changes the password of the network, and nobody tells the boards. */
import { type Action, apsOf } from '../action.ts';

export const wifiPassword: Action = {
  action: 'wifi.password',
  about: 'The password of the network changes: stations are sent away and joins fail until the step ends.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the password of the network changes',
  draw: () => ({}),
  apply: ({ controls, hold }) =>
    hold('password', (on) => {
      for (const index of apsOf(controls, undefined)) controls.accessPoint(index).setPasswordChanged(on);
    }),
};
