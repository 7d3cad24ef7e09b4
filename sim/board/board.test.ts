import type { FirmwareApp } from 'firmware/boot';
import type { NetError, Socket, SocketHandlers } from 'hal';
import { describe, expect, it } from 'vitest';
import type { TcpEndpoint } from '../net/tcp/endpoint.ts';
import { type DeviceProfile, PROFILES } from './profiles/index.ts';
import { BoardLab, type LabOptions, PASSWORD, SERVER_HOST, SSID } from './testing/board-lab.ts';

const ESPRUINO = PROFILES['espruino-esp32'];
const MICROPYTHON = PROFILES['micropython-esp32'];
const PORT = 8000;

/** Everything a socket was told, in order. */
class Listener implements SocketHandlers {
  readonly log: string[] = [];
  readonly reads: string[] = [];

  onConnect(): void {
    this.log.push('connect');
  }

  onData(bytes: string): void {
    this.reads.push(bytes);
  }

  onDrain(): void {
    this.log.push('drain');
  }

  onClose(error: NetError | null): void {
    this.log.push(`close ${error?.kind ?? 'in order'}`);
  }
}

async function joinedLab(options: LabOptions = {}): Promise<BoardLab> {
  return new BoardLab(options).join();
}

function connect(lab: BoardLab, host = SERVER_HOST): { socket: Socket; listener: Listener } {
  const listener = new Listener();
  return { socket: lab.hal.net.connect(host, PORT, listener), listener };
}

/** Hands out the server's ends of connections. */
function acceptInto(lab: BoardLab): TcpEndpoint[] {
  const endpoints: TcpEndpoint[] = [];
  lab.accept = (endpoint) => {
    endpoints.push(endpoint);
    return { onConnect() {}, onReadable: () => endpoint.read(Number.POSITIVE_INFINITY), onDrain() {}, onClose() {} };
  };
  return endpoints;
}

describe('a board that is switched on', () => {
  it('runs its firmware after the boot time of the device, and its clock counts from power-on', async () => {
    const startedMs: number[] = [];
    const lab = new BoardLab({ profile: ESPRUINO, app: (hal) => startedMs.push(hal.clock.now()) });
    await lab.run(300);
    lab.board.boot();
    await lab.run(999);
    expect(startedMs).toEqual([]);
    await lab.run(1);
    expect(startedMs).toEqual([1000]);
    expect(lab.nowMs).toBe(1300);
  });

  it('begins once when it is reset while it boots', async () => {
    let starts = 0;
    const lab = new BoardLab({ profile: ESPRUINO, app: () => starts++ });
    lab.board.boot();
    await lab.run(500);
    await lab.boot();
    expect(starts).toBe(1);
    expect(lab.eventsNamed('board.boot').map(({ value }) => value)).toEqual([1, 2]);
  });

  it('reads its files', async () => {
    const lab = await new BoardLab({ files: { 'notes.txt': 'abc' } }).boot();
    expect([lab.hal.storage.read('notes.txt'), lab.hal.storage.read('toString')]).toEqual(['abc', null]);
  });

  it('has a MAC address of its own', async () => {
    const lab = await new BoardLab({ boards: 300 }).boot();
    expect(new Set(lab.hals.map((hal) => hal.system.uniqueId())).size).toBe(300);
  });
});

