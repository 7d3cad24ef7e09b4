/** Why boards had no TLS, in the words of hal/tls.ts. */
import { counter, measure } from './measure.ts';

export const tlsFailures = measure({
  metrics: {
    tls_failures: counter(
      'connections',
      'Connections on which a board could not have TLS, or learned that the relay would not; as the board tells it.',
    ),
    'tls_failures.unknown_ca': counter('connections', 'Of tls_failures: signed by another authority.'),
    'tls_failures.incomplete_chain': counter(
      'connections',
      'Of tls_failures: sent without the certificate that signed it, which is not the authority’s: an intermediate one is missing, or the authority is another.',
    ),
    'tls_failures.expired': counter('connections', 'Of tls_failures: expired, by the clock of the side that verified.'),
    'tls_failures.not_yet_valid': counter('connections', 'Of tls_failures: not yet valid, by the clock of the side that verified.'),
    'tls_failures.name_mismatch': counter('connections', 'Of tls_failures: good, but for another host.'),
    'tls_failures.certificate_required': counter('connections', 'Of tls_failures: the relay wants a certificate and got none.'),
    'tls_failures.bad_certificate': counter(
      'connections',
      'Of tls_failures: unreadable, not for this use, not with this key, or refused by the relay.',
    ),
    'tls_failures.protocol': counter('connections', 'Of tls_failures: no TLS on the other side, or a handshake that broke off.'),
  },
  create: ({ values }) => ({
    handlers: {
      'tls.failed': ({ subject: reason }) => {
        values.tls_failures++;
        values[`tls_failures.${reason}` as keyof typeof values]++;
      },
    },
  }),
});
