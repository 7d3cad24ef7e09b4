/**
 * Many boards on this computer against a relay that restarts again and again, by turns politely (close frames) and by a crash (RST): does every
 * board come back within its backoff's cap, does every accepted message leave, and does nothing pile up?
 *
 * Relay and boards share this process, so that sockets and timers of both can be counted. Real time, real sockets.
 */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createNodeBoard, type NodeBoard } from 'hal/node';
import { DEFAULT_CONFIG as RELAY_DEFAULTS } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import { createRealClock } from 'relay/real-clock';
import { createRelay, type Relay } from 'relay/relay';
import { listen } from 'relay/server';
import { boot, type FirmwareApp } from '../boot.ts';
import { createChannel } from '../channel/index.ts';
import { DEFAULT_CONFIG } from '../config.ts';

export interface SoakSettings {
  boards: number;
  restarts: number;
  /** From one restart to the next. Longer than a crash, the longest wait and a handshake. */
  periodMs: number;
}

/** What was found at the end of each period, right before the relay goes. */
export interface SoakPeriod {
  open: number;
  /** Messages that were accepted, and that no socket has taken yet. */
  unwritten: number;
  /** Messages that came back since the relay did. */
  echoed: number;
  /** Boards that heard no echo at all: open, and nothing moves. */
  deaf: number;
  /** From the relay's return to the last board's open channel, ms. */
  slowestReturnMs: number;
  /** Of the process: relay, boards, and whoever runs this. */
  sockets: number;
  timers: number;
  /** Garbage included, unless Node runs with `--expose-gc`. */
  heapBytes: number;
}

/** The longest wait of a board, ms. */
export const BACKOFF_CAP_MS = 2000;
const DOWN_MS = 300;
const SAY_EVERY_MS = 100;
const HOST = '127.0.0.1';

const CONFIG = {
  ...DEFAULT_CONFIG,
  keepalive: { ping_interval_ms: 1000, ping_timeout_ms: 1000 },
  backoff: { kind: 'exponential', jitter: 'full', min_ms: 100, max_ms: BACKOFF_CAP_MS },
};
const RELAY_CONFIG = {
  ...RELAY_DEFAULTS,
  mode: 'echo',
  envelope: 'raw',
  pingIntervalMs: 500,
  pingTimeoutMs: 1000,
  closeTimeoutMs: 500,
} as const;

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
  const relay = new RestartingRelay();
  await relay.start();
  const boards = Array.from({ length: settings.boards }, (_, index) => new SoakBoard(index, relay.port));
  try {
    for (let restart = 0; ; restart++) {
      for (const board of boards) board.beginPeriod();
      const backAtMs = performance.now();
      await delay(settings.periodMs);
      onPeriod(summarize(boards, backAtMs));
      if (restart === settings.restarts) break;
      await relay.stop(restart % 2 === 0);
      await delay(DOWN_MS);
      await relay.start();
    }
  } finally {
    for (const board of boards) board.switchOff();
    await relay.stop(false);
  }
}

function summarize(boards: readonly SoakBoard[], backAtMs: number): SoakPeriod {
  globalThis.gc?.();
  const resources = process.getActiveResourcesInfo();
  const count = (name: string) => resources.filter((resource) => resource === name).length;
  return {
    open: boards.filter(({ state }) => state === 'open').length,
    unwritten: boards.reduce((sum, { unwritten }) => sum + unwritten, 0),
    echoed: boards.reduce((sum, { echoed }) => sum + echoed, 0),
    deaf: boards.filter(({ echoed }) => echoed === 0).length,
    slowestReturnMs: Math.max(...boards.map(({ openedAtMs }) => openedAtMs - backAtMs)),
    sockets: count('TCPSocketWrap'),
    timers: count('Timeout'),
    heapBytes: process.memoryUsage().heapUsed,
  };
}

class SoakBoard {
  state = '';
  openedAtMs = 0;
  unwritten = 0;
  echoed = 0;
  private readonly board: NodeBoard;

  constructor(index: number, port: number) {
    const config = { ...CONFIG, client_id: `board-${index + 1}`, server: `ws://${HOST}:${port}/` };
    this.board = createNodeBoard({
      files: { 'config.json': JSON.stringify(config) },
      log: { line() {}, event: (name, subject) => this.hear(name, subject) },
    });
    boot(this.board.hal, talker);
  }

  beginPeriod(): void {
    this.echoed = 0;
  }

  switchOff(): void {
    this.board.switchOff();
  }

  private hear(name: string, subject: string): void {
    switch (name) {
      case 'channel.state':
        this.state = subject;
        if (subject === 'open') this.openedAtMs = performance.now();
        break;
      case 'message.sent':
        this.unwritten++;
        break;
      case 'message.written':
        this.unwritten--;
        break;
      case 'message.received':
        this.echoed++;
        break;
    }
  }
}

class RestartingRelay {
  port = 0;
  private relay: Relay | null = null;
  private readonly sockets = new Set<Socket>();

  async start(): Promise<void> {
    const relay = createRelay({ clock: createRealClock(), epochMs: Date.now, random: Math.random, config: RELAY_CONFIG, log: NULL_LOG });
    relay.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.relay = relay;
    this.port = (await listen(relay.server, HOST, this.port)).port;
  }

  async stop(politely: boolean): Promise<void> {
    const closed = this.relay?.close();
    if (!politely) for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }
}
