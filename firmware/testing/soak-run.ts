/**
 * Many boards on this computer against a relay that restarts again and again, by turns politely (close frames) and by a crash (SIGKILL): does every
 * board come back within its backoff's cap, does every accepted message leave, and does nothing pile up?
 *
 * All boards share this process, the relay is `npx tsx relay` in another: what is counted here is the firmware's alone. Real time, real sockets.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createNodeBoard, type NodeBoard } from 'hal/node';
import { boot, type FirmwareApp } from '../boot.ts';
import { createChannel } from '../channel/index.ts';
import { DEFAULT_CONFIG } from '../config.ts';
import { RelayProcess } from './relay-process.ts';

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
  /** Of the process: all boards, and whoever runs this. */
  sockets: number;
  timers: number;
  /** Garbage included, unless Node runs with `--expose-gc`. */
  heapBytes: number;
}

/** The longest wait of a board, ms. */
export const BACKOFF_CAP_MS = 2000;
const DOWN_MS = 300;
const SAY_EVERY_MS = 100;

const CONFIG = {
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
    boards = Array.from({ length: settings.boards }, (_, index) => new SoakBoard(index, relay.port));
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
    const config = { ...CONFIG, client_id: `board-${index + 1}`, server: `ws://127.0.0.1:${port}/` };
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
