/**
 * What a device profile holds: every number that makes a virtual board a particular device, with its unit and
 * source.
 *
 * "unknown, assumed" marks a number that nobody measured on a real board; it is there to be replaced.
 */
import type { TcpParameters } from '../../net/tcp/parameters.ts';
import type { TlsCosts } from '../../net/tls/processor.ts';
import type { RadioParameters } from '../../net/wifi/parameters.ts';
import type { ClockFacts } from '../clock-drift.ts';
import type { Currents } from '../energy/currents.ts';
import type { MemoryFacts } from '../memory/memory.ts';
import type { FlashCosts } from '../peripherals/flash.ts';

export interface DeviceProfile {
  /** Power-on to the first line of the firmware, ms. */
  readonly bootMs: number;
  /** What one handler (timer, socket or Wi-Fi callback) holds the CPU, µs. */
  readonly handlerUs: number;
  /** What each byte read or written adds, µs: framing and masking in the interpreter. */
  readonly byteUs: number;
  /** `net.connect` holds the CPU until the name is resolved and the TCP handshake has ended. */
  readonly connectBlocks: boolean;
  /** It connects to IPv6 addresses. */
  readonly ipv6: boolean;
  /** null: without end. */
  readonly memory: MemoryFacts | null;
  /**
   * After how long the platform's own watchdog resets a board whose program does not come back, ms; null:
   * only the one that firmware sets itself does (`hal.system.watchdog`).
   */
  readonly watchdogMs: number | null;
  /** Sockets that can be open at once. */
  readonly sockets: number;
  /** Most bytes that one `onData` brings. */
  readonly readBytes: number;
  /**
   * The platform's random generator starts from this constant on every board until the firmware seeds it;
   * null = already unpredictable.
   */
  readonly randomSeed: string | null;
  /** A Wi-Fi join that fails never calls back. */
  readonly joinFailureIsSilent: boolean;
  readonly radio: RadioParameters;
  readonly tcp: TcpParameters;
  /**
   * What the calendar says at power-on, ms since 1970; null: what the world's says. It survives a reset, as
   * the RTC does.
   */
  readonly calendarBeginsMs: number | null;
  /** How wrong its clocks may be; a scenario says whether they are (`boards.clock_drift`). */
  readonly clocks: ClockFacts;
  readonly flash: FlashCosts;
  readonly tls: TlsCosts;
  /**
   * A TLS handshake holds the CPU from its beginning to its end, waiting included; else only while it
   * computes.
   */
  readonly tlsHandshakeBlocks: boolean;
  /** Which JavaScript it runs; null: none, and an app stands for a program in another language. */
  readonly javascript: 'espruino' | 'any' | null;
  /**
   * What an error that nobody caught ends: the handler it was thrown in, or the whole program until the next
   * reset.
   */
  readonly uncaughtErrorEnds: 'handler' | 'program';
  /** What its chip draws in which state. */
  readonly currents: Currents;
}
