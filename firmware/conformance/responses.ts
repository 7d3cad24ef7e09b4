/**
 * Responses to a WebSocket's opening request, by what is to be made of them: sound, defective, or left open
 * by the standards.
 */

/** The response's head, and what else the server sends with it, for the right accept value. */
export type Respond = (accept: string) => string;

interface Defect {
  readonly name: string;
  readonly respond: Respond;
  /** Why a client that opens all the same is no more than loose; without it such a client is wrong. */
  readonly tolerated?: string;
}

const STATUS = 'HTTP/1.1 101 Switching Protocols';
const UPGRADE = 'Upgrade: websocket';
const CONNECTION = 'Connection: Upgrade';
const ACCEPT = 'Sec-WebSocket-Accept: ';

function head(lines: readonly string[], lineEnd = '\r\n'): string {
  return [...lines, '', ''].join(lineEnd);
}

/**
 * The good response with some of its four lines replaced; '' leaves one out. `$` stands for the accept value.
 */
function changed(change: { status?: string; upgrade?: string; connection?: string; accept?: string }, ...more: string[]): Respond {
  const { status = STATUS, upgrade = UPGRADE, connection = CONNECTION, accept = `${ACCEPT}$` } = change;
  return (value) =>
    head([status, upgrade, connection, accept, ...more].filter((line) => line !== '').map((line) => line.replaceAll('$', value)));
}

const withMore = (...lines: string[]): Respond => changed({}, ...lines);

/** RFC 9110 section 15.2: a client must be able to parse interim responses, however many. */
const after =
  (interim: string): Respond =>
  (value) =>
    interim + changed({})(value);

export const SOUND: readonly [name: string, respond: Respond][] = [
  ['the plain response', changed({})],
  ['headers in another order', (value) => head([STATUS, ACCEPT + value, CONNECTION, UPGRADE])],
  ['names in lower case', changed({ upgrade: 'upgrade: websocket', connection: 'connection: Upgrade', accept: 'sec-websocket-accept: $' })],
  ['names in upper case', changed({ upgrade: 'UPGRADE: websocket', connection: 'CONNECTION: Upgrade', accept: 'SEC-WEBSOCKET-ACCEPT: $' })],
  ['Upgrade: WebSocket', changed({ upgrade: 'Upgrade: WebSocket' })],
  ['Upgrade: WEBSOCKET', changed({ upgrade: 'Upgrade: WEBSOCKET' })],
  ['Connection: upgrade', changed({ connection: 'Connection: upgrade' })],
  ['Connection: UPGRADE', changed({ connection: 'Connection: UPGRADE' })],
  ['Connection: keep-alive, Upgrade', changed({ connection: 'Connection: keep-alive, Upgrade' })],
  ['Connection: Upgrade,Keep-Alive', changed({ connection: 'Connection: Upgrade,Keep-Alive' })],
  ['Connection with an empty element', changed({ connection: 'Connection: , Upgrade' })],
  ['Connection in two lines', changed({}, 'Connection: keep-alive')],
  [
    'no space after the colons',
    changed({ upgrade: 'Upgrade:websocket', connection: 'Connection:Upgrade', accept: 'Sec-WebSocket-Accept:$' }),
  ],
  [
    'many spaces around values',
    changed({ upgrade: 'Upgrade:   websocket  ', connection: 'Connection:  Upgrade ', accept: `${ACCEPT}  $  ` }),
  ],
  [
    'tabs around values',
    changed({ upgrade: 'Upgrade:\twebsocket\t', connection: 'Connection:\tUpgrade', accept: 'Sec-WebSocket-Accept:\t$\t' }),
  ],
  ['another reason phrase', changed({ status: 'HTTP/1.1 101 Web Socket Protocol Handshake' })],
  ['an empty reason phrase', changed({ status: 'HTTP/1.1 101 ' })],
  ['a reason phrase in Latin-1', changed({ status: 'HTTP/1.1 101 Protokoll gewechselt f\xfcr Sie' })],
  ['headers of no concern', withMore('Date: Sun, 22 Nov 2026 00:00:00 GMT', 'Server: x/1.0 (y; z)', 'X-Powered-By: z', 'Via: 1.1 p')],
  ['an empty header', withMore('X-Empty:')],
  ['a value with colons', withMore('X-Url: http://a:80/b?c=d')],
  ['a value in Latin-1', withMore('X-Name: J\xfcrgen')],
  ['a name with every character that a token may have', withMore("X-!#%&'*+.^_`|~09: a")],
  ['a header of no concern twice', withMore('Set-Cookie: a=1', 'Set-Cookie: b=2')],
  ['40 headers of no concern', withMore(...Array.from({ length: 40 }, (_, i) => `X-${i}: ${i}`))],
  ['100 Continue first', after('HTTP/1.1 100 Continue\r\n\r\n')],
  ['103 Early Hints first', after('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: keep-alive\r\n\r\n')],
  ['several interim responses first', after('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n'.repeat(2))],
  ['a long header of no concern', withMore(`X-Long: ${'x'.repeat(1500)}`)],
];

