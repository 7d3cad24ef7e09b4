/**
 * Sockets over Espruino's `net`. Rules 1 to 5: a connect that fails throws, one that waits stops everything,
 * nothing can be taken back or paused, and a reset looks like a FIN.
 *
 * The platform closes both directions at once: after `end` nothing of the peer arrives any more.
 */
import type { Net, NetError, Socket, SocketHandlers, TlsSettings, Wifi } from '../index.ts';
import { describe, throwLater } from './uncaught.ts';

/**
 * A socket wants no more while this much is queued in the engine, bytes: four idle loops of 536 bytes, 1 % of
 * an ESP32's memory (rule 3).
 */
const QUEUE_WELCOME_BYTES = 2144;
/**
 * Most that is kept for a paused reader, bytes: 8 % of an ESP32's memory. The engine goes on reading, so what
 * comes then ends the socket.
 */
const HELD_MAX_BYTES = 16384;
/**
 * A connect that failed after this long, ms, met silence; before, a refusal. The engine gives no reason; an
 * RST comes within a round trip, and lwIP gives up on silence after 18 s (rule 2).
 */
const SILENCE_MIN_MS = 3000;

export function createNet(wifi: Omit<Wifi, 'rssi' | 'address' | 'powerSave'>): Net {
  return {
    connect(host, port, handlers, tls = null) {
      const socket = new EspruinoSocket(handlers, tls);
      // Not from within this call: the engine's connect blocks all JavaScript until TCP's handshake has ended
      // (rule 2), and throws (rule 1).
      setTimeout(() => socket.open(host, port, wifi), 0);
      return socket;
    },
  };
}

class EspruinoSocket implements Socket {
  private readonly handlers: SocketHandlers;
  private readonly tls: TlsSettings | null;
  /** Something came. */
  private heard: boolean = false;
  private native: EspruinoSocketObject | null = null;
  private phase: 'connecting' | 'open' | 'ended' | 'gone' = 'connecting';
  private announced: boolean = false;
  /** Written before the connection. */
  private early: string = '';
  private queuedBytes: number = 0;
  private failure: string = '';
  private paused: boolean = false;
  /** Came during the pause. */
  private held: string = '';
  /** The end that came during the pause, if it did. */
  private heldEnd: (() => void) | null = null;

  constructor(handlers: SocketHandlers, tls: TlsSettings | null) {
    this.handlers = handlers;
    this.tls = tls;
  }

  open(host: string, port: number, wifi: Omit<Wifi, 'rssi' | 'address' | 'powerSave'>): void {
    if (this.phase === 'gone') return;
    // The engine would return a socket that never says a word.
    if (!wifi.isConnected()) {
      this.close({ kind: 'unreachable', message: 'no network' });
      return;
    }
    const { tls } = this;
    if (tls?.verify) {
      this.close({ kind: 'tls', tls: 'protocol', message: 'Espruino cannot verify a server' });
      return;
    }
    const startMs = getTime() * 1000;
    try {
      const announce = () => this.announce();
      const native = tls === null ? require('net').connect({ host, port }, announce) : connectTls(host, port, tls, announce);
      if (native === undefined) this.close({ kind: 'other', message: 'no socket' });
      else this.attach(native);
    } catch (error) {
      this.close(connectError(describe(error), getTime() * 1000 - startMs));
    }
  }

  write(bytes: string): boolean {
    if (this.phase === 'ended' || this.phase === 'gone') return true;
    this.queuedBytes += bytes.length;
    if (this.native === null) this.early += bytes;
    else this.hand(bytes);
    return this.queuedBytes < QUEUE_WELCOME_BYTES;
  }

  end(): void {
    if (this.phase === 'ended' || this.phase === 'gone') return;
    this.phase = 'ended';
    if (this.native !== null) this.native.end();
  }

