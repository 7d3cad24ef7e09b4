/**
 * What a capture of a simulated run's packets would have shown, made where a recorded one was: the run is
 * captured, and the capture read as any other.
 */
import type { Programs } from '../board/runtime.ts';
import { Capture } from '../capture/capture.ts';
import { run } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { PacketReader } from './packets/packet-reader.ts';
import { recordingOf } from './packets/read-packets.ts';
import type { Side } from './packets/side.ts';
import type { FieldRecording } from './read-field.ts';

/** Of the relay, within the capture alone. */
const PORT = 8000;
const US_PER_MS = 1_000;

/** @param near the end at which packets are seen */
export async function captureView(scenario: Scenario, app: Programs, near: Side): Promise<FieldRecording> {
  const reader = new PacketReader([PORT]);
  const endUs = scenario.durationMs * US_PER_MS;
  const sink = {
    begin: (block: Buffer) => void reader.push(block),
    // What comes after the measured time does not count.
    take: (block: Buffer, atUs: number) => void (atUs <= endUs && reader.push(block)),
  };
  const boards = Array.from({ length: scenario.boards.count }, (_, board) => board);
  const at = near === 'server' ? 'relay' : 'board';
  const capture = new Capture({ seed: scenario.seed, boards, at, relayPort: PORT, comment: '', sink });
  await run({ ...scenario, checks: [], thresholds: [] }, app, { tap: capture });
  capture.finish();
  return recordingOf(scenario.name, reader.finish());
}
