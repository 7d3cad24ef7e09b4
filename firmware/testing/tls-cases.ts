/**
 * TLS as a table that real sockets and the simulator play: who has which certificate, whose clock is wrong,
 * and what both sides make of it.
 *
 * A case is data: the player makes the certificates, with authorities (test-authorities.ts) of which the
 * relay trusts `ours`, and may reuse them. Validity is by the true time; each side verifies by its own clock,
 * and the relay's is right. Where a TLS library leaves the order of two complaints open there is no case.
 */
import type { TlsFailure } from 'hal';

/**
 * `namesake` has the name of `ours` and a key of its own, as an authority that was made anew; `intermediate`
 * is of `root`.
 */
export type Authority = 'ours' | 'namesake' | 'other' | 'root' | 'intermediate';
export type CertReqs = 0 | 1 | 2;

export interface CaseCertificate {
  authority: Authority;
  /** Its extended key usage. */
  use: 'server' | 'client';
  validity: 'current' | 'expired' | 'future';
  /**
   * Whether a server's SAN has the address that the board connects to, and a client's CN is the board's id.
   */
  name: 'right' | 'wrong';
  /** Whether that of its authority comes with it. */
  sent: 'alone' | 'with its authority';
  /** `another`: the key file beside it belongs to another certificate. */
  key: 'own' | 'another';
}

/**
 * `tls`: 1.2 and up, as board and relay do. `tls1.1`: not above 1.1, which is played by a bare socket on that
 * side.
 */
export type Speaks = 'plain' | 'tls1.1' | 'tls';

/**
 * What one side makes of it. `left`: the board went away before it had asked for anything (an alert may tell
 * the relay more; not every library sends one) · `forbidden`: HTTP 403 · `no_answer`: the relay ended TCP
 * without an answer · `not_http`: what came is no request · `nothing`: the relay never heard of the board.
 * With the verdict `open` a reason is one that was only logged.
 */
export interface Outcome<Reason> {
  verdict: 'open' | 'refused';
  reason: Reason | TlsFailure | '';
}

export interface TlsCase {
  name: string;
  board: {
    speaks: Speaks;
    certReqs: CertReqs;
    /** Whose certificate its `ca` file is. */
    trusts: Authority;
    certificate: CaseCertificate | null;
    clock: 'right' | '2000' | '2100';
  };
  relay: { speaks: Speaks; certReqs: CertReqs; certificate: CaseCertificate; authorize: 'any' | 'cn' };
  onBoard: Outcome<'forbidden' | 'no_answer'>;
  onRelay: Outcome<'left' | 'forbidden' | 'not_http' | 'nothing'>;
}

const SERVER: CaseCertificate = { authority: 'ours', use: 'server', validity: 'current', name: 'right', sent: 'alone', key: 'own' };
const CLIENT: CaseCertificate = { ...SERVER, use: 'client' };

type Mode = Pick<TlsCase, 'board' | 'relay'>;
const RELAY: TlsCase['relay'] = { speaks: 'tls', certReqs: 0, certificate: SERVER, authorize: 'any' };
const BOARD: TlsCase['board'] = { speaks: 'tls', certReqs: 0, trusts: 'ours', certificate: null, clock: 'right' };

/**
 * CONTRACT: `encrypt` = 0/0, `server` = board 2 / relay 0, `mutual` = 2/2; with `optional` the relay takes a
 * certificate or none.
 */
const ENCRYPT: Mode = { board: BOARD, relay: RELAY };
const LENIENT: Mode = { board: { ...BOARD, certReqs: 1 }, relay: RELAY };
const SERVER_MODE: Mode = { board: { ...BOARD, certReqs: 2 }, relay: RELAY };
const OPTIONAL: Mode = { board: { ...SERVER_MODE.board, certificate: CLIENT }, relay: { ...RELAY, certReqs: 1 } };
const MUTUAL: Mode = { board: OPTIONAL.board, relay: { ...RELAY, certReqs: 2 } };
const BY_NAME: Mode = { board: MUTUAL.board, relay: { ...MUTUAL.relay, authorize: 'cn' } };

