/** The network wants somebody to sign in first, as a hotel's does, or a phone's whose plan has run out. */
import { whole } from '../../../kernel/fields.ts';
import { type Action, onEach } from '../action.ts';

const FOUND = 302;
const MIN_STATUS = 200;
const MAX_STATUS = 599;

export const wifiCaptivePortal: Action = {
  action: 'wifi.captive_portal',
  about:
    'A captive portal accepts every TCP connection in the relay’s stead and answers every HTTP request with a status (`http:`, 302 when it is not given); TLS shows its own certificate. Old connections are reset when they send.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { http: whole(MIN_STATUS, MAX_STATUS) },
  describe: ({ http = FOUND }) => `a captive portal answers everything with ${http}`,
  draw: (draw) => ({ http: draw.pick([200, 302, 511]) }),
  proxy: 'new connections of the device are answered so, those that are open are reset when the device sends; TLS is not understood',
  apply: ({ controls, hold }, boards, { http = FOUND }) =>
    onEach(boards, (board) => hold(`portal ${board}`, (on) => controls.link(board).setPortal(on ? (http as number) : 0))),
};