const OTHER_STATUSES = [
  '200 OK',
  '201 Created',
  '204 No Content',
  '300 Multiple Choices',
  '301 Moved Permanently',
  '302 Found',
  '304 Not Modified',
  '307 Temporary Redirect',
  '400 Bad Request',
  '401 Unauthorized',
  '403 Forbidden',
  '404 Not Found',
  '407 Proxy Authentication Required',
  '426 Upgrade Required',
  '429 Too Many Requests',
  '500 Internal Server Error',
  '502 Bad Gateway',
  '503 Service Unavailable',
  '504 Gateway Timeout',
  '599 Unknown',
];

const otherStatuses = OTHER_STATUSES.map(
  (status): Defect => ({
    name: `status ${status}, all else as for 101`,
    respond: changed({ status: `HTTP/1.1 ${status}`, connection: CONNECTION }),
  }),
);

const defect = (name: string, respond: Respond, tolerated?: string): Defect => ({ name, respond, tolerated });

const OLDER_HTTP = 'takes a version other than HTTP/1.1';

const statusLines = [
  defect('HTTP/1.0', changed({ status: 'HTTP/1.0 101 Switching Protocols' }), OLDER_HTTP),
  defect('HTTP/0.9', changed({ status: 'HTTP/0.9 101 Switching Protocols' }), OLDER_HTTP),
  defect('HTTP/2.0', changed({ status: 'HTTP/2.0 101 Switching Protocols' }), OLDER_HTTP),
  defect('HTTP/1.2', changed({ status: 'HTTP/1.2 101 Switching Protocols' }), OLDER_HTTP),
  defect('HTTP/1', changed({ status: 'HTTP/1 101 Switching Protocols' })),
  defect('HTTP/11', changed({ status: 'HTTP/11 101 Switching Protocols' })),
  defect('HTTP without a version', changed({ status: 'HTTP 101 Switching Protocols' })),
  defect('http/1.1 in lower case', changed({ status: 'http/1.1 101 Switching Protocols' })),
  defect('HTTPS/1.1', changed({ status: 'HTTPS/1.1 101 Switching Protocols' })),
  defect('a request line', changed({ status: 'GET / HTTP/1.1' })),
  defect('no status code', changed({ status: 'HTTP/1.1 Switching Protocols' })),
  defect('status 10', changed({ status: 'HTTP/1.1 10 Switching Protocols' })),
  defect('status 1010', changed({ status: 'HTTP/1.1 1010 Switching Protocols' })),
  defect('status 1O1', changed({ status: 'HTTP/1.1 1O1 Switching Protocols' })),
  defect('status 0x65', changed({ status: 'HTTP/1.1 0x65 Switching Protocols' })),
  defect('status -101', changed({ status: 'HTTP/1.1 -101 Switching Protocols' })),
  defect('a space before the status line', changed({ status: ` ${STATUS}` })),
  defect('no status line', (value) => head([UPGRADE, CONNECTION, ACCEPT + value])),
  defect('the greeting of another protocol', () => 'SSH-2.0-OpenSSH_9.6\r\n\r\n'),
  defect('a frame instead of a response', () => '\x81\x05hello\x81\x05hello\r\n\r\n'),
];

const upgrades = [
  defect('no Upgrade', changed({ upgrade: '' })),
  defect('an empty Upgrade', changed({ upgrade: 'Upgrade:' })),
  defect('Upgrade: h2c', changed({ upgrade: 'Upgrade: h2c' })),
  defect('Upgrade: websockets', changed({ upgrade: 'Upgrade: websockets' })),
  defect('Upgrade: web socket', changed({ upgrade: 'Upgrade: web socket' })),
  defect('Upgrade: websocket/13', changed({ upgrade: 'Upgrade: websocket/13' })),
  defect('Upgrade: websocket, h2c', changed({ upgrade: 'Upgrade: websocket, h2c' }), 'takes an Upgrade that names more than websocket'),
  defect('Upgrade twice', withMore(UPGRADE), 'takes Upgrade twice'),
  defect('Upgrade twice, and not the same', withMore('Upgrade: h2c'), 'takes Upgrade twice'),
  defect('no Connection', changed({ connection: '' }), 'takes a response without Connection: Upgrade'),
  defect('Connection: close', changed({ connection: 'Connection: close' }), 'takes a response without Connection: Upgrade'),
  defect('Connection: keep-alive', changed({ connection: 'Connection: keep-alive' }), 'takes a response without Connection: Upgrade'),
  defect('Connection: upgraded', changed({ connection: 'Connection: upgraded' }), 'takes a response without Connection: Upgrade'),
  defect('Connection: not-upgrade', changed({ connection: 'Connection: not-upgrade' }), 'takes a response without Connection: Upgrade'),
];

const flipped = (value: string) => (value.charAt(0) === 'A' ? 'B' : 'A') + value.slice(1);

