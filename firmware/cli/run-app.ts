/**
 * Runs an app on this computer: the Node backend, the same boot code as on a board, lines on `out`, until
 * Ctrl-C.
 *
 * `once` and the end by a signal need nothing of the firmware: they look at the events that every backend's
 * log sees. Where a channel would begin to wait for its next attempt, `once` takes the power away; a signal
 * does so when what was accepted has been written, a close frame has been sent and the server has answered
 * it, or at a deadline.
 */
import type { ResetReason, Storage } from 'hal';
import { createNodeBoard, NodeBench, type NodeBoard, unlessStopped } from 'hal/node';
import { boot, type FirmwareApp } from '../boot.ts';
import { type ChannelState, MESSAGE_REFUSALS, type MessageRefusal } from '../events.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { bootImage } from './run/boot-image.ts';
import { FarewellNet } from './run/farewell-net.ts';
import { PinConsole } from './run/pin-console.ts';

/**
 * From a signal to power off, ms: a round trip to any relay, and short enough for somebody who waits for the
 * prompt.
 */
const STOP_MAX_MS = 1000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface AppRun {
  app: FirmwareApp;
  /** The board's flash, which outlives its resets. */
  flash: Storage;
  /** Pins are moved by lines of the input, and what the firmware drives is told. */
  pins: boolean;
  /** End when the first channel has ended, or could not be opened. */
  once: boolean;
}

/**
 * Messages as `sim` counts them: those that the channel refused were sent, too, as far as the app is
 * concerned.
 */
type RefusedMessages = { messages_refused: number } & Record<`messages_refused.${MessageRefusal}`, number>;

/** What was counted from boot to power off. */
export interface AppRunResult extends RefusedMessages {
  exitCode: ExitCode;
  connects: number;
  messages_sent: number;
  messages_received: number;
  /** What the channel was doing, and why it last went down ('' = it never did). */
  state: ChannelState;
  cause: string;
}

export function runApp(run: AppRun, io: Io): Promise<AppRunResult> {
  return new Promise((resolve) => new RunningApp(run, io, resolve).start());
}

class RunningApp {
  private readonly run: AppRun;
  private readonly io: Io;
  private readonly resolve: (result: AppRunResult) => void;
  private readonly bench = new NodeBench();
  private readonly pins: PinConsole | null;
  private board: NodeBoard;
  private net: FarewellNet;
  private readonly result: AppRunResult = {
    exitCode: EXIT.ok,
    connects: 0,
    messages_sent: 0,
    ...noneRefused(),
    messages_received: 0,
    state: 'waiting',
    cause: '',
  };
  private messagesWritten = 0;
  private phase: 'running' | 'stopping' | 'ended' = 'running';
  private readonly processOnSignal = () => this.stop();

  constructor(run: AppRun, io: Io, resolve: (result: AppRunResult) => void) {
    this.run = run;
    this.io = io;
    this.resolve = resolve;
    this.pins = run.pins ? new PinConsole(this.bench, io) : null;
    this.board = this.makeBoard('power_on');
    this.net = new FarewellNet(this.board.hal);
  }

  start(): void {
    for (const signal of SIGNALS) process.on(signal, this.processOnSignal);
    if (this.io.input !== undefined) this.pins?.start(this.io.input);
    this.boot();
  }

  private makeBoard(resetReason: ResetReason): NodeBoard {
    return createNodeBoard({
      files: this.run.flash,
      bench: this.bench,
      onPin: (pin, level) => this.pins?.onPin(pin, level),
      onPwm: (...pulses) => this.pins?.onPwm(...pulses),
      onUart: (port, bytes) => this.pins?.onUart(port, bytes),
      log: {
        line: (text) => this.io.out(`${printable(text)}\n`),
        event: (name, subject, detail) => this.hear(name, subject, detail),
      },
      resetReason,
      onReset: (reason) => this.bootAgain(reason),
    });
  }

  /** The firmware reset its board, or slept deeply; what was counted stays. */
  private bootAgain(reason: ResetReason): void {
    if (this.phase !== 'running') {
      this.end(EXIT.interrupted);
      return;
    }
    this.board = this.makeBoard(reason);
    this.net = new FarewellNet(this.board.hal);
    this.messagesWritten = this.result.messages_sent - this.result.messages_refused;
    this.result.state = 'waiting';
    this.boot();
  }

  private boot(): void {
    try {
      unlessStopped(() => bootImage({ ...this.board.hal, net: this.net }, this.run.app, boot));
    } catch (error) {
      this.io.err(`The app threw: ${error instanceof Error ? error.stack : String(error)}\n`);
      this.end(EXIT.bug);
    }
  }

  private hear(name: string, subject: string, detail: string): void {
    const { result } = this;
    switch (name) {
      case 'channel.state':
        result.state = subject as ChannelState;
        if (subject === 'open') result.connects++;
        if (detail !== '') result.cause = detail;
        if (subject === 'waiting' && this.run.once && this.phase === 'running') queueMicrotask(() => this.end(EXIT.ok));
        break;
      case 'message.sent':
        result.messages_sent++;
        break;
      case 'message.dropped':
        this.hearRefused(`messages_refused.${detail as MessageRefusal}`);
        break;
      case 'message.written':
        this.messagesWritten++;
        break;
      case 'message.received':
        result.messages_received++;
        break;
    }
    // After the handlers that hear of it as well.
    if (this.phase === 'stopping') queueMicrotask(() => this.part());
  }

  private hearRefused(byReason: keyof RefusedMessages): void {
    const { result } = this;
    result.messages_sent++;
    result.messages_refused++;
    if (Object.hasOwn(result, byReason)) result[byReason]++;
  }

  private stop(): void {
    if (this.phase !== 'running') return;
    this.phase = 'stopping';
    if (this.board.isOff) {
      this.end(EXIT.interrupted);
      return;
    }
    this.board.requestStop();
    this.board.hal.clock.setTimeout(() => this.end(EXIT.interrupted), STOP_MAX_MS);
    this.part();
  }

  /** The next step towards the end, as soon as it can be taken. */
  private part(): void {
    if (this.result.state !== 'open') this.end(EXIT.interrupted);
    else if (this.messagesWritten === this.result.messages_sent - this.result.messages_refused) this.net.sayGoodbye();
  }

  private end(exitCode: ExitCode): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.board.switchOff();
    this.pins?.stop();
    for (const signal of SIGNALS) process.off(signal, this.processOnSignal);
    this.resolve({ ...this.result, exitCode });
  }
}

function noneRefused(): RefusedMessages {
  return Object.fromEntries([['messages_refused', 0], ...MESSAGE_REFUSALS.map((why) => [`messages_refused.${why}`, 0])]) as RefusedMessages;
}

/** What others send is shown, and does not move the terminal's cursor. */
function printable(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, '?');
}
