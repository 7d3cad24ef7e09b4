/** A world that a test moves by hand: looked at, acted on, and ended. */
import { app as button } from 'firmware/apps/button';
import { app as sos } from 'firmware/apps/sos';
import { createChannel } from 'firmware/channel';
import { utf8Decode } from 'firmware/websocket/utf8';
import { describe, expect, it } from 'vitest';
import { createWorld, type SimulatedWorld, type StepSettings, type WorldOptions } from './index.ts';

/** Boards whose channels are open, and the time 10 s. */
async function online(options: WorldOptions = {}): Promise<SimulatedWorld> {
  const world = await createWorld({ boards: 3, device: 'ideal', bootSpread: '0s', duration: '5m', firmware: sos, ...options });
  await world.run('10s');
  expect(world.relay.clients).toHaveLength(3);
  return world;
}

const states = (world: SimulatedWorld) => [1, 2, 3].map((board) => world.board(board).state);

describe('a board', () => {
  it('shows its channel, its pins, its log, and what it said', async () => {
    const world = await createWorld({ boards: 1, device: 'ideal', firmware: button, bootSpread: '0s' });
    const board = world.board('board-1');
    expect([board.state, board.messages, board.log]).toEqual(['off', [], []]);
    await world.run('10s');
    expect([board.state, board.pins(2)]).toEqual(['open', 0]);
    expect(world.relay.send('board-1', 'led on')).toBe(true);
    await world.run('1s');
    expect(board.pins(2)).toBe(1);
    expect(board.messages.map(({ text }) => text)).toEqual(['led is off', 'led is on']);
    expect(board.messages[1].atMs).toBeGreaterThanOrEqual(10_000);
    expect(board.log).toContain('channel: handshake -> open');
  });

  it('keeps its last thousand messages and lines, binary ones byte by byte', async () => {
    const world = await online({
      boards: 3,
      firmware: (hal, config) => {
        const channel = createChannel(hal, config);
        let count = 0;
        channel.onState((state) => {
          if (state !== 'open') return;
          for (let line = 0; line < 1_500; line++) hal.log.line(`line ${line}`);
          const tick = (): void => {
            if (channel.send(String(count++)) && count < 1_200) hal.clock.setTimeout(tick, 100);
            else channel.send('\u00ff', true);
          };
          tick();
        });
      },
    });
    await world.run('3m');
    const { log, messages } = world.board(1);
    expect([log.length, log.at(-1)]).toEqual([1_000, 'line 1499']);
    expect([messages.length, messages[0].text, messages.at(-1)]).toEqual([
      1_000,
      '201',
      expect.objectContaining({ text: '\u00ff', binary: true }),
    ]);
  });

  it('can be reset and lose its power, which another one does not feel', async () => {
    const world = await online();
    world.board(2).reset();
    world.board(3).powerCycle({ for: '30s' });
    expect(states(world)).toEqual(['open', 'off', 'off']);
    await world.run('20s');
    expect(states(world)).toEqual(['open', 'open', 'off']);
    await world.run('30s');
    expect(states(world)).toEqual(['open', 'open', 'open']);
  });
});

describe('a link', () => {
  it('is a black hole until it is told to be none', async () => {
    const world = await online({ relay: { pingInterval: '5s', pingTimeout: '5s' } });
    const heal = world.link('board-3').blackhole();
    await world.run('20s');
    expect(world.relay.clients).toEqual(expect.not.arrayContaining(['board-3']));
    await world.run('40s');
    expect(world.board(3).state).not.toBe('open');
    heal();
    await world.run('1m');
    expect(world.board(3).state).toBe('open');
    heal();
    const { metrics } = await world.finish();
    expect(metrics.detect_ms.count).toBe(1);
    expect(metrics.recovery_ms.count).toBe(1);
  });

  it('is reset, or gets worse, of one board by its number or of a share of them', async () => {
    const world = await online();
    world.board(1).link.reset();
    world.link(2).set({ loss: 1 });
    await world.run('100ms');
    expect(states(world)).toEqual([expect.not.stringMatching('open'), 'open', 'open']);
    world.link('100%').set({ latency: '1s', for: '10s' });
    await world.run('4m');
    expect(states(world)[1]).not.toBe('open');
  });
});

describe('the relay', () => {
  it('stops, starts again, and hangs', async () => {
    const world = await online();
    const start = world.relay.stop();
    await world.run('1s');
    expect(world.relay.clients).toEqual([]);
    expect(world.relay.send('board-1', 'x')).toBe(false);
    start();
    await world.run('2m');
    expect([...world.relay.clients].sort()).toEqual(['board-1', 'board-2', 'board-3']);
    world.relay.hang({ for: '5s' });
    expect(world.relay.send('board-1', 'x')).toBe(false);
    await world.run('10s');
    expect(world.relay.send('board-1', 'x')).toBe(true);
    expect(world.relay.send('nobody', 'x')).toBe(false);
  });

  it('says to one client what it is told, which counts as delivered', async () => {
    const world = await online({
      firmware: (hal, config) => createChannel(hal, config).onMessage((text) => hal.log.line(`got ${utf8Decode(text)}`)),
    });
    world.relay.send('board-2', 'äöü');
    await world.run('1s');
    expect([1, 2, 3].map((board) => world.board(board).log.filter((line) => line.startsWith('got')))).toEqual([[], ['got äöü'], []]);
    expect((await world.finish()).metrics).toMatchObject({ broadcasts_sent: 1, broadcasts_delivered: 1 });
  });
});