type Changes = { board?: Partial<TlsCase['board']>; relay?: Partial<TlsCase['relay']> };
type Outcomes = Pick<TlsCase, 'onBoard' | 'onRelay'>;

const OPEN: Outcomes = { onBoard: { verdict: 'open', reason: '' }, onRelay: { verdict: 'open', reason: '' } };
const refused = (board: TlsCase['onBoard']['reason'], relay: TlsCase['onRelay']['reason']): Outcomes => ({
  onBoard: { verdict: 'refused', reason: board },
  onRelay: { verdict: 'refused', reason: relay },
});
const loggedOnly = (reason: TlsFailure): Outcomes => ({ ...OPEN, onBoard: { verdict: 'open', reason } });

function play(name: string, mode: Mode, { board, relay }: Changes, outcomes: Outcomes): TlsCase {
  return { name, board: { ...mode.board, ...board }, relay: { ...mode.relay, ...relay }, ...outcomes };
}

const shows = (change: Partial<CaseCertificate>): Changes => ({ relay: { certificate: { ...SERVER, ...change } } });
/** As the relay of somebody else sends it. */
const OTHERS: Changes = shows({ authority: 'other', sent: 'with its authority' });
const boardShows = (change: Partial<CaseCertificate>): Changes => ({ board: { certificate: { ...CLIENT, ...change } } });
const byIntermediate = (sent: CaseCertificate['sent'], trusts: Authority): Changes => ({
  board: { trusts },
  ...shows({ authority: 'intermediate', sent }),
});
const NO_CERTIFICATE: Changes = { board: { certificate: null } };

