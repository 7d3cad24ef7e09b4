/** What one client, one address or all together may ask of the relay, as flags of its command line. */
import { type CommandLine, choiceFlag, type Flags, valueFlag } from 'host/command-line';
import { parseInteger, within } from 'host/flag-values';
import { formatDuration, parseDuration, parseSize } from 'host/units';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';

/** A message is held in memory whole, several times over. */
const MAX_PAYLOAD_BYTES = 16 * 1024 ** 2;
/** File descriptors and memory (9 kB a client) end sooner. */
const MAX_CONNECTIONS = 100_000;
/** More than a computer can take. */
const MAX_RATE = 1_000_000;
/** Less than a TCP segment would make every second message a drop; more than 64 MiB a client is no bound. */
const MIN_BUFFERED_BYTES = 1_024;
const MAX_BUFFERED_BYTES = 64 * 1024 ** 2;
/** A dozen clients that may do what they like; more than a computer has. */
const MIN_MEMORY_BYTES = 16 * 1024 ** 2;
const MAX_MEMORY_BYTES = 64 * 1024 ** 3;
/**
 * The smallest handshake that ws sends has 200 bytes. Node gives the memory for all of it to each connection.
 */
const MIN_HEADER_BYTES = 512;
const MAX_HEADER_BYTES = 64 * 1024;
const MIN_WAIT_MS = 100;
const MAX_WAIT_MS = 600_000;

export const LIMIT_FLAGS = {
  'max-payload': sizeFlag('Largest message', 1, MAX_PAYLOAD_BYTES, '1B to 16MiB', '64KiB'),
  'max-clients': countFlag('Clients at a time', MAX_CONNECTIONS, DEFAULT_CONFIG.maxClients),
  'max-pending': countFlag('Connections at a time that are no clients (yet)', MAX_CONNECTIONS, DEFAULT_CONFIG.maxPending),
  'max-per-address': countFlag('Connections at a time from one address', MAX_CONNECTIONS, DEFAULT_CONFIG.maxPerAddress),
  'max-connect-rate': countFlag('New connections a second from one address', MAX_RATE, DEFAULT_CONFIG.maxConnectRate),
  'max-message-rate': countFlag('Messages, pings and pongs a second of one client', MAX_RATE, DEFAULT_CONFIG.maxMessageRate),
  'max-buffered': sizeFlag('Memory for what waits for one client', MIN_BUFFERED_BYTES, MAX_BUFFERED_BYTES, '1KiB to 64MiB', '1MiB'),
  'slow-clients': choiceFlag(
    'When that is used up: drop new messages, or close the client with 1013',
    ['drop', 'close'],
    DEFAULT_CONFIG.slowClients,
  ),
  'max-memory': sizeFlag(
    'Memory for what waits for all clients, unfinished messages and handshakes; beyond it those that hold most are let go',
    MIN_MEMORY_BYTES,
    MAX_MEMORY_BYTES,
    '16MiB to 64GiB',
    '512MiB',
  ),
  'max-header': sizeFlag('Request line and headers of a handshake', MIN_HEADER_BYTES, MAX_HEADER_BYTES, '512B to 64KiB', '8KiB'),
  'handshake-timeout': waitFlag('From the connection to the client, or to the end of a plain request', DEFAULT_CONFIG.handshakeTimeoutMs),
  'close-timeout': waitFlag('For a client to take part in its end, and for all when the relay stops', DEFAULT_CONFIG.closeTimeoutMs),
} satisfies Flags;

type Values = Extract<CommandLine<typeof LIMIT_FLAGS>, { help: null }>['values'];

export function limitsOf(values: Values): Partial<RelayConfig> {
  return {
    maxPayloadBytes: values['max-payload'],
    maxClients: values['max-clients'],
    maxPending: values['max-pending'],
    maxPerAddress: values['max-per-address'],
    maxConnectRate: values['max-connect-rate'],
    maxMessageRate: values['max-message-rate'],
    maxBufferedBytes: values['max-buffered'],
    slowClients: values['slow-clients'],
    maxMemoryBytes: values['max-memory'],
    maxHeaderBytes: values['max-header'],
    handshakeTimeoutMs: values['handshake-timeout'],
    closeTimeoutMs: values['close-timeout'],
  };
}

function countFlag(about: string, max: number, fallback: number) {
  const parse = (text: string) => within(parseInteger(text), 1, max);
  return valueFlag({ about, expected: `a whole number from 1 to ${max}`, default: String(fallback), parse });
}

function sizeFlag(about: string, min: number, max: number, range: string, fallback: string) {
  const parse = (text: string) => within(parseSize(text), min, max);
  return valueFlag({ about, expected: `a size such as 64KiB, from ${range}`, default: fallback, parse });
}

function waitFlag(about: string, fallbackMs: number) {
  const parse = (text: string) => within(parseDuration(text), MIN_WAIT_MS, MAX_WAIT_MS);
  return valueFlag({ about, expected: 'a duration such as 500ms, from 100ms to 10m', default: formatDuration(fallbackMs), parse });
}
