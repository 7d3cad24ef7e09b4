import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { app as sos } from 'firmware/apps/sos';
import type { FirmwareApp } from 'firmware/boot';
import { afterEach, describe, expect, it } from 'vitest';
import { boardId } from '../kernel/board-id.ts';
import { run } from '../run/run.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { WatchedWorld } from '../testing/watched-world.ts';

const ROUGH: ScenarioDocument = {
  link: { loss: 0.15 },
  boards: { count: 4, device: 'espruino-esp32' },
  steps: [
    { at: 15_000, action: 'link.blackhole', boards: { kind: 'share', share: 0.5 }, for: 20_000, parameters: {} },
    { at: 40_000, action: 'relay.restart', for: 1000, parameters: {} },
  ],
};

async function hashOf(document: ScenarioDocument, turnsPerPump = 0): Promise<string> {
  return (await run(makeScenario(document), sos, { kernel: { turnsPerPump } })).summary.trace_hash;
}

let open: WatchedWorld[] = [];

/** A world that is closed when its test is over. */
function watch(document: ScenarioDocument, app?: FirmwareApp): WatchedWorld {
  const world = new WatchedWorld(document, app);
  open.push(world);
  return world;
}

afterEach(async () => {
  for (const world of open) await world.close();
  open = [];
});

describe('the trace hash of a world', () => {
  it('is the same for the same scenario and seed, whatever ran before', async () => {
    const first = await hashOf(ROUGH);
    await hashOf({ ...ROUGH, seed: 9 });
    expect(await hashOf(ROUGH)).toBe(first);
  });

  it('is the same with one or four turns of the event loop per pump as with a tick', async () => {
    for (const turnsPerPump of [1, 4]) expect(await hashOf(ROUGH, turnsPerPump)).toBe(await hashOf(ROUGH));
  });

  it('is the same in a fresh process', async () => {
    const script = fileURLToPath(new URL('../testing/print-trace-hash.ts', import.meta.url));
    const printed = execFileSync(process.execPath, ['--import', 'tsx', script, JSON.stringify(ROUGH)], { encoding: 'utf8' });
    expect(printed).toBe(await hashOf(ROUGH));
  });

  it('is another for another seed', async () => {
    expect(await hashOf({ ...ROUGH, seed: 2 })).not.toBe(await hashOf(ROUGH));
  });

  it('does not hang on the level of the trace file or on who watches', async () => {
    const scenario = makeScenario(ROUGH);
    const { summary } = await run(scenario, sos, { traceLevel: 'packet', onTraceLine: () => {}, onProgress: () => {} });
    expect(summary.trace_hash).toBe(await hashOf(ROUGH));
  });
});

describe('one board more', () => {
  /** Everything that happened to each board, down to the packet. */
  async function livesOf(boards: number): Promise<Map<string, string[]>> {
    const lives = new Map<string, string[]>();
    const document = { ...ROUGH, steps: [], relay: { mode: 'echo' as const }, boards: { ...ROUGH.boards, count: boards } };
    await run(makeScenario(document), sos, {
      traceLevel: 'packet',
      onTraceLine: (line) => {
        const { board, t } = JSON.parse(line);
        if (board && t <= 60_000) lives.set(board, [...(lives.get(board) ?? []), line]);
      },
    });
    return lives;
  }

  it("changes nothing in the others' lives when they do not talk to each other", async () => {
    const [five, six] = [await livesOf(5), await livesOf(6)];
    expect([...six.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `board-${number}`));
    for (let board = 0; board < 5; board++) {
      expect(five.get(boardId(board))?.length).toBeGreaterThan(200);
      expect(six.get(boardId(board))).toEqual(five.get(boardId(board)));
    }
  });
});

