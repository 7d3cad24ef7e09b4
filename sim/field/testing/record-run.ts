/**
 * A simulated run, and the file that the relay's own recorder writes of it: the world's events drive the
 * recorder's observer on the world's clock. What the recorder is not told is the wired stream underneath a
 * session, which it does not ask for.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { app as sos } from 'firmware/apps/sos';
import { DEFAULT_CONFIG } from 'relay/config';
import type { CloseCause, RefusalReason, SessionInfo } from 'relay/observer';
import { Recorder } from 'relay/recording/recorder';
import { RecordingFile } from 'relay/recording/recording-file';
import type { RunResult } from '../../measure/result.ts';
import { run } from '../../run/run.ts';
import type { Scenario } from '../../scenario/scenario.ts';

export interface RecordedRun {
  result: RunResult;
  text: string;
}

interface TraceLine {
  t: number;
  board: string;
  event: string;
  cause: CloseCause;
  reason: RefusalReason;
  status: number;
  kind: string;
  rtt_ms: string;
  bytes: number;
  code: number;
}

const MAX_FILE_BYTES = 1024 ** 3;
const EPOCH_MS = 1_700_000_000_000;
const NO_STREAM = null as unknown as Duplex;

/** @param aloneMs how long the relay is recorded before the boards and after them */
export async function recordRun(scenario: Scenario, aloneMs = 0): Promise<RecordedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  try {
    const path = join(folder, 'field.jsonl');
    const tape = new Tape(path, scenario, aloneMs);
    const result = await run(scenario, sos, { traceLevel: 'message', onTraceLine: (text) => tape.take(JSON.parse(text)) });
    tape.finish();
    return { result, text: readFileSync(path, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class Tape {
  private readonly path: string;
  private readonly scenario: Scenario;
  private readonly aloneMs: number;
  private readonly endMs: number;
  private readonly sessions = new Map<string, SessionInfo>();
  private recorder: Recorder;
  private nowMs = 0;
  private sessionCount = 0;

  constructor(path: string, scenario: Scenario, aloneMs: number) {
    this.path = path;
    this.scenario = scenario;
    this.aloneMs = aloneMs;
    this.endMs = scenario.durationMs + aloneMs;
    this.recorder = this.started();
  }

  private started(): Recorder {
    const recorder = new Recorder({
      file: new RecordingFile(this.path, MAX_FILE_BYTES),
      clock: { now: () => this.nowMs, setTimeout: () => 1, clearTimeout: () => {} },
      epochMs: () => EPOCH_MS + this.nowMs,
      config: { ...DEFAULT_CONFIG, ...this.scenario.relay },
      version: '0.0.0',
      onFailure: (error) => {
        throw error;
      },
    });
    recorder.start();
    return recorder;
  }

  take(line: TraceLine): void {
    const atMs = line.t + this.aloneMs;
    if (atMs > this.endMs) return;
    this.nowMs = atMs;
    this.tell(line);
  }

  /** The boards are gone all at once, as when their process ends. */
  finish(): void {
    this.nowMs = this.endMs;
    const { observer } = this.recorder;
    for (const session of this.sessions.values()) {
      if (this.aloneMs > 0) observer.sessionClosed(session, 'reset', 1006);
      else observer.sessionClosed(session, 'shutdown', 1001);
    }
    this.nowMs += this.aloneMs;
    this.recorder.close();
  }

  private tell({ board, event, cause, code, reason, status, kind, bytes, rtt_ms: rttMs }: TraceLine): void {
    const { observer } = this.recorder;
    const session = this.sessions.get(board);
    switch (event) {
      case 'relay.down':
        this.recorder.close();
        break;
      case 'relay.up':
        this.recorder = this.started();
        break;
      case 'ws.open':
        this.open(board);
        break;
      case 'ws.close':
        if (session) observer.sessionClosed(session, cause, code);
        this.sessions.delete(board);
        break;
      case 'ws.refused':
        observer.refused(NO_STREAM, board, reason, status);
        break;
      case 'relay.received':
        if (session) observer.messageReceived(session, bytes, kind === 'binary');
        break;
      case 'relay.ping':
        if (session) observer.pingSent(session, bytes);
        break;
      case 'relay.pong':
        if (session) observer.pongReceived(session, Number(rttMs), bytes);
        break;
      case 'relay.ping_answered':
        if (session) observer.pingAnswered(session, bytes);
        break;
    }
  }

  private open(id: string): void {
    const session = {
      number: ++this.sessionCount,
      id,
      name: '',
      stream: NO_STREAM,
      openedAtMs: this.nowMs,
      messagesIn: 0,
      messagesOut: 0,
      messagesDropped: 0,
    };
    this.sessions.set(id, session);
    this.recorder.observer.sessionOpened(session);
  }
}
