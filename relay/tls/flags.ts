/** The relay's TLS flags, named as users of the Python server know them, and what they mean together. */
import { type Flags, switchFlag, valueFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import type { CredentialFiles } from './credentials.ts';
import type { CertReqs } from './listen.ts';

const CERT_REQS: readonly CertReqs[] = [0, 1, 2];

const file = (text: string) => text || null;

export const TLS_FLAGS = {
  ssl: switchFlag('Serve wss:// in place of ws://'),
  'ssl-certfile': valueFlag({ about: "The relay's certificate, with its chain", expected: 'a PEM file', parse: file }),
  'ssl-keyfile': valueFlag({ about: 'Its private key', expected: 'a PEM file', parse: file }),
  'ssl-password': valueFlag({ about: 'Opens the private key, if it is encrypted', expected: 'a passphrase', parse: file }),
  'ssl-ca-certs': valueFlag({
    about: "The authorities that clients' certificates come from",
    alias: 'ssl-ca-cert',
    expected: 'a PEM file',
    parse: file,
  }),
  'ssl-cert-reqs': valueFlag({
    about: "A client's certificate",
    alias: 'ssl-certs-reqs',
    expected: '0 (not asked for), 1 (optional, but good) or 2 (required)',
    default: '0',
    parse: (text) => CERT_REQS.find((certReqs) => String(certReqs) === text) ?? null,
  }),
} satisfies Flags;

export interface TlsSettings {
  files: CredentialFiles;
  certReqs: CertReqs;
}

/** What the flags give when each of them is legal. */
interface Values {
  ssl: boolean;
  'ssl-certfile': string | undefined;
  'ssl-keyfile': string | undefined;
  'ssl-password': string | undefined;
  'ssl-ca-certs': string | undefined;
  'ssl-cert-reqs': CertReqs;
  authorize: 'any' | 'cn';
}

/**
 * @returns null without `--ssl`
 * @throws UsageError with a line for each thing that does not go together
 */
export function tlsSettingsOf(values: Values, given: ReadonlySet<string>): TlsSettings | null {
  const { ssl, 'ssl-certfile': certfile, 'ssl-keyfile': keyfile, 'ssl-ca-certs': caCerts, 'ssl-cert-reqs': certReqs, authorize } = values;
  const errors: string[] = [];
  if (authorize === 'cn' && certReqs === 0) errors.push('--authorize cn: needs --ssl and --ssl-cert-reqs 1 or 2');
  if (certReqs > 0 && caCerts === undefined) errors.push(`--ssl-cert-reqs ${certReqs}: needs --ssl-ca-certs`);
  if (!ssl) {
    const pointless = Object.keys(TLS_FLAGS).filter((name) => given.has(name));
    errors.push(...pointless.map((name) => `--${name}: needs --ssl`));
  } else if (certfile === undefined || keyfile === undefined) {
    errors.push('--ssl: needs --ssl-certfile and --ssl-keyfile; npx tsx relay certs makes them');
  }
  if (errors.length > 0) throw new UsageError(errors.join('\n'));
  if (certfile === undefined || keyfile === undefined) return null;
  return { files: { certfile, keyfile, password: values['ssl-password'], caCerts }, certReqs };
}