describe('a link that dies silently', () => {
  const CUT = 40;
  const UNCUT = 5;
  const DOCUMENT: ScenarioDocument = {
    relay: { ping_interval: 10_000, ping_timeout: 10_000 },
    boards: { count: CUT + UNCUT, boot_spread: 5000 },
  };

  /** Cuts 40 boards of 45, one every quarter of a second: at all phases of the relay's pings. */
  async function cutMany(): Promise<{ watched: WatchedWorld; cutAtMs: number[] }> {
    const watched = watch(DOCUMENT);
    await watched.run(30_000);
    expect(watched.openChannels).toBe(CUT + UNCUT);
    const cutAtMs: number[] = [];
    for (let board = 0; board < CUT; board++) {
      cutAtMs.push(watched.nowMs);
      watched.world.controls.link(board).setBlackhole(true);
      await watched.run(250);
    }
    await watched.run(25_000);
    return { watched, cutAtMs };
  }

  it('is found by a relay ping of 10/10 after 10 to 20.5 s, 15 on average', async () => {
    const { watched, cutAtMs } = await cutMany();
    const closes = watched.named('ws.close');
    expect(closes.map(({ board, detail }) => `${board} ${detail}`).sort()).toEqual(
      cutAtMs.map((_, board) => `${board} ping_timeout`).sort(),
    );
    const detectMs = closes.map(({ board, atUs }) => atUs / 1000 - cutAtMs[board]);
    expect(Math.min(...detectMs)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...detectMs)).toBeLessThanOrEqual(20_500);
    const meanMs = detectMs.reduce((sum, ms) => sum + ms, 0) / CUT;
    expect(meanMs).toBeGreaterThan(13_500);
    expect(meanMs).toBeLessThan(16_500);
  });

  it('delays and loses nothing of the other boards', async () => {
    const { watched } = await cutMany();
    const { world } = watched;
    world.drain();
    await watched.run(1000);
    for (let board = CUT; board < CUT + UNCUT; board++) {
      const ways = [
        [watched.named('message.sent', board), watched.named('relay.received', board)],
        [watched.named('relay.sent', board), watched.named('message.received', board)],
      ];
      for (const [sent, received] of ways) {
        expect(received).toHaveLength(sent.length);
        const latencyMs = sent.map(({ atUs }, index) => (received[index].atUs - atUs) / 1000);
        const meanwhile = latencyMs.filter((_, index) => sent[index].atUs > 30_000_000);
        expect(meanwhile.length).toBeGreaterThan(5);
        expect(Math.max(...meanwhile)).toBeLessThan(12.5); // 10 ms, 2 ms of jitter, and transmission
      }
    }
  });

  it('lets the board in again when it comes back', async () => {
    const { watched } = await cutMany();
    for (let board = 0; board < CUT; board++) watched.world.controls.link(board).setBlackhole(false);
    const healedAtUs = watched.nowMs * 1000;
    await watched.run(60_000);
    expect(watched.openChannels).toBe(CUT + UNCUT);
    const back = watched.named('ws.open').filter(({ atUs }) => atUs > healedAtUs);
    expect(new Set(back.map(({ board }) => board)).size).toBe(CUT);
    expect(watched.named('ws.refused')).toEqual([]);
  });

  it('frees its id when it is found, not later: the next attempt gets in', async () => {
    const backoff = { kind: 'fixed', min: 200, max: 200, jitter: 'none' } as const;
    const watched = watch({ relay: { ...DOCUMENT.relay, mode: 'echo' }, boards: { count: 8, backoff } });
    await watched.run(30_000);
    for (let board = 0; board < 8; board++) watched.world.controls.board(board).reset(); // the relay knows nothing before its next ping meets RST
    await watched.run(30_000);
    for (let board = 0; board < 8; board++) {
      const [closed] = watched.named('ws.close', board);
      const opened = watched.named('ws.open', board)[1];
      const refused = watched.named('ws.refused', board);
      expect(closed.detail).toBe('reset');
      expect(refused.every(({ detail, value }) => detail === 'duplicate_id' && value === 403)).toBe(true);
      expect(refused.every(({ atUs }) => atUs <= closed.atUs)).toBe(true);
      expect(opened.atUs - Math.max(closed.atUs, refused.at(-1)?.atUs ?? 0)).toBeLessThan(500_000);
    }
    expect(watched.named('ws.refused').length).toBeGreaterThan(20);
  });
});

describe('boards come back', () => {
  it('when the relay was stopped and starts again', async () => {
    const watched = watch({ boards: { count: 5 } });
    await watched.run(20_000);
    watched.world.controls.relay.setRunning(false);
    await watched.run(10_000);
    expect(watched.openChannels).toBe(0);
    expect(watched.named('ws.close').map(({ detail }) => detail)).toEqual(new Array(5).fill('shutdown'));
    watched.world.controls.relay.setRunning(true);
    await watched.run(60_000);
    expect(watched.openChannels).toBe(5);
    expect([watched.named('relay.down').length, watched.named('relay.up').length]).toEqual([1, 1]);
  });

  it('when the access point was off longer than it takes to notice', async () => {
    const watched = watch({ boards: { count: 5 } });
    await watched.run(20_000);
    watched.world.controls.accessPoint(0).setPower(false);
    await watched.run(20_000);
    expect(watched.named('wifi.lost').map(({ detail }) => detail)).toEqual(new Array(5).fill('200'));
    expect(watched.openChannels).toBe(0);
    watched.world.controls.accessPoint(0).setPower(true);
    await watched.run(90_000);
    expect(watched.openChannels).toBe(5);
  });

  it('when the access point reboots so fast that it must send them away', async () => {
    const watched = watch({ boards: { count: 5 } });
    await watched.run(20_000);
    watched.world.controls.accessPoint(0).setPower(false);
    await watched.run(3000);
    watched.world.controls.accessPoint(0).setPower(true);
    await watched.run(90_000);
    expect(watched.named('wifi.lost').map(({ detail }) => detail)).toEqual(new Array(5).fill('7'));
    expect(watched.openChannels).toBe(5);
  });

  it('when they were reset, and count it', async () => {
    const watched = watch({ boards: { count: 3 }, relay: { duplicate_id: 'takeover' } });
    await watched.run(20_000);
    watched.world.controls.board(1).reset();
    await watched.run(20_000);
    expect(
      watched
        .named('board.boot')
        .map(({ board, value }) => `${board} ${value}`)
        .sort(),
    ).toEqual(['0 1', '1 1', '1 2', '2 1']);
    expect(watched.openChannels).toBe(3);
  });
});

