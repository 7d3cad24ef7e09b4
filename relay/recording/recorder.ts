/**
 * An observer that writes a relay's traffic down, so that what happened in the field can be played again: who
 * connected when, sizes, ping round trips, ends.
 *
 * Lines are those of the simulator's traces, with `board` for the client's id. Each start of the relay, and
 * each file, begins with a header of its own; `t` counts milliseconds from the header above it, on a clock
 * that never jumps, and the header says what the wall clock showed then. No contents, no addresses, no
 * secrets. What goes out to clients is not written: it follows from what came in, and would be as many lines
 * as there are clients. What others decide the number of is summed up: lost messages by client and second,
 * and refusals of the same kind after the first of a second; of refusals there are so many lines a second and
 * no more, as in the log (refusal-log.ts). A file that fails ends the recording, never the relay.
 */
import type { Clock, TimerId } from 'hal';
import { formatDuration } from 'host/units';
import { MAX_REFUSALS_PER_S } from '../admission/refusal-log.ts';
import type { RelayConfig } from '../config.ts';
import { NULL_OBSERVER, type RelayObserver, type SessionInfo } from '../observer.ts';
import { TokenBucket } from '../session/token-bucket.ts';
import type { RecordingFile } from './recording-file.ts';

export const RECORDING_FORMAT = 'squall-trace';
export const RECORDING_VERSION = 1;
/** The header's `source`, which tells a relay's recording from a simulated run's. */
export const RECORDING_SOURCE = 'relay';

/** What a loss of power may take, and what is summed up, ms. */
const SECOND_MS = 1_000;

export interface RecorderParts {
  file: RecordingFile;
  clock: Clock;
  epochMs: () => number;
  config: Readonly<RelayConfig>;
  /** Of the kit, for whoever reads the file later. */
  version: string;
  /** Called once; nothing is recorded after it. */
  onFailure: (error: Error) => void;
  /**
   * Calls back when this turn of the event loop is over: its lines are written together. Left out: each line
   * at once.
   */
  afterTurn?: (flush: () => void) => void;
}

/** Refusals of one id for one reason. */
interface RefusalSum {
  id: string;
  fields: { reason: string; status: number };
  /** After the first one, which has a line of its own. */
  more: number;
}

export class Recorder {
  readonly observer: RelayObserver;
  private readonly parts: RecorderParts;
  /** Sessions that a new file has to tell of again, in the order they were opened. */
  private readonly open = new Map<number, SessionInfo>();
  /** Messages that a client has lost since the last line about it, by the number of its session. */
  private readonly dropped = new Map<number, { id: string; count: number; bytes: number }>();
  /** Of this second. */
  private readonly refused = new Map<string, RefusalSum>();
  private readonly refusalLines: TokenBucket;
  private refusedWithoutLine = 0;
  private startMs = 0;
  private secondTimer: TimerId = 0;
  private isRecording = false;
  private isFlushDue = false;

  constructor(parts: RecorderParts) {
    this.parts = parts;
    this.refusalLines = new TokenBucket(MAX_REFUSALS_PER_S, parts.clock.now());
    this.observer = {
      ...NULL_OBSERVER,
      sessionOpened: (session) => this.sessionOpened(session),
      sessionClosed: (session, cause, code) => this.sessionClosed(session, cause, code),
      refused: (_stream, id, reason, status) => this.noteRefusal(id, { reason, status }),
      messageReceived: ({ id }, bytes, binary) => this.write(id, 'relay.received', { kind: binary ? 'binary' : 'text', bytes }),
      messageDropped: (session, bytes) => this.noteDrop(session, bytes),
      pingSent: ({ id }, bytes) => this.write(id, 'relay.ping', { bytes }),
      pongReceived: ({ id }, rttMs, bytes) => this.write(id, 'relay.pong', { rtt_ms: toMicroseconds(rttMs), bytes }),
      pingAnswered: ({ id }, bytes) => this.write(id, 'relay.ping_answered', { bytes }),
    };
  }

  /**
   * Writes the header. To be called when the relay serves: a second relay that finds the port taken shall not
   * write into the first one's file.
   */
  start(): void {
    this.isRecording = true;
    this.attempt((file) => {
      file.dropCutLine();
      this.writeHead(file, false);
      file.flush();
    });
  }

  /** The relay has stopped. */
  close(): void {
    this.writeSums();
    this.write('', 'relay.down', { reason: 'shutdown' });
    this.attempt((file) => file.close());
    this.isRecording = false;
    this.parts.clock.clearTimeout(this.secondTimer);
  }

