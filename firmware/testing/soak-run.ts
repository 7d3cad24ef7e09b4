/**
 * Many boards on this computer against a relay that restarts again and again, by turns politely (close
 * frames) and by a crash (SIGKILL): does every board come back within its backoff's cap, does every accepted
 * message leave, and does nothing pile up?
 *
 * All boards share this process, the relay is `npx tsx relay` in another: what is counted here is the
 * firmware's alone. Real time, real sockets. The keepalives are so short that a computer which stands still
 * for two seconds breaks every channel; that is one more outage to come back from.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { FirmwareApp } from '../boot.ts';
import { createChannel } from '../channel/index.ts';
import { DEFAULT_CONFIG, type DeviceConfig } from '../config.ts';
import { CLOSE_TIMEOUT_MS } from '../websocket/client.ts';
import { RelayProcess } from './relay-process.ts';
import { SoakBoard } from './soak-board.ts';
import { Standstill } from './standstill.ts';

export interface SoakSettings {
  boards: number;
  restarts: number;
  /** From one return of the relay to its next end, at least. Longer than the longest wait and a handshake. */
  periodMs: number;
}

/** What was found at the end of each period, right before the relay goes. */
export interface SoakPeriod {
  open: number;
  /** The longest time a board was without its channel while the relay accepted connections. */
  slowestReturnMs: number;
  /** The longest that may have been. */
  allowedReturnMs: number;
  /** Of it, what the computer took: the longest time in which boards or relay stood still. */
  standstillMs: number;
  /** What each board did that was not back in time, or is not back: its state log. */
  late: string[];
  /** Channels that ended although the relay was there, counted by cause. */
  drops: Record<string, number>;
  /** Messages that were accepted, and that no socket has taken yet. */
  unwritten: number;
  /** Messages that came back since the relay did. */
  echoed: number;
  /** Boards that heard no echo at all: open, and nothing moves. */
  deaf: number;
  /** Of the process: all boards, and whoever runs this. */
  sockets: number;
  timers: number;
  /** Garbage included, unless Node runs with `--expose-gc`. */
  heapBytes: number;
}

/** The longest wait of a board, ms. */
const BACKOFF_CAP_MS = 2000;
/**
 * What comes on top of it, ms: timers that are late, TCP, and the opening handshake, of all boards at once.
 */
const HANDSHAKE_MAX_MS = 1000;
const DOWN_MS = 300;
const SAY_EVERY_MS = 100;
/**
 * How long each board must have been open for a period to end, ms: by then it has no socket left but the one.
 */
const SETTLED_MS = CLOSE_TIMEOUT_MS + 100;
/** How long that is waited for, ms; and how often it is looked at. */
const SETTLE_MAX_MS = 10_000;
const SETTLE_LOOK_MS = 50;

const CONFIG: DeviceConfig = {
  ...DEFAULT_CONFIG,
  keepalive: { ping_interval_ms: 1000, ping_timeout_ms: 1000 },
  backoff: { kind: 'exponential', jitter: 'full', min_ms: 100, max_ms: BACKOFF_CAP_MS },
};
const RELAY_FLAGS = '--mode echo --envelope raw --ws-ping-interval 500ms --ws-ping-timeout 1s'.split(' ');

/** Says something all the time, and lets its channel hear the echo. */
const talker: FirmwareApp = (hal, config) => {
  const channel = createChannel(hal, config);
  const say = () => {
    channel.send(`still here at ${hal.clock.now()}`);
    hal.clock.setTimeout(say, SAY_EVERY_MS);
  };
  say();
};

/** @param onPeriod called at the end of each period, `restarts` + 1 times in all */
export async function soak(settings: SoakSettings, onPeriod: (period: SoakPeriod) => void): Promise<void> {
  const relay = new RelayProcess(RELAY_FLAGS);
  let boards: SoakBoard[] = [];
  try {
    await relay.start();
    boards = Array.from({ length: settings.boards }, (_, index) => createBoard(index, relay.port));
    for (let restart = 0; ; restart++) {
      for (const board of boards) board.relayIsUp();
      const standstill = new Standstill(relay.port);
      await delay(settings.periodMs);
      await settle(boards);
      onPeriod(summarize(boards, await standstill.stop()));
      if (restart === settings.restarts) break;
      for (const board of boards) board.relayIsDown();
      await relay.stop(restart % 2 === 0);
      await delay(DOWN_MS);
      await relay.start();
    }
  } finally {
    for (const board of boards) board.switchOff();
    await relay.stop(false);
  }
}

function createBoard(index: number, port: number): SoakBoard {
  return new SoakBoard({ ...CONFIG, client_id: `board-${index + 1}`, server: `ws://127.0.0.1:${port}/` }, talker);
}

/** A board that is just on its way back is neither lost nor back: it gets the time that it may take. */
async function settle(boards: readonly SoakBoard[]): Promise<void> {
  const endMs = performance.now() + SETTLE_MAX_MS;
  while (performance.now() < endMs && boards.some(({ openForMs }) => openForMs < SETTLED_MS)) await delay(SETTLE_LOOK_MS);
}

function summarize(boards: readonly SoakBoard[], standstillMs: number): SoakPeriod {
  globalThis.gc?.();
  const resources = process.getActiveResourcesInfo();
  const count = (name: string) => resources.filter((resource) => resource === name).length;
  const allowedReturnMs = BACKOFF_CAP_MS + HANDSHAKE_MAX_MS + standstillMs;
  return {
    open: boards.filter(({ isOpen }) => isOpen).length,
    slowestReturnMs: Math.max(...boards.map(({ longestOutageMs }) => longestOutageMs)),
    allowedReturnMs,
    standstillMs,
    late: boards.filter(({ isOpen, longestOutageMs }) => !isOpen || longestOutageMs > allowedReturnMs).map(({ story }) => story),
    drops: tally(boards.flatMap(({ drops }) => drops)),
    unwritten: boards.reduce((sum, { unwritten }) => sum + unwritten, 0),
    echoed: boards.reduce((sum, { echoed }) => sum + echoed, 0),
    deaf: boards.filter(({ echoed }) => echoed === 0).length,
    sockets: count('TCPSocketWrap'),
    timers: count('Timeout'),
    heapBytes: process.memoryUsage().heapUsed,
  };
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