  destroy(): void {
    if (this.phase === 'gone') return;
    this.phase = 'gone';
    this.held = '';
    this.early = '';
    if (this.native === null) return;
    // Rule 3: `end` waits for unsent data, for ever if the peer is silent, and an ESP32 has ten sockets. The
    // mark does not wait.
    this.native.end();
    this.native.clsNow = true;
    this.native = null;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    setTimeout(() => this.release(), 0);
  }

  /**
   * Listens at once (rule 4), and until the end: what nobody listens to fills a buffer without which the
   * engine does not close.
   */
  private attach(native: EspruinoSocketObject): void {
    this.native = native;
    native.on('data', (bytes) => this.guard(() => this.arrive(bytes)));
    native.on('drain', () => this.drain());
    native.on('error', (error) => {
      this.failure = describe(error);
    });
    native.on('close', () => this.finish());
    if (this.early !== '') this.hand(this.early);
    this.early = '';
    if (this.phase === 'ended') native.end();
    else this.phase = 'open';
  }

  private hand(bytes: string): void {
    try {
      if (this.native !== null) this.native.write(bytes);
    } catch {
      // It has ended, and says so in a moment (rule 3).
    }
  }

  /** The engine may report data, or the end, before the connection that brought them. */
  private announce(): void {
    if (this.announced || this.phase === 'gone') return;
    this.announced = true;
    this.handlers.onConnect();
  }

  private arrive(bytes: string): void {
    this.announce();
    this.heard = true;
    if (this.phase === 'gone' || bytes === '') return;
    if (!this.paused && this.held === '') {
      this.handlers.onData(bytes);
    } else {
      this.held += bytes;
      if (this.held.length > HELD_MAX_BYTES) this.overflow();
    }
  }

  private overflow(): void {
    this.destroy();
    this.handlers.onClose({ kind: 'other', message: 'too much came during a pause' });
  }

  private drain(): void {
    this.announce();
    this.queuedBytes = 0;
    if (this.phase === 'open') this.handlers.onDrain();
  }

  private finish(): void {
    this.announce();
    // `error` comes for data that could not be sent any more. A reset without any looks like a FIN (rule 4).
    let error: NetError | null = this.failure === '' ? null : { kind: 'reset', message: this.failure };
    // All that is seen of a failed TLS handshake, since the engine connects before it (rule 6).
    if (this.tls !== null && !this.heard) error = { kind: 'tls', tls: 'protocol', message: this.failure };
    if (this.held === '') this.close(error);
    else this.heldEnd = () => this.close(error);
  }

  /** What was held back, unless it has been paused again. */
  private release(): void {
    if (this.paused || this.phase === 'gone') return;
    const bytes = this.held;
    this.held = '';
    if (bytes !== '') this.guard(() => this.handlers.onData(bytes));
    if (this.heldEnd !== null && !this.paused) this.heldEnd();
  }

  private close(error: NetError | null): void {
    if (this.phase === 'gone') return;
    this.phase = 'gone';
    this.native = null;
    this.handlers.onClose(error);
  }

  /** The engine takes the listener off a socket when it throws. */
  private guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      throwLater(error);
    }
  }
}

function connectTls(host: string, port: number, tls: TlsSettings, onConnect: () => void): EspruinoSocketObject | undefined {
  const options: EspruinoTlsOptions = { host, port };
  if (tls.cert !== '') {
    options.cert = derOf(tls.cert);
    options.key = derOf(tls.key);
  }
  return require('tls').connect(options, onConnect);
}

/** The engine reads DER only (rule 6). Of a PEM file its first block. */
function derOf(file: string): string {
  return file.indexOf('-----BEGIN') < 0 ? file : atob(file.split('-----')[2].replace(/[^A-Za-z0-9+\x2f=]/g, ''));
}

function connectError(message: string, tookMs: number): NetError {
  if (message.indexOf('locate host') >= 0) return { kind: 'dns', message };
  return { kind: tookMs < SILENCE_MIN_MS ? 'refused' : 'timeout', message };
}