const accepts = [
  defect('no Accept', changed({ accept: '' })),
  defect('an empty Accept', changed({ accept: ACCEPT })),
  defect('an Accept for another key', changed({ accept: `${ACCEPT}s3pPLMBiTxaQ9kYGzzhZRbK+xOo=` })),
  defect('an Accept that is wrong in its first character', (value) => changed({})(flipped(value))),
  defect('an Accept in other case', (value) => changed({})(value === value.toLowerCase() ? value.toUpperCase() : value.toLowerCase())),
  defect('an Accept without its padding', (value) => changed({})(value.replace('=', ''))),
  defect('an Accept with one character more', changed({ accept: `${ACCEPT}$=` })),
  defect('an Accept in quotes', changed({ accept: `${ACCEPT}"$"` })),
  defect('an Accept with a space in it', (value) => changed({})(`${value.slice(0, 9)} ${value.slice(9)}`)),
  defect('an Accept twice, both right', withMore(`${ACCEPT}$`), 'takes Accept twice'),
  defect('an Accept twice, the second wrong', withMore(`${ACCEPT}s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`), 'takes Accept twice'),
  defect('an Accept twice, the first wrong', changed({ accept: `${ACCEPT}s3pPLMBiTxaQ9kYGzzhZRbK+xOo=` }, `${ACCEPT}$`)),
  defect('an Accept under another name', changed({ accept: 'Sec-WebSocket-Key: $' })),
];

const unasked = [
  defect('permessage-deflate', withMore('Sec-WebSocket-Extensions: permessage-deflate')),
  defect('an unknown extension', withMore('Sec-WebSocket-Extensions: x-unknown; a=1')),
  defect('an extension, its name in lower case', withMore('sec-websocket-extensions: permessage-deflate')),
  defect('a subprotocol', withMore('Sec-WebSocket-Protocol: mqtt')),
  defect('a subprotocol, its name in upper case', withMore('SEC-WEBSOCKET-PROTOCOL: chat')),
];

const grammar = [
  defect('a space before a colon', withMore('X-Bad : a'), 'takes a malformed header line'),
  defect('a line without a colon', withMore('nonsense')),
  defect('a header without a name', withMore(': a')),
  defect('a space in a name', withMore('X Bad: a')),
  defect('a character in a name that no token has', withMore('X-B@d: a'), 'takes a malformed header line'),
  defect('a NUL in a value', withMore('X: a\0b')),
  defect('a carriage return in a value', withMore('X: a\rb')),
  defect('a first header line that is folded', (value) => head([STATUS, ' X: a', UPGRADE, CONNECTION, ACCEPT + value])),
  defect(
    'a head without end, above 64 KiB',
    (value) => `${head([STATUS, UPGRADE, CONNECTION, ACCEPT + value]).slice(0, -2)}${'X-Filler: 0123456789\r\n'.repeat(4000)}`,
  ),
  defect('a header line without end, above 64 KiB', () => `${STATUS}\r\nX: ${'x'.repeat(100_000)}`),
  defect('a status line without end, above 64 KiB', () => `${STATUS}${'x'.repeat(100_000)}`),
];

export const DEFECTS: readonly Defect[] = [...otherStatuses, ...statusLines, ...upgrades, ...accepts, ...unasked, ...grammar];

/**
 * RFC 9112 lets a client read these or refuse them (sections 2.2, 4 and 5.2), or a wise one does not care.
 */
export const LEFT_OPEN: readonly [name: string, respond: Respond][] = [
  ['bare line feeds', (value) => head([STATUS, UPGRADE, CONNECTION, ACCEPT + value], '\n')],
  ['one bare line feed', (value) => head([STATUS, UPGRADE, CONNECTION, ACCEPT + value]).replace('websocket\r\n', 'websocket\n')],
  ['an empty line before the status line', (value) => `\r\n${changed({})(value)}`],
  ['no space after the status', changed({ status: 'HTTP/1.1 101' })],
  ['two spaces before the status', changed({ status: 'HTTP/1.1  101 Switching Protocols' })],
  ['a folded header of no concern', withMore('X-Long: a', ' b')],
  ['a header of no concern, folded by a tab', withMore('X-Long: a', '\tb')],
  ['a folded Accept', changed({ accept: 'Sec-WebSocket-Accept:\r\n $' })],
  ['a folded Upgrade', changed({ upgrade: 'Upgrade:\r\n websocket' })],
  ['a folded Connection', changed({ connection: 'Connection: keep-alive,\r\n Upgrade' })],
  ['an empty list of extensions', withMore('Sec-WebSocket-Extensions:')],
  ['an empty subprotocol', withMore('Sec-WebSocket-Protocol:')],
  ['Content-Length: 0', withMore('Content-Length: 0')],
  ['Transfer-Encoding: chunked', withMore('Transfer-Encoding: chunked')],
  ['a control character in a value', withMore('X: a\x01b')],
  ['a head of 6 KiB', withMore(...Array.from({ length: 60 }, (_, i) => `X-${i}: ${'x'.repeat(90)}`))],
];