describe('a slow board', () => {
  it('reads in pieces of its platform, and every byte costs time', async () => {
    const lab = await joinedLab({ profile: ESPRUINO });
    const endpoints = acceptInto(lab);
    const { listener } = connect(lab);
    await lab.run(1000);
    endpoints[0].write('x'.repeat(3000));
    await lab.run(20);
    const readAtUs: number[] = [];
    listener.onData = (bytes) => {
      readAtUs.push(lab.kernel.nowUs);
      listener.reads.push(bytes);
    };
    await lab.run(1000);
    expect(listener.reads.join('')).toHaveLength(3000);
    expect(Math.max(...listener.reads.map((bytes) => bytes.length))).toBe(ESPRUINO.readBytes);
    const gapsUs = readAtUs.slice(1).map((us, index) => us - readAtUs[index]);
    expect(Math.min(...gapsUs)).toBe(ESPRUINO.handlerUs + ESPRUINO.readBytes * ESPRUINO.byteUs);
  });

  it('takes time for every byte that it writes', async () => {
    const lab = await joinedLab({ profile: ESPRUINO });
    const { socket } = connect(lab);
    await lab.run(1000);
    lab.hal.clock.setTimeout(() => socket.write('x'.repeat(1000)), 10);
    lab.hal.clock.setTimeout(() => {}, 10);
    await lab.run(1000);
    const [{ detail, value }] = lab.eventsNamed('loop.stall');
    expect([detail, value]).toEqual(['handler', (ESPRUINO.handlerUs + 1000 * ESPRUINO.byteUs) / 1000]);
  });

  it('stands still while it connects, and the timers that were due then say so', async () => {
    const lab = await joinedLab({ profile: ESPRUINO });
    lab.route = () => null;
    const lateMs: number[] = [];
    lab.hal.clock.setTimeout(() => connect(lab), 0);
    const dueMs = lab.hal.clock.now() + 100;
    lab.hal.clock.setTimeout(() => lateMs.push(lab.hal.clock.now() - dueMs), 100);
    await lab.run(60_000);
    const [{ detail, value }] = lab.eventsNamed('loop.stall').filter((event) => event.value > 10);
    expect(detail).toBe('connect');
    expect(value).toBe(lateMs[0]);
    expect(value).toBeGreaterThan(17_000); // lwIP gives up after 18.0 to 18.5 s
    expect(value).toBeLessThan(18_500);
    expect(lab.eventsNamed('tcp.closed').map((event) => event.detail)).toEqual(['timeout']);
  });

  it('is free again at once when a blocking connect succeeds', async () => {
    const lab = await joinedLab({ profile: MICROPYTHON });
    lab.hal.clock.setTimeout(() => connect(lab), 0);
    lab.hal.clock.setTimeout(() => {}, 1);
    await lab.run(1000);
    const stallMs = lab.eventsNamed('loop.stall')[0].value;
    expect(stallMs).toBeGreaterThan(8); // a round trip
    expect(stallMs).toBeLessThan(12);
    expect(lab.eventsNamed('tcp.connected')[0].value).toBeCloseTo(10, 6);
  });
});

describe('an ideal board', () => {
  it('is never late, even while a connect finds nobody', async () => {
    const lab = await joinedLab();
    lab.route = () => null;
    const ranMs: number[] = [];
    connect(lab);
    const startMs = lab.hal.clock.now();
    const tick = () => {
      ranMs.push(lab.hal.clock.now() - startMs);
      if (ranMs.length < 100) lab.hal.clock.setTimeout(tick, 100);
    };
    lab.hal.clock.setTimeout(tick, 100);
    await lab.run(60_000);
    expect(ranMs).toEqual(Array.from({ length: 100 }, (_, index) => 100 * (index + 1)));
    expect(lab.eventsNamed('loop.stall')).toEqual([]);
  });
});

describe('firmware that throws', () => {
  it('in its first call leaves a message and a board that can be reset', async () => {
    let starts = 0;
    const app = () => {
      starts++;
      throw new Error('no luck');
    };
    const lab = await new BoardLab({ app }).boot();
    await lab.boot();
    expect(starts).toBe(2);
    expect(lab.eventsNamed('board.error').map(({ detail }) => detail)).toEqual(['no luck', 'no luck']);
  });

  it('in a timer, a socket or a Wi-Fi callback leaves a message, and everything else goes on', async () => {
    const lab = await new BoardLab().boot();
    const fail = (what: string) => {
      throw what;
    };
    lab.hal.clock.setTimeout(() => fail('timer'), 10);
    lab.hal.wifi.connect(SSID, PASSWORD, () => fail('wifi'));
    await lab.run(5000);
    lab.hal.net.connect(SERVER_HOST, PORT, Object.assign(new Listener(), { onConnect: () => fail('socket') }));
    let ran = false;
    lab.hal.clock.setTimeout(() => {
      ran = true;
    }, 2000);
    await lab.run(5000);
    expect(lab.eventsNamed('board.error').map(({ detail }) => detail)).toEqual(['timer', 'wifi', 'socket']);
    expect(ran).toBe(true);
  });

  it('ends for good under MicroPython: nothing of it runs any more until a reset, while its connections stay', async () => {
    const app: FirmwareApp = (hal) => {
      hal.clock.setTimeout(() => hal.log.line('alive'), 2000);
      hal.wifi.connect(SSID, PASSWORD, () => hal.net.connect(SERVER_HOST, PORT, new Listener()));
    };
    const lab = await new BoardLab({ app, profile: PROFILES['micropython-esp32'] }).boot();
    const fail = () => {
      throw new Error('no sensor');
    };
    lab.hal.clock.setTimeout(fail, 3000);
    lab.hal.clock.setTimeout(() => hal.log.line('never'), 4000);
    const { hal } = lab;
    await lab.run(10_000);
    expect(lab.eventsNamed('board.error').map(({ detail }) => detail)).toEqual(['no sensor']);
    expect(lab.eventsNamed('board.ended')).toHaveLength(1);
    expect(lab.board.net.flows).toHaveLength(1);
    await lab.boot();
    expect(lab.eventsNamed('board.log').map(({ detail }) => detail)).toEqual(['alive', 'alive']);
  });

  it('tells what it threw in one line, whatever it is', async () => {
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    const thrown = ['text', undefined, { message: 'like the engine' }, { code: 7 }, endless, new Error(`a\nb\x1b[2J${'c'.repeat(300)}`)];
    const lab = await new BoardLab().boot();
    for (const [index, value] of thrown.entries()) {
      lab.hal.clock.setTimeout(() => {
        throw value;
      }, index);
    }
    await lab.run(1000);
    expect(lab.eventsNamed('board.error').map(({ detail }) => detail)).toEqual([
      'text',
      'undefined',
      'like the engine',
      '{"code":7}',
      'something that has no text',
      `a b [2J${'c'.repeat(193)}`,
    ]);
  });

  it('leaves the other boards alone', async () => {
    const app: FirmwareApp = (hal) => {
      if (hal.system.uniqueId().endsWith('1')) throw new Error('second board');
      hal.clock.setTimeout(() => hal.log.line('alive'), 10);
    };
    const lab = await new BoardLab({ boards: 3, app }).boot();
    expect(lab.eventsNamed('board.error').map(({ board }) => board)).toEqual([1]);
    expect(lab.eventsNamed('board.log').map(({ board, detail }) => `${board} ${detail}`)).toEqual(['0 alive', '2 alive']);
  });
});

