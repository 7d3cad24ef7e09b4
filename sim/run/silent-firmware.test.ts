/**
 * Firmware that says nothing of its channel: read off its sockets, the same program gives the same metrics as
 * by its own word.
 */
import { app } from 'firmware/apps/sos';
import type { FirmwareApp } from 'firmware/boot';
import { expect, it } from 'vitest';
import type { FirmwareImage } from '../board/runtime.ts';
import { imageOf } from '../board/runtimes/javascript.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { run } from './run.ts';

const mute: FirmwareApp = (hal, config) => app({ ...hal, log: { line: (text) => hal.log.line(text), event: () => {} } }, config);
const SILENT: FirmwareImage = { ...imageOf(mute), reports: false };

/** Faults that end a channel in several ways. */
const STORY: ScenarioDocument = {
  duration: 10 * 60_000,
  boards: { count: 5, device: 'espruino-esp32' },
  link: { loss: 0.02 },
  steps: [
    { at: 60_000, for: 20_000, action: 'ap.down', parameters: {} },
    { at: 150_000, for: 60_000, action: 'link.blackhole', parameters: {} },
    { at: 300_000, for: 5_000, action: 'relay.stop', parameters: {} },
    { at: 360_000, action: 'link.reset', parameters: {} },
    { at: 420_000, action: 'board.reset', parameters: {} },
  ],
};

it('has the same channel, messages and pings on a good day, to the last one', async () => {
  const day: ScenarioDocument = { duration: 5 * 60_000, relay: { ping_interval: 60_000 } };
  const [told, seen] = await Promise.all([app, SILENT].map(async (one) => (await run(makeScenario(day), one)).summary.metrics));
  expect(seen).toEqual(told);
});

it('has the same through outages, but for what is known to the firmware alone', async () => {
  const [told, seen] = await Promise.all([app, SILENT].map(async (one) => (await run(makeScenario(STORY), one)).summary.metrics));
  const byItsKeepalive = told['disconnects.board_ping_timeout'] as number;
  expect(byItsKeepalive).toBeGreaterThan(0);
  expect(told['disconnects.refused_duplicate']).toBeGreaterThan(0);
  expect(seen).toEqual({
    ...told,
    // Its own keepalive just ends its socket.
    'disconnects.board_ping_timeout': 0,
    'disconnects.peer_closed': (told['disconnects.peer_closed'] as number) + byItsKeepalive,
    // A message that waits in the outbox has not been sent.
    message_latency_ms: seen.message_latency_ms,
  });
});
