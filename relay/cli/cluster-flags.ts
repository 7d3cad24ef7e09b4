/** `--cluster` and what belongs to it: relays that share a Redis are one. */
import { hostname } from 'node:os';
import type { Clock } from 'hal';
import { choiceFlag, valueFlag } from 'host/command-line';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import type { Logger } from 'pino';
import type { Cluster, ClusterDown } from '../cluster/cluster.ts';
import type { RelayConfig } from '../config.ts';

const NODE = /^[A-Za-z0-9._-]{1,32}$/;
const MAX_NODE_CHARACTERS = 32;
const ADDRESS = 'an address such as redis://HOST:6379/0 or rediss://HOST:6379/0';
const PASSWORD_FILE_MAX_BYTES = 4_096;
const PROTOCOLS: readonly string[] = ['redis:', 'rediss:'];
/** Of what goes wrong with Redis, in a row. */
const MIN_BETWEEN_LINES_MS = 5_000;

export const CLUSTER_FLAGS = {
  cluster: valueFlag<URL>({
    about: 'Be one relay with all others at this Redis; its password is better in REDIS_URL or a file',
    expected: ADDRESS,
    // Not repeated in the message that it is no good, as it may have a password.
    parse: (text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url !== null && PROTOCOLS.includes(url.protocol) && url.hostname !== '' && /^\/?\d*$/.test(url.pathname)) return url;
      throw new UsageError(`expected ${ADDRESS}`);
    },
  }),
  'cluster-password-file': valueFlag<string>({
    about: "File with Redis's password",
    expected: 'a file',
    parse: (text) => text || null,
  }),
  node: valueFlag<string>({
    about: 'What the cluster calls this relay; else its computer’s name',
    expected: '1 to 32 of A-Z a-z 0-9 . _ -',
    parse: (text) => (NODE.test(text) ? text : null),
  }),
  'cluster-down': choiceFlag('New ids while Redis does not answer: refuse them, or let them in here', ['reject', 'local'], 'reject'),
};

interface Values {
  cluster: URL | undefined;
  'cluster-password-file': string | undefined;
  node: string | undefined;
  'cluster-down': ClusterDown;
}

export interface ClusterParts {
  clock: Clock;
  config: Readonly<RelayConfig>;
  log: Logger;
  random: () => number;
  afterTurn: (flush: () => void) => void;
}

/** null: the relay is alone, and nothing of it is loaded. @throws UsageError */
export async function openCluster(
  values: Values,
  given: ReadonlySet<string>,
  { clock, config, log, random, afterTurn }: ClusterParts,
): Promise<Cluster | null> {
  const { cluster: url } = values;
  if (url === undefined) {
    const stray = ['cluster-password-file', 'node', 'cluster-down'].find((flag) => given.has(flag));
    if (stray !== undefined) throw new UsageError(`--${stray} is for a relay with --cluster`);
    return null;
  }
  const address = withSecrets(url, values['cluster-password-file']);
  const [{ Cluster }, { RedisBackplane }] = await Promise.all([import('../cluster/cluster.ts'), import('../cluster/redis-backplane.ts')]);
  let toldAtMs = -Infinity;
  const onError = (error: string) => {
    if (clock.now() - toldAtMs < MIN_BETWEEN_LINES_MS) return;
    toldAtMs = clock.now();
    log.warn({ error }, 'the cluster’s Redis does not do what it is asked');
  };
  return new Cluster({
    clock,
    backplane: new RedisBackplane({ clock, url: address, onError }),
    node:
      values.node ??
      (hostname()
        .replace(/[^A-Za-z0-9._-]/g, '-')
        .slice(0, MAX_NODE_CHARACTERS) ||
        'relay'),
    random,
    duplicateId: config.duplicateId,
    whenDown: values['cluster-down'],
    maxPayloadBytes: config.maxPayloadBytes,
    afterTurn,
    onChange: (up) =>
      up ? log.info({}, 'the cluster’s Redis answers') : log.warn({}, 'the cluster’s Redis does not answer; clients stay'),
  });
}

/** User and password of REDIS_URL, or the password of the file, in place of the address's own. */
function withSecrets(url: URL, file: string | undefined): string {
  const whole = new URL(url);
  const environment = process.env.REDIS_URL ?? '';
  if (URL.canParse(environment)) {
    const { username, password } = new URL(environment);
    whole.username ||= username;
    whole.password ||= password;
  }
  if (file !== undefined) whole.password = encodeURIComponent(readInput(file, PASSWORD_FILE_MAX_BYTES).trim());
  return whole.href;
}
