/** The client's opening request taken apart (RFC 6455 section 4.1), and what is wrong with it. */

interface Request {
  readonly requestLine: string;
  /** Values by lower-case name, in the order they came. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** Base64 of exactly 16 bytes: of the last character only two bits are used. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

/** @param bytes the whole request and nothing else */
export function parseRequest(bytes: string): Request {
  if (!bytes.endsWith('\r\n\r\n') || bytes.indexOf('\r\n\r\n') !== bytes.length - 4) throw new Error('request does not end with its head');
  const [requestLine, ...lines] = bytes.slice(0, -4).split('\r\n');
  const headers: Record<string, string[]> = {};
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`request has a malformed header line ${JSON.stringify(line)}`);
    headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), value];
  }
  return { requestLine, headers };
}

/** The one value of a header that may stand there once. */
export function onlyValue({ headers }: Request, name: string): string {
  const values = headers[name] ?? [];
  if (values.length !== 1) throw new Error(`request has ${values.length} ${name} headers, not 1`);
  return values[0];
}

/** Of a header that may hold a list, or stand there more than once. */
export function listValues({ headers }: Request, name: string): string[] {
  return (headers[name] ?? []).flatMap((value) => value.split(',')).map((value) => value.trim().toLowerCase());
}

/** `Sec-WebSocket-Key`; throws unless it is base64 of 16 bytes. */
export function keyOf(bytes: string): string {
  const key = onlyValue(parseRequest(bytes), 'sec-websocket-key');
  if (!KEY.test(key)) throw new Error(`Sec-WebSocket-Key ${JSON.stringify(key)} is not base64 of 16 bytes`);
  return key;
}