describe('a step', () => {
  it('can be any action of a scenario, and an expectation is judged like one', async () => {
    const world = await online();
    world.step({ action: 'station.deauth', boards: 1 });
    world.step({ expect: 'channel.open', boards: 'board-2' });
    world.step({ action: 'client.burst', messages: 3 });
    await world.run('1m');
    world.step({ expect: 'channel.waiting', boards: 'board-2' });
    const { metrics, checks } = await world.finish();
    expect(metrics.wifi_losses).toBe(1);
    expect(metrics.broadcasts_sent).toBeGreaterThan(9);
    expect(checks.find(({ name }) => name === 'expect channel.open')?.ok).toBe(true);
    expect(checks.find(({ name }) => name === 'expect channel.waiting')?.ok).toBe(false);
  });

  it.each<[StepSettings, string]>([
    [{ action: 'link.blackhol' }, 'step.action: unknown action "link.blackhol" (did you mean "link.blackhole"?)'],
    [{ action: 'link.blackhole', boards: 'board-4' }, 'step.boards: no board is called "board-4": the scenario has board-1 to board-3'],
    [{ action: 'link.set', loss: 2 }, 'step.loss: expected a number from 0 to 1 (10 % is 0.1), got 2 (did you mean 0.02?)'],
    [{ action: 'link.set' }, 'step: expected at least one of '],
    [{ action: 'board.reset', for: '5s' }, 'step.for: unknown key'],
    [{ at: '5s', action: 'link.reset' }, 'step.at: 5s is over: it is 10s'],
    [{ at: '6m', action: 'link.reset' }, 'step.at: 6m is after the end of the run (duration 5m)'],
  ])('%j is a mistake: %s', async (step, message) => {
    const world = await online();
    expect(() => world.step(step)).toThrow(message);
    world.close();
  });
});

describe('a world', () => {
  it('moves so far as it is told, and then to its end', async () => {
    const world = await createWorld({ boards: 1, device: 'ideal', firmware: () => {}, duration: '1m' });
    const told: number[] = [];
    world.at('30s', ({ nowMs }) => told.push(nowMs));
    await world.run('20s');
    expect([world.nowMs, told]).toEqual([20_000, []]);
    await world.run();
    expect([world.nowMs, told]).toEqual([60_000, [30_000]]);
    const { virtual_ms, wall_ms } = await world.finish();
    expect(virtual_ms).toBe(60_000);
    expect(wall_ms).toBeGreaterThanOrEqual(0);
  });

  it('is judged at the time at which it is finished', async () => {
    const world = await createWorld({ boards: 2, device: 'ideal', firmware: sos, thresholds: ['connects == 2'] });
    await world.run('30s');
    const result = await world.finish();
    expect(result).toMatchObject({ virtual_ms: 30_000, thresholds: [{ ok: true, value: 2 }] });
    expect(result.metrics.messages_lost).toBe(0);
    expect(result.details.boards).toHaveLength(2);
  });

  it('refuses what makes no sense, and goes on', async () => {
    const world = await createWorld({ boards: 1, device: 'ideal', firmware: () => {}, duration: '1m' });
    await expect(world.run('2m')).rejects.toThrow('run: 2m is after the end of the run (duration 1m)');
    await expect(world.run('5' as never)).rejects.toThrow('run: expected a duration with its unit (30s, 1m), got "5"');
    expect(() => world.board(2)).toThrow('board: no board is called "board-2": there are board-1 to board-1');
    await world.run('10s');
    expect(() => world.at('5s', () => {})).toThrow('at: 5s is over: it is 10s');
    await expect(Promise.all([world.run('1s'), world.run('1s')])).rejects.toThrow('the world is moving already');
    await world.run('10s');
    await world.finish();
    await expect(world.run('1s')).rejects.toThrow('run: this world is over');
    expect(() => world.step({ action: 'link.reset' })).toThrow('step: this world is over');
  });

  it('takes no callback that goes on after it has returned', async () => {
    const world = await createWorld({ boards: 1, device: 'ideal', firmware: () => {} });
    world.at('5s', async () => {});
    await expect(world.run('10s')).rejects.toThrow('at 5s: expected a function that is done when it returns');
    await expect(world.run('10s')).rejects.toThrow('this world is over');
  });

  it('that is closed says and does nothing more', async () => {
    const world = await online();
    const told: string[] = [];
    world.events$.subscribe(({ event }) => told.push(event));
    world.close();
    world.close();
    await expect(world.finish()).rejects.toThrow('this world is over');
    expect(told).toEqual([]);
  });
});
