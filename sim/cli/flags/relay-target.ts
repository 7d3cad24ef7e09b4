/**
 * The flags that say how a `wss://` relay is verified (`--relay-ca`, `--insecure`), and a first look at a
 * relay before the run: that nothing answers there, or that its certificate is not trusted, is the user's to
 * know at once, and not a fleet of boards that never come in.
 */
import { X509Certificate } from 'node:crypto';
import type { ServerUrl } from 'firmware/server-url';
import { switchFlag, valueFlag } from 'host/command-line';
import { readInput } from 'host/read-input';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { type BridgeTarget, dial } from '../../live/dial.ts';

export const TARGET_FLAGS = {
  'relay-ca': valueFlag<string>({
    about: 'Authority that signed the certificate of a wss:// relay, beside those that Node trusts',
    expected: 'a file of certificates (PEM)',
    parse: (text) => (text === '' ? null : text),
  }),
  insecure: switchFlag('Take any certificate for that of a wss:// relay'),
};

/** How a `wss://` relay is verified. */
export interface Trust {
  /** '' for none. */
  caFile: string;
  insecure: boolean;
}

/** @param url of `--relay`; undefined without it */
export function trustOf(values: { 'relay-ca': string | undefined; insecure: boolean }, url: string | undefined): Trust {
  const { 'relay-ca': caFile, insecure } = values;
  const flag = caFile !== undefined ? 'relay-ca' : 'insecure';
  if ((caFile !== undefined || insecure) && !url?.startsWith('wss:')) throw new UsageError(`--${flag}: expected --relay wss://… beside it`);
  if (caFile !== undefined && insecure)
    throw new UsageError('--insecure contradicts --relay-ca: any certificate is taken, or those of that authority');
  return { caFile: caFile ?? '', insecure };
}

export function trustWords({ caFile, insecure }: Trust): string {
  return `${caFile === '' ? '' : ` --relay-ca ${shellQuote(caFile)}`}${insecure ? ' --insecure' : ''}`;
}

/** There is no relay where one was to be. */
export class NothingAnswers extends UsageError {}

/**
 * Waits for one connection, and for the handshake of a `wss://` relay. @throws UsageError when its
 * certificate is not trusted @throws NothingAnswers
 */
export async function openTarget({ host, port, secure }: ServerUrl, { caFile, insecure }: Trust): Promise<BridgeTarget> {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const tls = secure ? { ca: caFile === '' ? '' : readAuthority(caFile), verifies: !insecure } : null;
  const target = { host: address, port, tls };
  const url = `ws${secure ? 's' : ''}://${host}:${port}/`;
  const { isConnected, problem } = await firstLook(target);
  if (!isConnected) throw new NothingAnswers(`--relay: nothing answers at ${url} (${problem}); expected a relay that is running`);
  if (problem === '') return target;
  throw new UsageError(`--relay ${url.slice(0, -1)}: ${problem}`);
}

/** Chains are a few kilobytes. */
const MAX_CA_BYTES = 1024 * 1024;

function readAuthority(file: string): string {
  const text = readInput(file, MAX_CA_BYTES);
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new UsageError(`--relay-ca ${file}: expected a certificate (PEM, -----BEGIN CERTIFICATE-----)`);
  }
}

/**
 * How long a first connection may take, ms, and its TLS handshake; one that says nothing more is left to the
 * boards.
 */
const FIRST_LOOK_MS = 5_000;

/** @returns a problem of '': none that can be seen now */
function firstLook(target: BridgeTarget): Promise<{ isConnected: boolean; problem: string }> {
  return new Promise((resolve) => {
    const socket = dial(target);
    let isConnected = false;
    const settle = (problem: string): void => {
      socket.destroy();
      resolve({ isConnected, problem });
    };
    socket.setTimeout(FIRST_LOOK_MS, () => settle(isConnected ? '' : `no answer within ${FIRST_LOOK_MS / 1_000} s`));
    socket.on('connect', () => {
      isConnected = true;
      if (target.tls === null) settle('');
    });
    socket.on('secureConnect', () => settle(''));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(isConnected ? inWords(error) : (error.code ?? error.message)));
  });
}

/** OpenSSL found no TLS record, or an alert in one. */
const NO_TLS = /^(EPROTO|ERR_SSL_.*)$/;

function inWords({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNRESET') return 'the connection was closed in the TLS handshake; expected a relay that speaks TLS 1.2 or later';
  if (NO_TLS.test(code)) return `no TLS handshake with it (${code}); expected a relay that speaks TLS 1.2 or later`;
  return `${message}; expected a certificate that Node trusts, or --relay-ca FILE with its authority, or --insecure`;
}
