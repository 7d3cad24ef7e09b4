/** The relay is restarted, as for an update: `relay.stop` that always ends. */
import type { ProxyAction } from '../action.ts';
import { relayStop } from './relay-stop.ts';

/** What a small Node service needs to stop and listen again, ms. */
const RESTART_MS = 2_000;

export const relayRestart: ProxyAction = {
  action: 'relay.restart',
  about: 'The relay stops and serves again after `for:` (2s when it is not given).',
  targeted: false,
  lasts: RESTART_MS,
  parameters: {},
  describe: () => 'the relay restarts',
  draw: () => ({}),
  proxy: relayStop.proxy,
  apply: relayStop.apply,
};