describe('the controls of a world', () => {
  it('say what a change replaced, and leave the rest of the link alone', async () => {
    const watched = watch({ link: { latency: 10, loss: 0.1 } });
    expect(watched.world.controls.link(0).change({ lossRate: 0.5 })).toEqual({ lossRate: 0.1 });
    expect(watched.world.controls.link(0).change({ latencyMs: 20, lossRate: 0 })).toEqual({ latencyMs: 10, lossRate: 0.5 });
    expect(watched.world.controls.link(1).change({ latencyMs: 20 })).toEqual({ latencyMs: 10 });
  });

  it('tell of a change once, and not of what was so already', async () => {
    const watched = watch({ boards: { count: 2 } });
    await watched.run(1000);
    const before = watched.events.length;
    watched.world.controls.link(0).setBlackhole(false);
    watched.world.controls.link(1).setBlackhole(true);
    watched.world.controls.link(1).setBlackhole(true);
    watched.world.controls.accessPoint(0).setPower(true);
    watched.world.controls.relay.setRunning(true);
    watched.world.controls.relay.setRunning(false);
    watched.world.controls.relay.setRunning(false);
    const told = watched.events.slice(before).map(({ event, board, detail }) => `${event} ${board} ${detail}`);
    expect(told).toEqual(['link.down 1 blackhole', 'relay.down -1 stop']);
  });

  it('keep two reasons for a dead link apart', async () => {
    const watched = watch({ boards: { count: 1 } });
    await watched.run(10_000);
    watched.world.controls.link(0).setBlackhole(true);
    watched.world.controls.accessPoint(0).setPower(false);
    watched.world.controls.accessPoint(0).setPower(true);
    watched.world.controls.link(0).setBlackhole(false);
    expect(watched.events.slice(-4).map(({ event, detail }) => `${event} ${detail}`)).toEqual([
      'link.down blackhole',
      'link.down ap',
      'link.up ap',
      'link.up blackhole',
    ]);
  });
});

describe('a world', () => {
  it('goes on when an app throws in a timer: on that board, and on the others', async () => {
    const app: FirmwareApp = (hal, config) => {
      sos(hal, config);
      if (config.client_id === 'board-2') hal.clock.setTimeout(() => JSON.parse('{'), 10_000);
    };
    const watched = watch({ boards: { count: 3 } }, app);
    await watched.run(60_000);
    const [error, ...others] = watched.named('board.error');
    expect([error.board, others]).toEqual([1, []]);
    expect(error.detail).toMatch(/JSON/);
    for (let board = 0; board < 3; board++) {
      expect(watched.named('relay.received', board).filter(({ atUs }) => atUs > error.atUs).length).toBeGreaterThan(10);
    }
  });

  it('powers its boards up within the boot spread, each at its own moment', async () => {
    const watched = watch({ boards: { count: 50, boot_spread: 4000 } });
    await watched.run(5000);
    const bootsMs = watched.named('board.boot').map(({ atUs }) => atUs / 1000);
    expect(bootsMs).toHaveLength(50);
    expect(new Set(bootsMs).size).toBe(50);
    expect(Math.max(...bootsMs)).toBeGreaterThan(3500);
    expect(Math.max(...bootsMs)).toBeLessThanOrEqual(4000);
  });

  it('says nothing more once it is closed', async () => {
    const watched = watch({ boards: { count: 2 } });
    await watched.run(20_000);
    let completed = false;
    watched.world.events$.subscribe({ complete: () => (completed = true) });
    const before = watched.events.length;
    await watched.close();
    await watched.run(60_000);
    expect([completed, watched.events.length]).toEqual([true, before]);
  });

  it('gives every board its own id and its own luck', async () => {
    const ids: string[] = [];
    const draws: number[] = [];
    const app: FirmwareApp = (hal, config) => {
      ids.push(config.client_id);
      draws.push(hal.random.uint32());
    };
    await watch({ boards: { count: 4, boot_spread: 0, device: 'espruino-esp32' } }, app).run(2000);
    expect(ids).toEqual(['board-1', 'board-2', 'board-3', 'board-4']);
    expect(new Set(draws).size).toBe(4);
  });
});
