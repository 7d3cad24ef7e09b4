/** What a board's memory holds, and what becomes of a board that has no room for it. */
import { expect, it } from 'vitest';
import { app as echo } from '../../../firmware/apps/echo.ts';
import { run } from '../../run/run.ts';
import type { ScenarioDocument } from '../../scenario/settings.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { PROFILES } from '../profiles/index.ts';
import { BoardLab, SERVER_HOST } from '../testing/board-lab.ts';
import type { MemoryFacts } from './memory.ts';

const ESPRUINO = PROFILES['espruino-esp32'];
const FACTS = ESPRUINO.memory as MemoryFacts;
const HANDLERS = { onConnect() {}, onData() {}, onDrain() {}, onClose() {} };

it('is what the build says of the reference app, and less with each message that waits', async () => {
  const lab = new BoardLab({ profile: ESPRUINO });
  await lab.boot();
  const [hal] = lab.hals;
  const free = hal.system.freeMemory();
  expect(free).toBe(229_362 - 2_524 * 14);
  hal.log.event('message.sent', 'text', '', 1_000);
  hal.log.event('message.sent', 'text', '', 0);
  expect(hal.system.freeMemory()).toBe(free - 1_442 - 42);
  hal.log.event('message.written', '', '', 1_000);
  hal.log.event('message.written', '', '', 0);
  hal.log.event('message.received', 'text', '', 60_000);
  expect(hal.system.freeMemory()).toBe(free);
  expect(lab.boards[0].memory.leastFreeBytes).toBe(free - 42 - 60_000 * 1.4);
});

it('is never told to be none, and has no end on the ideal machine', async () => {
  const lab = new BoardLab({ profile: PROFILES.ideal });
  await lab.boot();
  for (let n = 0; n < 1_000; n++) lab.hals[0].log.event('message.sent', 'text', '', 65_536);
  expect(lab.hals[0].system.freeMemory()).toBe(1_000_000_000);
  expect(lab.eventsNamed('board.out_of_memory')).toEqual([]);
});

it('that is full resets the board, whose firmware is told no reason, and begins anew', async () => {
  const lab = new BoardLab({ profile: ESPRUINO });
  await lab.boot();
  for (let n = 0; n < 3; n++) lab.hals[0].log.event('message.sent', 'text', '', 65_536);
  await lab.run(3_000);
  const missing = 3 * (42 + Math.round(65_536 * 1.4)) - (229_362 - 2_524 * 14);
  expect(lab.eventsNamed('board.out_of_memory').map(({ subject, value }) => [subject, Math.abs(value - missing) < 3])).toEqual([
    ['outbox', true],
  ]);
  expect(lab.eventsNamed('board.boot').map(({ value }) => value)).toEqual([1, 2]);
  expect(lab.hals[0].system.resetReason()).toBe('unknown');
  expect(lab.hals[0].system.freeMemory()).toBe(229_362 - 2_524 * 14);
});

it('has room for one TLS session and not for two; what a socket took is given back', async () => {
  const lab = new BoardLab({ profile: { ...ESPRUINO, connectBlocks: false } });
  await lab.join();
  const tls = { ca: '', cert: '', key: '', verify: false };
  const connect = (secure: boolean) => lab.hals[0].net.connect(SERVER_HOST, 80, HANDLERS, secure ? tls : null);
  for (let n = 0; n < 20; n++) connect(false).destroy();
  connect(true).destroy();
  connect(true);
  await lab.run(50);
  expect(lab.eventsNamed('board.out_of_memory')).toEqual([]);
  expect(lab.boards[0].memory.leastFreeBytes).toBe(FACTS.networkBytes - FACTS.socketBytes - FACTS.tlsBytes);
  connect(true);
  await lab.run(50);
  expect(lab.eventsNamed('board.out_of_memory').map(({ subject }) => subject)).toEqual(['tls']);
});

it('that leaks fills up again and again, as fast as the profile has it, and no longer once the leak is mended', async () => {
  const steps = [{ at: 60_000, for: 600_000, action: 'memory.leak', parameters: { bytes_per_s: 1_000 } }];
  const play = async (device: 'espruino-esp32' | 'ideal') => {
    const scenario = makeScenario({ duration: 900_000, steps, boards: { count: 2, device } } as ScenarioDocument);
    return (await run(scenario, echo)).summary.metrics;
  };
  const metrics = await play('espruino-esp32');
  // 194 s each.
  expect(metrics).toMatchObject({ out_of_memory_resets: 6, board_resets: 6, heap_free_min_bytes: 0 });
  expect(await play('ideal')).toMatchObject({ out_of_memory_resets: 0, heap_free_min_bytes: 0 });
});

it('says what a quiet fleet had left', async () => {
  const { summary } = await run(makeScenario({ duration: 60_000, boards: { count: 2, device: 'micropython-esp32' } }), echo);
  expect(summary.metrics.heap_free_min_bytes).toBe(50_164 - 1_828);
});