export const TLS_CASES: readonly TlsCase[] = [
  play('encrypt: good', ENCRYPT, {}, OPEN),
  play('encrypt: the relay is of another authority', ENCRYPT, shows({ authority: 'other' }), OPEN),
  play('encrypt: the relay has expired', ENCRYPT, shows({ validity: 'expired' }), OPEN),
  play('encrypt: the relay has another name', ENCRYPT, shows({ name: 'wrong' }), OPEN),
  play("encrypt: the board's clock is at 2000", ENCRYPT, { board: { clock: '2000' } }, OPEN),

  play('lenient board: good', LENIENT, {}, OPEN),
  play('lenient board: the relay is of another authority', LENIENT, OTHERS, loggedOnly('unknown_ca')),
  play(
    'lenient board: an intermediate certificate is missing',
    LENIENT,
    shows({ authority: 'intermediate' }),
    loggedOnly('incomplete_chain'),
  ),
  play('lenient board: the relay has expired', LENIENT, shows({ validity: 'expired' }), loggedOnly('expired')),
  play('lenient board: the relay has another name', LENIENT, shows({ name: 'wrong' }), loggedOnly('name_mismatch')),

  play('server: good', SERVER_MODE, {}, OPEN),
  play('server: a certificate that nobody asks for', SERVER_MODE, boardShows({}), OPEN),
  play('server: the relay is of another authority', SERVER_MODE, OTHERS, refused('unknown_ca', 'left')),
  play('server: the board trusts another authority', SERVER_MODE, { ...OTHERS, board: { trusts: 'root' } }, refused('unknown_ca', 'left')),
  play(
    'server: the board trusts an authority of the same name',
    SERVER_MODE,
    { board: { trusts: 'namesake' } },
    refused('unknown_ca', 'left'),
  ),
  play('server: an intermediate certificate is missing', SERVER_MODE, byIntermediate('alone', 'root'), refused('incomplete_chain', 'left')),
  play('server: an intermediate certificate is there', SERVER_MODE, byIntermediate('with its authority', 'root'), OPEN),
  play('server: the board trusts the intermediate authority', SERVER_MODE, byIntermediate('alone', 'intermediate'), OPEN),
  play(
    'server: of another authority and another name, and alone: an intermediate certificate might be missing',
    SERVER_MODE,
    shows({ authority: 'other' }),
    refused('incomplete_chain', 'left'),
  ),
  play('server: the relay has expired', SERVER_MODE, shows({ validity: 'expired' }), refused('expired', 'left')),
  play('server: the relay is not yet valid', SERVER_MODE, shows({ validity: 'future' }), refused('not_yet_valid', 'left')),
  play("server: the board's clock is at 2000", SERVER_MODE, { board: { clock: '2000' } }, refused('not_yet_valid', 'left')),
  play("server: the board's clock is at 2100", SERVER_MODE, { board: { clock: '2100' } }, refused('expired', 'left')),
  play('server: the relay has another name', SERVER_MODE, shows({ name: 'wrong' }), refused('name_mismatch', 'left')),
  play("server: the relay shows a client's certificate", SERVER_MODE, shows({ use: 'client' }), refused('bad_certificate', 'left')),

  play('optional: good', OPTIONAL, {}, OPEN),
  play('optional: no certificate', OPTIONAL, NO_CERTIFICATE, OPEN),
  play(
    'optional: the board is of another authority',
    OPTIONAL,
    boardShows({ authority: 'other' }),
    refused('bad_certificate', 'unknown_ca'),
  ),
  play('optional: the board has expired', OPTIONAL, boardShows({ validity: 'expired' }), refused('bad_certificate', 'expired')),

  play('mutual: good', MUTUAL, {}, OPEN),
  play('mutual: another name than the id, which nobody compares', MUTUAL, boardShows({ name: 'wrong' }), OPEN),
  play('mutual: no certificate', MUTUAL, NO_CERTIFICATE, refused('certificate_required', 'certificate_required')),
  play('mutual: the board is of another authority', MUTUAL, boardShows({ authority: 'other' }), refused('bad_certificate', 'unknown_ca')),
  play('mutual: the board has expired', MUTUAL, boardShows({ validity: 'expired' }), refused('bad_certificate', 'expired')),
  play('mutual: the board is not yet valid', MUTUAL, boardShows({ validity: 'future' }), refused('bad_certificate', 'not_yet_valid')),
  play(
    "mutual: the board shows a server's certificate",
    MUTUAL,
    boardShows({ use: 'server' }),
    refused('bad_certificate', 'bad_certificate'),
  ),
  play("mutual: the board's key is another certificate's", MUTUAL, boardShows({ key: 'another' }), refused('bad_certificate', 'nothing')),
  play('mutual: the relay is of another authority', MUTUAL, OTHERS, refused('unknown_ca', 'left')),
  play("mutual: the board's clock is at 2000", MUTUAL, { board: { clock: '2000' } }, refused('not_yet_valid', 'left')),

  play('authorize cn: the name is the id', BY_NAME, {}, OPEN),
  play('authorize cn: the name is not the id', BY_NAME, boardShows({ name: 'wrong' }), refused('forbidden', 'forbidden')),
  play(
    'authorize cn: no certificate where it is optional',
    { board: BOARD, relay: { ...OPTIONAL.relay, authorize: 'cn' } },
    {},
    refused('forbidden', 'forbidden'),
  ),

  play('a plain board at a TLS port', ENCRYPT, { board: { speaks: 'plain' } }, refused('no_answer', 'protocol')),
  play('a TLS board at a plain port', ENCRYPT, { relay: { speaks: 'plain' } }, refused('protocol', 'not_http')),
  play('a board that speaks TLS 1.1 only', ENCRYPT, { board: { speaks: 'tls1.1' } }, refused('protocol', 'protocol')),
  play('a relay that speaks TLS 1.1 only', ENCRYPT, { relay: { speaks: 'tls1.1' } }, refused('protocol', 'protocol')),
];
