/** What a relay may show after its certificate was changed: each chain by its name, and in words. */
export const CHAIN_WORDS = {
  renewed: 'a new certificate of the same authority',
  other_ca: 'a certificate of another authority',
  intermediate: 'a certificate of an intermediate authority, and that one’s',
  no_intermediate: 'a certificate of an intermediate authority, without that one’s',
  expired: 'a certificate that has expired',
  other_host: 'a certificate for another host',
} as const;

export type NewChain = keyof typeof CHAIN_WORDS;
export const NEW_CHAINS = Object.keys(CHAIN_WORDS) as NewChain[];

/** `first`: what it began with. */
export type RelayChain = NewChain | 'first';
