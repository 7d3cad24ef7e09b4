/**
 * Firmware of another kind than JavaScript on a board: what it is given at each boot, and what becomes of it.
 */
import { expect, it } from 'vitest';
import { PROFILES } from './profiles/index.ts';
import type { BoardMachine, FirmwareImage } from './runtime.ts';
import { BoardLab } from './testing/board-lab.ts';

const MICROPYTHON = PROFILES['micropython-esp32'];

function imageOf(start: (machine: BoardMachine, boot: number) => void): FirmwareImage {
  let boots = 0;
  return { reports: false, hosted: null, placeOf: () => 'main.py:7', start: (machine) => start(machine, ++boots) };
}

it('is started as a task of the CPU when the board has booted, anew at each boot, and hears of the end of each run once', async () => {
  const log: string[] = [];
  const lab = new BoardLab({
    profile: MICROPYTHON,
    image: imageOf((machine, boot) => {
      log.push(`start ${boot} at ${lab.nowMs} with ${machine.readFile('config.json')}`);
      machine.onReset(() => log.push(`end ${boot}`));
    }),
  });
  lab.board.boot();
  await lab.run(1_000);
  lab.board.boot();
  await lab.run(1_000);
  lab.board.powerOff();
  lab.board.powerOff();
  await lab.run(1_000);
  expect(log).toEqual(['start 1 at 690 with {}', 'end 1', 'start 2 at 1690 with {}', 'end 2']);
});

it('goes on in tasks while it computes, and holds up nobody else of its board when it only waits', async () => {
  const slices: number[] = [];
  const lab = new BoardLab({
    image: imageOf((machine) => {
      const slice = (): void => {
        slices.push(lab.nowMs);
        machine.cpu.charge(100_000);
        if (slices.length < 3) machine.cpu.run({ execute: slice });
      };
      slice();
      machine.clock.setTimeout(() => slices.push(-lab.nowMs), 50);
    }),
  });
  lab.board.boot();
  await lab.run(1_000);
  // The timeout is due at 50 ms and has its turn behind the slice that asked before it.
  expect(slices).toEqual([0, 100, -200, 200]);
  expect(lab.eventsNamed('loop.stall').map(({ detail, value }) => [detail, value])).toEqual([['handler', 150]]);
});

it('may say itself how long it stood still, and why', async () => {
  const lab = new BoardLab({ image: imageOf((machine) => machine.log.event('loop.stall', '', 'recv', 250)) });
  await lab.boot();
  expect(lab.eventsNamed('loop.stall').map(({ detail, value }) => [detail, value])).toEqual([['recv', 250]]);
});

it('resets its board when the running task is over, and nothing of the earlier run comes after that', async () => {
  const log: string[] = [];
  const lab = new BoardLab({
    profile: MICROPYTHON,
    image: imageOf((machine, boot) => {
      if (boot > 1) return;
      machine.timeline.schedule(0, { onEvent: () => log.push('waits of its own are its own affair') }, null);
      machine.clock.setTimeout(() => log.push('a timeout of the earlier run'), 300);
      machine.cpu.charge(200_000);
      machine.restart();
      log.push('the task goes on');
    }),
  });
  lab.board.boot();
  await lab.run(3_000);
  expect(log).toEqual(['the task goes on', 'waits of its own are its own affair']);
  expect(lab.eventsNamed('board.boot').map(({ atUs, value }) => [atUs, value])).toEqual([
    [0, 1],
    [690_000 + 200_000 + MICROPYTHON.handlerUs, 2],
  ]);
});

it('that throws has its error told with the place in its own source, and ends as its platform has it', async () => {
  const lab = new BoardLab({
    profile: MICROPYTHON,
    image: imageOf((machine) => {
      machine.cpu.run({
        execute: () => {
          throw new Error('OSError: [Errno 104] ECONNRESET');
        },
      });
    }),
  });
  await lab.boot();
  expect(lab.eventsNamed('board.error').map(({ subject, detail }) => [subject, detail])).toEqual([
    ['main.py:7', 'OSError: [Errno 104] ECONNRESET'],
  ]);
  expect(lab.eventsNamed('board.ended')).toHaveLength(1);
});