describe('a Wi-Fi join that fails', () => {
  const told = async (profile: DeviceProfile): Promise<{ lab: BoardLab; results: unknown[] }> => {
    const lab = await new BoardLab({ profile }).boot();
    const results: unknown[] = [];
    lab.hal.wifi.connect(SSID, 'wrong', (failure) => results.push(failure));
    await lab.run(60_000);
    expect(lab.eventsNamed('wifi.failed')).toHaveLength(1);
    return { lab, results };
  };

  it('says why', async () => {
    for (const profile of [MICROPYTHON, PROFILES.ideal]) expect((await told(profile)).results).toEqual(['15']);
  });

  it('says nothing on Espruino, and nothing later when another one succeeds', async () => {
    const { lab, results } = await told(ESPRUINO);
    const later: unknown[] = [];
    lab.hal.wifi.connect(SSID, PASSWORD, (failure) => later.push(failure));
    await lab.run(5000);
    expect([results, later]).toEqual([[], [null]]);
  });
});

describe("a board's sockets", () => {
  it('are as many as its platform has, and one comes back when one is given up', async () => {
    const lab = await joinedLab({ profile: MICROPYTHON });
    const open = [];
    for (let index = 0; index < MICROPYTHON.sockets; index++) {
      open.push(connect(lab));
      await lab.run(100);
    }
    const { listener: tooMany } = connect(lab);
    expect(tooMany.log).toEqual([]);
    await lab.run(100);
    expect(tooMany.log).toEqual(['close sockets']);
    open[0].socket.destroy();
    const { listener } = connect(lab);
    await lab.run(100);
    expect(listener.log).toEqual(['connect']);
  });

  it('reach nobody before the station has joined', async () => {
    const lab = await new BoardLab().boot();
    const { listener } = connect(lab);
    await lab.run(100);
    expect(listener.log).toEqual(['close unreachable']);
  });

  it('are aborted when Wi-Fi is lost, open ones and those that still connect', async () => {
    const lab = await joinedLab();
    const { listener: open } = connect(lab);
    await lab.run(100);
    lab.route = () => null;
    const { listener: connecting } = connect(lab);
    lab.accessPoint.setPower(false);
    await lab.run(8400);
    expect([open.log, connecting.log]).toEqual([['connect'], []]);
    await lab.run(200);
    expect([open.log, connecting.log]).toEqual([['connect', 'close aborted'], ['close aborted']]);
  });

  it('are gone without a word to the peer when Wi-Fi is lost: what it sends after a new join meets RST', async () => {
    const lab = await joinedLab();
    const ends: string[] = [];
    let endpoint: TcpEndpoint | undefined;
    lab.accept = (accepted) => {
      endpoint = accepted;
      return { onConnect() {}, onReadable: () => ends.push('data'), onDrain() {}, onClose: (end) => ends.push(end) };
    };
    const { socket } = connect(lab);
    await lab.run(100);
    lab.route = () => null;
    socket.write('never arrives');
    lab.accessPoint.setPower(false);
    await lab.run(10_000);
    lab.accessPoint.setPower(true);
    lab.route = () => lab.server;
    lab.hal.wifi.connect(SSID, PASSWORD, () => {});
    await lab.run(60_000);
    expect(ends).toEqual([]);
    endpoint?.write('are you there?');
    await lab.run(1000);
    expect(ends).toEqual(['reset']);
  });

  it('end a blocking connect when Wi-Fi is lost', async () => {
    const lab = await joinedLab({ profile: ESPRUINO });
    lab.route = () => null;
    lab.accessPoint.setPower(false);
    await lab.run(5000);
    const { listener } = connect(lab);
    let ranAtMs = 0;
    lab.hal.clock.setTimeout(() => {
      ranAtMs = lab.nowMs;
    }, 10);
    await lab.run(3400);
    expect([listener.log, ranAtMs]).toEqual([[], 0]);
    await lab.run(200);
    expect(listener.log).toEqual(['close aborted']);
    expect(ranAtMs).toBeGreaterThan(0);
  });

  it('fail after 7 s when nobody answers for the name, and not before they are told', async () => {
    const lab = await joinedLab();
    lab.lossRate = 1;
    const { listener } = connect(lab, 'relay.local');
    await lab.run(6999);
    expect(listener.log).toEqual([]);
    await lab.run(1);
    expect(listener.log).toEqual(['close dns']);
  });

  it('connect by name as by address', async () => {
    const lab = await joinedLab();
    const { listener } = connect(lab, 'relay.local');
    await lab.run(100);
    expect(listener.log).toEqual(['connect']);
  });

  it('read all that came before the FIN of a peer that ended second', async () => {
    const lab = await joinedLab({ profile: ESPRUINO });
    const endpoints = acceptInto(lab);
    const { socket, listener } = connect(lab);
    await lab.run(1000);
    socket.end();
    await lab.run(1000);
    endpoints[0].write('x'.repeat(5000));
    endpoints[0].end();
    await lab.run(10_000);
    expect(listener.reads.join('')).toHaveLength(5000);
    expect(listener.log).toEqual(['connect', 'close in order']);
  });

  it('may be ended before they are connected: what was written goes first', async () => {
    const lab = await joinedLab();
    let received = '';
    let ended = false;
    lab.accept = (endpoint) => ({
      onConnect() {},
      onReadable: () => {
        received += endpoint.read(Number.POSITIVE_INFINITY);
        ended = endpoint.atEnd;
      },
      onDrain() {},
      onClose() {},
    });
    const { socket } = connect(lab);
    socket.write('last words');
    socket.end();
    socket.write('too late');
    await lab.run(1000);
    expect([received, ended]).toEqual(['last words', true]);
  });

  it('are events of the world from connect to close, each with its number', async () => {
    const lab = await joinedLab();
    const endpoints = acceptInto(lab);
    connect(lab);
    await lab.run(100);
    endpoints[0].abort();
    await lab.run(100);
    connect(lab);
    await lab.run(100);
    endpoints[1].end();
    await lab.run(100);
    const told = lab.events
      .filter(({ event }) => event.startsWith('tcp.'))
      .map((event) => `${event.event} ${event.connection} ${event.detail}`);
    expect(told).toEqual([
      'tcp.connect 1 ',
      'tcp.connected 1 ',
      'tcp.closed 1 reset',
      'tcp.connect 2 ',
      'tcp.connected 2 ',
      'tcp.closed 2 ',
    ]);
  });
});

