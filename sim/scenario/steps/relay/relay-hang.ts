/**
 * The relay's process stands still, as in a debugger, a swap storm or an endless loop; its machine is well.
 */
import type { Action } from '../action.ts';

export const relayHang: Action = {
  action: 'relay.hang',
  about: 'The relay accepts connections and answers nothing; what came meanwhile is answered when the step is over.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the relay hangs',
  draw: () => ({}),
  proxy: 'the real relay gets nothing and its answers wait; new connections are accepted; then all goes on',
  apply: ({ controls, hold }) => hold('relay hang', (on) => controls.relay.setHung(on)),
};
