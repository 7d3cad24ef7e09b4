/**
 * `npx tsx relay`: the relay on a port of this computer, until SIGINT, SIGTERM or SIGHUP; with TLS, SIGHUP
 * reads the certificates anew. `relay certs` makes them.
 *
 * Flags keep the names that users of the Python server know. Logs go to stderr, readable on a terminal, one
 * JSON object a line otherwise. Exit codes: 0 stopped as asked, 1 a bug, 2 a flag or an address that cannot
 * be used, 130 when a second signal cut the stop short.
 */
import { type Command, type CommandLine, choiceFlag, type Flags, readCommandLine, valueFlag } from 'host/command-line';
import { parseInteger, parseSeconds, within } from 'host/flag-values';
import { formatDuration, parseDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import pino, { type Logger } from 'pino';
import { CERTS_COMMAND, runCerts } from '../certs/command.ts';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { METRICS_FLAG, openMetrics } from '../metrics/metrics-flag.ts';
import { observers } from '../observers.ts';
import { openRecorder, RECORD_FLAGS } from '../recording/record.ts';
import { createRelay, type Relay } from '../relay.ts';
import { createRealClock } from '../server/real-clock.ts';
import { listen } from '../server/server.ts';
import { loadCredentials } from '../tls/credentials.ts';
import { TLS_FLAGS, type TlsSettings, tlsSettingsOf } from '../tls/flags.ts';
import { listenTls, type TlsFront } from '../tls/listen.ts';
import { certifiedName } from '../tls/peer-name.ts';
import { CLUSTER_FLAGS, openCluster } from './cluster-flags.ts';
import { CONSOLE_FLAGS, consoleSettings, consoleWords, openConsole } from './console-flags.ts';
import { LIMIT_FLAGS, limitsOf } from './limit-flags.ts';
import { LogDestination } from './log-destination.ts';
import { createMessageLog } from './message-log.ts';
import { ORIGIN_FLAG } from './origin-flag.ts';
import { PROXY_FLAG } from './proxy-flag.ts';
import { Stop } from './stop.ts';
import { SUBPROTOCOL_FLAG } from './subprotocol-flag.ts';
import { UPDATE_FLAGS, updatesOf } from './update-flags.ts';

const MAX_PORT = 65_535;
/** A day without a ping is no keepalive; far below the longest timer. */
const MAX_PING_MS = 86_400_000;

/** Longer than an orchestrator waits for anybody. */
const MAX_DRAIN_MS = 3_600_000;

const FLAGS = {
  host: valueFlag({
    about: 'Address to listen on',
    expected: 'an address or name of this computer',
    default: '0.0.0.0',
    parse: (text) => text || null,
  }),
  port: valueFlag({
    about: 'TCP port',
    expected: `a whole number from 0 (any free port) to ${MAX_PORT}`,
    default: '8000',
    parse: (text) => within(parseInteger(text), 0, MAX_PORT),
  }),
  'ws-ping-interval': valueFlag({
    about: 'Time between two pings to a client',
    expected: 'seconds, or a duration such as 500ms, up to 24h (0 = no pings)',
    default: formatDuration(DEFAULT_CONFIG.pingIntervalMs),
    parse: (text) => within(parseSeconds(text), 0, MAX_PING_MS),
  }),
  'ws-ping-timeout': valueFlag({
    about: 'How long a ping may go unanswered',
    expected: 'seconds, or a duration such as 500ms, from 1ms to 24h',
    default: formatDuration(DEFAULT_CONFIG.pingTimeoutMs),
    parse: (text) => within(parseSeconds(text), 1, MAX_PING_MS),
  }),
  ...TLS_FLAGS,
  authorize: choiceFlag("Ids that a client may have: any, or only its certificate's CN", ['any', 'cn'], DEFAULT_CONFIG.authorize),
  'allow-origin': ORIGIN_FLAG,
  'trust-proxy': PROXY_FLAG,
  subprotocol: SUBPROTOCOL_FLAG,
  mode: choiceFlag('Send messages to all other clients, or back', ['broadcast', 'echo'], DEFAULT_CONFIG.mode),
  envelope: choiceFlag('What a text looks like when it is passed on', ['original', 'json', 'raw'], DEFAULT_CONFIG.envelope),
  'duplicate-id': choiceFlag('When an id is connected already', ['reject', 'takeover'], DEFAULT_CONFIG.duplicateId),
  ...LIMIT_FLAGS,
  drain: valueFlag({
    about: 'SIGTERM parts with the clients one by one over this time, and turns new ones away',
    expected: 'a duration such as 30s, up to 1h (0s = all at once)',
    default: '0s',
    parse: (text) => within(parseDuration(text), 0, MAX_DRAIN_MS),
  }),
  ...CLUSTER_FLAGS,
  metrics: METRICS_FLAG,
  ...CONSOLE_FLAGS,
  ...RECORD_FLAGS,
  ...UPDATE_FLAGS,
  'log-level': choiceFlag('Least important events to log', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx relay',
  about: 'Serves ws://HOST:PORT/<client_id>: what one client sends goes to all others.',
  flags: FLAGS,
  examples: [
    ['npx tsx relay --port 9000 --duplicate-id takeover', 'A board that comes back replaces its old connection'],
    [
      'npx tsx relay --ssl --ssl-certfile tls/192.168.1.10/192.168.1.10.crt --ssl-keyfile tls/192.168.1.10/192.168.1.10.key',
      'Encrypted; npx tsx relay certs makes the files',
    ],
    ['npx tsx relay --ws-ping-interval 5 --ws-ping-timeout 5s', 'Find a dead link within 10 seconds'],
  ],
};

type Values = Extract<CommandLine<typeof FLAGS>, { help: null }>['values'];

/** Runs until the relay has stopped. @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  const isCerts = words[0] === 'certs';
  try {
    if (isCerts) console.log(await runCerts(words.slice(1), Date.now(), (line) => console.error(line)));
    else await runRelay(words);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${(isCerts ? CERTS_COMMAND : COMMAND).usage} --help shows all flags`);
    return 2;
  }
}

async function runRelay(words: readonly string[]): Promise<void> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) console.log(line.help);
  else await serve(line.values, line.given);
}

async function serve(values: Values, given: ReadonlySet<string>): Promise<void> {
  const tls = tlsSettingsOf(values, given);
  const updates = updatesOf(values, given);
  const consoleSettled = consoleSettings(values, values.host);
  const credentials = tls && loadCredentials(tls.files, Date.now());
  const clock = createRealClock();
  const destination = new LogDestination(process.stderr.fd);
  const log = await createLogger(values['log-level'], destination);
  const config = configOf(values);
  const onFailure = ({ message }: Error) => log.error({ error: message }, 'the recording ends here, the relay goes on');
  const recorder = openRecorder(values, given, { clock, epochMs: Date.now, config, onFailure, afterTurn: setImmediate });
  const cluster = await openCluster(values, given, { clock, config, log, random: Math.random, afterTurn: setImmediate });
  const stop = new Stop(() => relay, values.drain, log);
  const metrics = await openMetrics(
    values.metrics,
    clock,
    () => relay,
    () => stop.asked('POST /drain'),
    destination,
  );
  const page = await openConsole(consoleSettled, { clock, epochMs: Date.now, config, operations: { kick: (id) => relay.kick(id) } });
  const messageLog = log.isLevelEnabled('debug') ? createMessageLog(log) : null;
  const relay: Relay = createRelay({
    clock,
    epochMs: Date.now,
    random: Math.random,
    config,
    log,
    observer: observers([metrics.observer, recorder?.observer, page?.observer, messageLog].filter((one) => one != null)),
    nameOf: certifiedName,
    pages: (request) => page?.pages(request) ?? metrics.pages(request),
    upgrades: page?.upgrades,
    updates,
    afterTurn: setImmediate,
    cluster,
  });
  const { host, port } = values;
  const metricsServer = await metrics.start();
  const front =
    tls && credentials && (await listenTls({ ...credentials, certReqs: tls.certReqs, relay, clock, random: Math.random, host, port }));
  const address = front?.address ?? (await listen(relay.server, host, port));
  recorder?.start();
  page?.start();
  // For example no file descriptor left for a new connection; those that are open go on.
  (front ?? relay).server.on('error', (error) => log.error({ error: error.message }, 'cannot accept a connection'));
  if (tls && front) renewOnSignal(front, tls, log);
  const url = `${front ? 'wss' : 'ws'}://<this host>:${address.port}/<client_id>`;
  const pageWords = consoleWords(consoleSettled, `${front ? 'https' : 'http'}://${host}:${address.port}/`);
  const where = [`clients connect to ${url}`, ...(pageWords === '' ? [] : [pageWords])];
  // A terminal gets addresses on lines of their own, which it does not break.
  const words = process.stderr.isTTY ? where.map((line) => `\n    ${line}`).join('') : `, ${where.join('; ')}`;
  // First: who reads that it listens may stop it at once.
  stop.onSignals(front === null);
  log.info({ address: address.address, port: address.port }, `relay listens${words}`);
  await stop.drained;
  front?.close();
  await relay.close();
  page?.close();
  metricsServer?.close().closeAllConnections();
  recorder?.close();
  log.info({}, 'relay stopped');
  await destination.end(clock);
}

/**
 * A certificate that was renewed in its file is served from now on; with a file that is no good the relay
 * goes on with what it has.
 */
function renewOnSignal(front: TlsFront, { files }: TlsSettings, log: Logger): void {
  process.on('SIGHUP', () => {
    try {
      front.renew(loadCredentials(files, Date.now()));
      log.info({}, 'certificates read anew; open connections go on');
    } catch (error) {
      log.error({ error: (error as Error).message }, 'certificates not read anew, the old ones stay');
    }
  });
}

function configOf(values: Values): RelayConfig {
  return {
    ...DEFAULT_CONFIG,
    mode: values.mode,
    envelope: values.envelope,
    duplicateId: values['duplicate-id'],
    authorize: values.authorize,
    allowOrigins: values['allow-origin'].flat(),
    trustProxies: values['trust-proxy'].flat(),
    subprotocols: values.subprotocol.flat(),
    pingIntervalMs: values['ws-ping-interval'],
    pingTimeoutMs: values['ws-ping-timeout'],
    ...limitsOf(values),
  };
}

/** Never waits for who reads the log, and tells of lines that were dropped meanwhile. */
async function createLogger(level: string, destination: LogDestination): Promise<Logger> {
  const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  const log = pino(options, process.stderr.isTTY ? await readable(destination) : destination);
  destination.onDropped = (count) => log.warn({ count }, 'log lines dropped, as nobody read them');
  return log;
}

/** For people. */
async function readable(destination: LogDestination): Promise<Pick<LogDestination, 'write'>> {
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({ colorize: process.env.NO_COLOR === undefined, translateTime: 'SYS:HH:MM:ss.l' });
  return { write: (line) => destination.write(pretty(line)) };
}