describe('random numbers of a board', () => {
  /** First draws of the firmware on each of three boards, and again after a reset. */
  async function drawsOf(options: LabOptions): Promise<string[]> {
    const draws: string[] = [];
    const lab = new BoardLab({ boards: 3, app: (hal) => draws.push(`${hal.random.uint32()} ${hal.random.uint32()}`), ...options });
    await lab.run(100);
    await lab.boot();
    await lab.boot();
    return draws;
  }

  it('are the same on every board and at every boot when the platform starts from a constant and is not seeded', async () => {
    const draws = await drawsOf({ profile: ESPRUINO, seedRandom: false });
    expect(draws).toHaveLength(6);
    expect(new Set(draws).size).toBe(1);
  });

  it('differ from board to board once the boot code has seeded the platform', async () => {
    const draws = await drawsOf({ profile: ESPRUINO });
    expect(new Set(draws.slice(0, 3)).size).toBe(3);
  });

  it('differ without any seed where the platform is unpredictable, at every boot', async () => {
    expect(new Set(await drawsOf({ profile: MICROPYTHON, seedRandom: false })).size).toBe(6);
    expect(new Set(await drawsOf({ profile: PROFILES.ideal })).size).toBe(6);
  });

  it('repeat with the seed of the run, and only with it, where the platform is unpredictable', async () => {
    const first = await drawsOf({ profile: MICROPYTHON });
    expect(await drawsOf({ profile: MICROPYTHON })).toEqual(first);
    expect(await drawsOf({ profile: MICROPYTHON, seed: 2 })).not.toEqual(first);
  });

  it('depend on every seed that was mixed in, and on nothing else', async () => {
    const drawAfter = async (...seeds: number[]): Promise<number> => {
      const { hal } = await new BoardLab({ profile: ESPRUINO }).boot();
      for (const seed of seeds) hal.random.seed(seed);
      return hal.random.uint32();
    };
    expect(await drawAfter(7, 8)).toBe(await drawAfter(7, 8));
    const draws = await Promise.all([drawAfter(7, 8), drawAfter(8, 7), drawAfter(7), drawAfter(8), drawAfter()]);
    expect(new Set(draws).size).toBe(5);
  });
});

