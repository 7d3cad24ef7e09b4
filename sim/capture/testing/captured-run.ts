/** A run of the kit's own app with a capture, into memory or a file. */
import { writeFileSync } from 'node:fs';
import { app } from 'firmware/apps/sos';
import type { Summary } from '../../measure/result.ts';
import { run } from '../../run/run.ts';
import type { ScenarioDocument } from '../../scenario/settings.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { Capture, type VantagePoint } from '../capture.ts';

const RELAY_PORT = 8000;

/** @param boards left out: all of them */
export async function captureRun(
  document: ScenarioDocument,
  at: VantagePoint,
  boards?: readonly number[],
): Promise<{ summary: Summary; bytes: Buffer }> {
  const scenario = makeScenario(document);
  const blocks: Buffer[] = [];
  const capture = new Capture({
    seed: scenario.seed,
    boards: boards ?? Array.from({ length: scenario.boards.count }, (_, board) => board),
    at,
    relayPort: RELAY_PORT,
    comment: 'a test',
    sink: { begin: (block) => blocks.push(block), take: (block) => blocks.push(block) },
  });
  const { summary } = await run(scenario, app, { tap: capture });
  capture.finish();
  return { summary, bytes: Buffer.concat(blocks) };
}

export async function captureToFile(document: ScenarioDocument, at: VantagePoint, file: string): Promise<Summary> {
  const { summary, bytes } = await captureRun(document, at);
  writeFileSync(file, bytes);
  return summary;
}
