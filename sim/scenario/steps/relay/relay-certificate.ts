/**
 * The relay's certificate is renewed while it runs, well or badly. Who connects from now on is shown the new
 * chain, who is connected stays. Boards that verify judge it as ever (net/tls/judge.ts), by their own clocks.
 */
import { choice } from '../../../kernel/fields.ts';
import { CHAIN_WORDS, NEW_CHAINS, type NewChain, type RelayChain } from '../../../net/tls/chains.ts';
import type { Action } from '../action.ts';

export const relayCertificate: Action = {
  action: 'relay.certificate',
  about: `The relay shows new connections another certificate (\`chain:\`): ${NEW_CHAINS.map((chain) => `\`${chain}\` (${CHAIN_WORDS[chain]})`).join(', ')}.`,
  targeted: false,
  lasts: 'until-undone',
  needsTls: true,
  parameters: { chain: choice(NEW_CHAINS) },
  check: ({ chain }) => (chain === undefined ? `expected chain: beside it, one of ${NEW_CHAINS.join(', ')}` : null),
  describe: ({ chain }) => `the relay shows ${CHAIN_WORDS[chain as NewChain]}`,
  draw: (draw) => ({ chain: draw.pick(NEW_CHAINS) }),
  apply: ({ controls, layer }, _, { chain }) =>
    layer<{ chain: RelayChain }>('relay certificate', { chain: chain as NewChain }, (shown) => ({
      chain: controls.relay.setCertificate(shown.chain),
    })),
};