describe('a board that is reset', () => {
  it('forgets a join that is under way', async () => {
    const lab = await new BoardLab({ profile: ESPRUINO }).boot();
    const calls: string[] = [];
    lab.hal.wifi.connect(SSID, PASSWORD, () => calls.push('joined'));
    await lab.boot();
    await lab.run(60_000);
    expect([calls, lab.hal.wifi.isConnected()]).toEqual([[], false]);
  });

  it('forgets its timers, pins, sockets and handlers; nothing of its old life is ever called', async () => {
    const lab = await joinedLab({ profile: ESPRUINO });
    const endpoints = acceptInto(lab);
    const { hal } = lab;
    const calls: string[] = [];
    const { listener } = connect(lab);
    await lab.run(1000);
    hal.gpio.write(2, 1);
    hal.clock.setTimeout(() => calls.push('timer'), 50);
    hal.wifi.onDisconnected(() => calls.push('lost'));
    hal.system.onStop(() => calls.push('stop'));
    await lab.boot();
    lab.board.requestStop();
    endpoints[0].write('are you there?');
    await lab.run(60_000);
    expect(calls).toEqual([]);
    expect(listener.log).toEqual(['connect']);
    expect(lab.hal.gpio.read(2)).toBe(0);
    expect(lab.hal.wifi.isConnected()).toBe(false);
    expect(lab.eventsNamed('wifi.lost')).toEqual([]);
    lab.hal.wifi.connect(SSID, PASSWORD, () => {});
    await lab.run(5000);
    lab.accessPoint.setPower(false);
    await lab.run(10_000);
    expect(lab.eventsNamed('wifi.lost')).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  it('forgets a connect that blocked it, and a name that was asked for', async () => {
    const lab = await joinedLab({ profile: ESPRUINO });
    lab.lossRate = 1;
    const { listener } = connect(lab, 'relay.local');
    await lab.run(500);
    let starts = 0;
    await lab.boot();
    lab.hal.clock.setTimeout(() => starts++, 0);
    await lab.run(20_000);
    expect([starts, listener.log]).toEqual([1, []]);
  });

  it('starts its clock anew and keeps its flash', async () => {
    const lab = await new BoardLab({ files: { 'notes.txt': 'abc' } }).boot();
    await lab.run(60_000);
    lab.board.boot();
    await lab.run(10);
    expect(lab.hal.clock.now()).toBe(10);
    expect(lab.hal.storage.read('notes.txt')).toBe('abc');
  });

  it('may join and connect as at first', async () => {
    const lab = await joinedLab();
    connect(lab);
    await lab.run(100);
    await lab.join();
    const { listener } = connect(lab);
    await lab.run(100);
    expect(listener.log).toEqual(['connect']);
  });
});

describe('what firmware tells', () => {
  it('becomes an event when the world knows it, else a line of its log', async () => {
    const lab = await new BoardLab().boot();
    lab.hal.log.event('message.sent', 'text', '', 4);
    lab.hal.log.event('no.such.event', 'a', 'b', 1);
    lab.hal.log.event('constructor', '', '', 0);
    lab.hal.log.line('a line');
    const [sent, ...lines] = lab.events.slice(-4);
    expect([sent.event, sent.subject, sent.value]).toEqual(['message.sent', 'text', 4]);
    expect(lines.map(({ event, detail }) => `${event}: ${detail}`)).toEqual([
      'board.log: no.such.event a b 1',
      'board.log: constructor   0',
      'board.log: a line',
    ]);
  });
});