  private sessionOpened(session: SessionInfo): void {
    this.open.set(session.number, session);
    this.write(session.id, 'ws.open', { session: session.number });
  }

  private sessionClosed(session: SessionInfo, cause: string, code: number): void {
    this.open.delete(session.number);
    this.writeDrops(session.number);
    this.write(session.id, 'ws.close', { session: session.number, cause, code });
  }

  private noteDrop({ number, id }: SessionInfo, bytes: number): void {
    const sum = this.dropped.get(number);
    if (sum === undefined) {
      this.dropped.set(number, { id, count: 1, bytes });
      this.awaitSecond();
      return;
    }
    sum.count++;
    sum.bytes += bytes;
  }

  private writeDrops(session: number): void {
    const sum = this.dropped.get(session);
    if (sum === undefined) return;
    this.dropped.delete(session);
    this.write(sum.id, 'relay.dropped', { count: sum.count, bytes: sum.bytes });
  }

  private noteRefusal(id: string, fields: RefusalSum['fields']): void {
    const kind = `${id}/${fields.reason}/${fields.status}`;
    const sum = this.refused.get(kind);
    if (sum !== undefined) sum.more++;
    else if (!this.refusalLines.take(this.parts.clock.now())) this.refusedWithoutLine++;
    else {
      this.refused.set(kind, { id, fields, more: 0 });
      this.write(id, 'ws.refused', fields);
    }
    this.awaitSecond();
  }

  /** Lines with a count: of what happened since the last ones. */
  private writeSums(): void {
    for (const session of this.dropped.keys()) this.writeDrops(session);
    for (const { id, fields, more } of this.refused.values()) if (more > 0) this.write(id, 'ws.refused', { ...fields, count: more });
    this.refused.clear();
    if (this.refusedWithoutLine > 0) this.write('', 'ws.refused', { count: this.refusedWithoutLine });
    this.refusedWithoutLine = 0;
  }

  private write(id: string, event: string, fields: Record<string, string | number>): void {
    this.attempt((file) => {
      const line = this.line(id, event, fields);
      if (file.hasRoomFor(line)) file.append(line);
      else {
        file.rotate();
        this.writeHead(file, true);
        file.append(this.line(id, event, fields));
      }
      this.flushSoon(file);
      this.awaitSecond();
    });
  }

  private flushSoon(file: RecordingFile): void {
    const { afterTurn } = this.parts;
    if (afterTurn === undefined) file.flush();
    else if (!this.isFlushDue) {
      this.isFlushDue = true;
      afterTurn(this.flush);
    }
  }

  private readonly flush = (): void => {
    this.isFlushDue = false;
    this.attempt((file) => file.flush());
  };

  private awaitSecond(): void {
    if (this.isRecording) this.secondTimer ||= this.parts.clock.setTimeout(this.secondOnEnd, SECOND_MS);
  }

  /**
   * The header, and the sessions that are open already: each file can be read alone.
   * @param continues the file before was full
   */
  private writeHead(file: RecordingFile, continues: boolean): void {
    const { clock, epochMs, version, config } = this.parts;
    this.startMs = clock.now();
    const header = {
      format: RECORDING_FORMAT,
      version: RECORDING_VERSION,
      source: RECORDING_SOURCE,
      kit: version,
      node: process.version,
      epoch_ms: Math.round(epochMs()),
      relay: {
        ping_interval: formatDuration(config.pingIntervalMs),
        ping_timeout: formatDuration(config.pingTimeoutMs),
        duplicate_id: config.duplicateId,
        mode: config.mode,
      },
      ...(continues && { continues }),
    };
    file.append(JSON.stringify(header));
    for (const { id, number } of this.open.values()) file.append(this.line(id, 'ws.open', { session: number, continued: true }));
  }

  private line(id: string, event: string, fields: Record<string, string | number | boolean>): string {
    const t = toMicroseconds(this.parts.clock.now() - this.startMs);
    return JSON.stringify({ t, ...(id !== '' && { board: id }), event, ...fields });
  }

  private readonly secondOnEnd = (): void => {
    this.secondTimer = 0;
    this.writeSums();
    this.attempt((file) => file.sync((error) => this.fail(error)));
  };

  private attempt(act: (file: RecordingFile) => void): void {
    if (!this.isRecording) return;
    try {
      act(this.parts.file);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    if (!this.isRecording) return;
    this.isRecording = false;
    this.parts.clock.clearTimeout(this.secondTimer);
    this.parts.onFailure(error);
  }
}

/** The resolution of traces. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
