/**
 * Each rule of the Espruino backend, against an engine that sets the traps (../testing/espruino-engine.ts). A
 * number in a name is that rule's.
 */
import { describe, expect, it } from 'vitest';
import type { Hal, NetError } from '../index.ts';
import { EspruinoEngine, type FakeStation } from '../testing/espruino-engine.ts';
import { verificationProblem } from './verification.ts';

/** A backend on a joined board. */
function start(prepare: (engine: EspruinoEngine) => void = () => {}) {
  const engine = new EspruinoEngine();
  if (engine.station !== null) engine.station.address = '192.168.1.7';
  prepare(engine);
  const hal = engine.start({ 'config.json': 'built in', 'only.txt': 'built in' });
  return { engine, hal };
}

/** A socket and what its handlers heard. */
function connect(hal: Hal) {
  const heard: string[] = [];
  const ends: (NetError | null)[] = [];
  const socket = hal.net.connect('relay', 8000, {
    onConnect: () => heard.push('connect'),
    onData: (bytes) => heard.push(bytes),
    onDrain: () => heard.push('drain'),
    onClose: (error) => {
      heard.push('close');
      ends.push(error);
    },
  });
  return { socket, heard, ends };
}

function connected(prepare?: (engine: EspruinoEngine) => void) {
  const { engine, hal } = start(prepare);
  const one = connect(hal);
  engine.pass(0);
  const native = engine.sockets[0];
  native.announce();
  return { engine, hal, native, ...one };
}

describe('Rules 1 and 2, a connect', () => {
  it.each([
    ['Unable to create socket', 0, 'refused'],
    ['Unable to locate host', 0, 'dns'],
    ['Unable to create socket', 18_000, 'timeout'],
  ])('Rule 1: that throws "%s" after %i ms is a close of the kind %s', (fails, blocksMs, kind) => {
    const { engine, hal } = start((it) => {
      it.connect = { blocksMs, fails, returnsNothing: false };
    });
    const { heard, ends } = connect(hal);
    engine.pass(0);
    expect([heard, ends]).toEqual([['close'], [{ kind, message: fails }]]);
  });

  it('Rule 1: that returns nothing is a close, not a crash', () => {
    const { engine, hal } = start((it) => {
      it.connect.returnsNothing = true;
    });
    const { ends } = connect(hal);
    engine.pass(0);
    expect([ends, engine.lines]).toEqual([[{ kind: 'other', message: 'no socket' }], []]);
  });

  it('Rule 2: blocks nobody in the middle of a handler: it begins in a turn of its own', () => {
    const { engine, hal } = start((it) => {
      it.connect.blocksMs = 5000;
    });
    connect(hal);
    expect([engine.wallMs, engine.sockets]).toEqual([0, []]);
    engine.pass(0);
    expect([engine.wallMs, engine.sockets.length]).toEqual([5000, 1]);
  });

  it('Rule 2: that was destroyed before its turn never begins', () => {
    const { engine, hal } = start();
    connect(hal).socket.destroy();
    engine.pass(100);
    expect(engine.sockets).toEqual([]);
  });

  it('Rule 5: without a network is unreachable, and the engine is not asked', () => {
    const { engine, hal } = start((it) => {
      (it.station as FakeStation).address = '0.0.0.0';
    });
    const { ends } = connect(hal);
    engine.pass(0);
    expect([ends, engine.sockets]).toEqual([[{ kind: 'unreachable', message: 'no network' }], []]);
  });
});

describe('Rules 3 and 4, a socket', () => {
  it('Rule 3: wants no more when four idle loops of bytes are queued, though the engine says so at every write, and again after drain', () => {
    const { socket, native, heard } = connected();
    expect(socket.write('x'.repeat(2143))).toBe(true);
    expect(socket.write('y')).toBe(false);
    native.emit('drain');
    expect(heard).toEqual(['connect', 'drain']);
    expect(socket.write('z')).toBe(true);
    expect(native.written).toHaveLength(2145);
  });

  it('Rule 3: hands over what was written before the connection, in order', () => {
    const { engine, hal } = start();
    const { socket } = connect(hal);
    socket.write('a');
    socket.write('b');
    engine.pass(0);
    socket.write('c');
    expect(engine.sockets[0].written).toBe('abc');
  });

  it('Rule 3: takes no exception of a write after the engine has ended the socket, nor any byte after its own end', () => {
    const { socket, native } = connected();
    native.end();
    expect(() => socket.write('late')).not.toThrow();
    socket.end();
    socket.end();
    socket.write('later');
    expect([native.written, native.ended]).toEqual(['', 2]);
  });

  it('Rule 3: is destroyed without waiting for what is unsent, and says nothing any more', () => {
    const { socket, native, heard } = connected();
    socket.write('x');
    socket.destroy();
    expect([native.ended, native.clsNow]).toEqual([1, true]);
    native.emit('data', 'late');
    native.emit('close', false);
    expect(heard).toEqual(['connect']);
  });

  it('Rule 4: listens before the engine says that it is connected, and tells the connection first', () => {
    const { engine, hal } = start();
    const { heard } = connect(hal);
    engine.pass(0);
    engine.sockets[0].emit('data', 'early');
    engine.sockets[0].announce();
    expect(heard).toEqual(['connect', 'early']);
  });

  it('Rule 4: cannot tell a reset from a FIN, unless data could not be sent', () => {
    const fin = connected();
    fin.native.emit('close', false);
    const reset = connected();
    reset.native.emit('error', { code: -1, message: 'not sent' });
    reset.native.emit('close', true);
    expect([fin.ends, reset.ends]).toEqual([[null], [{ kind: 'reset', message: 'not sent' }]]);
  });

  it('Rule 10: keeps its listener, and says the error, when a handler throws: the engine would take it off', () => {
    const { engine, hal } = start();
    const heard: string[] = [];
    const nothing = () => {};
    hal.net.connect('relay', 1, {
      onConnect: nothing,
      onDrain: nothing,
      onClose: nothing,
      onData: (bytes) => {
        heard.push(bytes);
        throw new Error('app');
      },
    });
    engine.pass(0);
    for (const bytes of ['one', 'two']) engine.sockets[0].emit('data', bytes);
    engine.pass(0);
    expect(heard).toEqual(['one', 'two']);
    expect(engine.lines.map((line) => line.split('\n')[0])).toEqual(['uncaught: app', 'uncaught: app']);
  });

  it('keeps what comes during a pause, and the end behind it, but not without bound', () => {
    const { engine, socket, native, heard, ends } = connected();
    socket.pause();
    native.emit('data', 'a');
    native.emit('data', 'b');
    native.emit('close', false);
    expect(heard).toEqual(['connect']);
    socket.resume();
    engine.pass(0);
    expect([heard, ends]).toEqual([['connect', 'ab', 'close'], [null]]);

    const flooded = connected();
    flooded.socket.pause();
    flooded.native.emit('data', 'x'.repeat(16_385));
    expect([flooded.ends, flooded.native.clsNow]).toEqual([[{ kind: 'other', message: 'too much came during a pause' }], true]);
  });
});

describe('Rule 6, verification', () => {
  it('is refused where it is asked for, never weakened', () => {
    expect(verificationProblem(0)).toBe('');
    for (const asked of [1, 2]) expect(verificationProblem(asked)).toContain(`cannot verify a server: expected 0, got ${asked}`);
  });
});

describe('Rule 7, random numbers', () => {
  const draw = (...seeds: number[]) => {
    const { engine, hal } = start();
    for (const seed of seeds) hal.random.seed(seed);
    return { numbers: Array.from({ length: 8 }, () => hal.random.uint32()), seeds: engine.seeds };
  };

  it('differ between boards whose engines are the same', () => {
    expect(draw().numbers).toEqual(draw().numbers);
    expect(draw(1).numbers).not.toEqual(draw(2).numbers);
    expect(draw(1, 2).numbers).not.toEqual(draw(1, 3).numbers);
    for (const number of draw(7).numbers) expect([Number.isInteger(number), number >= 0, number < 2 ** 32]).toEqual([true, true, true]);
  });

  it('of the engine, from which TLS draws, are seeded with them', () => {
    expect(draw(1).seeds).toHaveLength(1);
    expect(draw(1).seeds).not.toEqual(draw(2).seeds);
  });

  it('are seeded once more by the time that a join took', () => {
    const { engine, hal } = start();
    hal.wifi.connect('lab', 'secret', () => {});
    engine.pass(1234.567);
    (engine.station as FakeStation).joins[0].callback(null);
    expect(engine.seeds).toHaveLength(1);
  });

  it('come from a generator that no seed brings to a standstill', () => {
    // The generator's first state, which the seed would cancel out.
    expect(new Set(draw(0x9e3779b9).numbers).size).toBe(8);
  });
});

describe('Rule 8, Wi-Fi', () => {
  function joining() {
    const { engine, hal } = start();
    const station = engine.station as FakeStation;
    station.address = '0.0.0.0';
    const ends: (string | null)[] = [];
    const losses: string[] = [];
    hal.wifi.onDisconnected((reason) => losses.push(reason));
    hal.wifi.connect('lab', 'secret', (failure) => ends.push(failure));
    return { engine, hal, station, ends, losses };
  }

  it('a join ends with null or a reason, once', () => {
    const { station, ends } = joining();
    station.joins[0].callback('no AP found');
    station.joins[0].callback(null);
    expect([ends, station.joins[0].options]).toEqual([['no AP found'], { password: 'secret' }]);
  });

  it('a late callback of an older join is none', () => {
    const { hal, station, ends } = joining();
    hal.wifi.connect('lab', '', (failure) => ends.push(`second: ${failure}`));
    station.joins[0].callback(null);
    expect(ends).toEqual([]);
    station.joins[1].callback(null);
    expect([ends, station.joins[1].options]).toEqual([['second: null'], {}]);
  });

  it('a connect that throws is a failed join, not a crash, and not from within the call', () => {
    const { engine, hal, station, ends } = joining();
    station.fails = 'Wifi busy';
    hal.wifi.connect('lab', '', (failure) => ends.push(failure));
    expect(ends).toEqual([]);
    engine.pass(0);
    expect(ends).toEqual(['Wifi busy']);
  });

  it('a disconnect is a loss only after a join', () => {
    const { station, losses } = joining();
    station.lose('201');
    expect(losses).toEqual([]);
    station.joins[0].callback(null);
    station.address = '192.168.1.7';
    station.lose('8');
    expect(losses).toEqual(['reason 8']);
  });

  it('is up when there is an address, whatever was called back', () => {
    const { hal, station } = joining();
    expect(hal.wifi.isConnected()).toBe(false);
    station.address = '192.168.1.7';
    expect(hal.wifi.isConnected()).toBe(true);
  });

  it('saves power by the names that the engine has, and says what it cannot', () => {
    const { hal, station } = joining();
    for (const mode of ['max_modem', 'min_modem', 'none'] as const) hal.wifi.powerSave(mode);
    expect(station.powerSaves).toEqual(['max', 'min', 'none']);
    expect(() => hal.wifi.powerSave('max_modem', 10)).toThrow('takes no listen interval');
    station.setConfig = undefined;
    expect(() => hal.wifi.powerSave('none')).toThrow('this Espruino cannot');
  });

  it('counts as up on a board that has none', () => {
    const { engine, hal } = start((it) => {
      it.station = null;
    });
    const ends: (string | null)[] = [];
    hal.wifi.connect('lab', '', (failure) => ends.push(failure));
    expect([hal.wifi.isConnected(), ends]).toEqual([true, []]);
    engine.pass(0);
    expect(ends).toEqual([null]);
  });
});

describe('Rule 9, time', () => {
  it('does not step when the clock is set, in either direction', () => {
    const { engine, hal } = start();
    engine.pass(1000);
    expect(hal.clock.now()).toBeCloseTo(1000);
    hal.wallClock.set(1_790_000_000_000);
    expect(hal.wallClock.now()).toBe(1_790_000_000_000);
    expect(hal.clock.now()).toBeCloseTo(1000);
    engine.pass(500);
    expect(hal.clock.now()).toBeCloseTo(1500);
    hal.wallClock.set(0);
    expect(hal.clock.now()).toBeCloseTo(1500);
  });

  it('has timers whose numbers are never used again, as the engine uses its own', () => {
    const { engine, hal } = start();
    const rung: string[] = [];
    const first = hal.clock.setTimeout(() => rung.push('first'), 10);
    engine.pass(10);
    hal.clock.setTimeout(() => rung.push('second'), 10);
    hal.clock.clearTimeout(first);
    engine.pass(10);
    expect(rung).toEqual(['first', 'second']);
  });

  it('has timers that can be cleared twice, or never have been, without hitting another', () => {
    const { engine, hal } = start();
    const rung: string[] = [];
    const cleared = hal.clock.setTimeout(() => rung.push('cleared'), 10);
    hal.clock.setTimeout(() => rung.push('kept'), 10);
    for (const timer of [cleared, cleared, 0, 99]) hal.clock.clearTimeout(timer);
    engine.pass(10);
    expect(rung).toEqual(['kept']);
  });
});

describe('Rule 10, the board', () => {
  it.each([
    ['a string', 'a string'],
    [{ code: 1, message: 'an object' }, 'an object'],
    [null, 'null'],
  ])('says an uncaught %j and goes on', (thrown, said) => {
    const { engine, hal } = start();
    const rung: string[] = [];
    hal.clock.setTimeout(() => {
      throw thrown;
    }, 1);
    hal.clock.setTimeout(() => rung.push('later'), 2);
    engine.pass(5);
    expect([engine.lines, rung]).toEqual([[`uncaught: ${said}`], ['later']]);
  });

  it('reads a file of its Storage before one of the program, and null where there is neither', () => {
    const { hal } = start((it) => {
      it.files['config.json'] = 'on the board';
    });
    expect(['config.json', 'only.txt', 'none'].map((name) => hal.storage.read(name))).toEqual(['on the board', 'built in', null]);
  });

  it('knows the level of a pin that it drives without asking the engine, which would make an input of it', () => {
    const { engine, hal } = start();
    hal.gpio.write(2, 1);
    expect([hal.gpio.read(2), engine.pins[2]]).toEqual([1, 1]);
    expect(hal.gpio.read(4)).toBe(0);
  });

  it.each([
    ['24:0A:C4:00:00:01', '240ac4000001'],
    ['ABC', '000000000abc'],
    ['00112233-44556677', '223344556677'],
  ])('with the serial number %s is called %s', (serial, id) => {
    const { hal } = start((it) => {
      it.serial = serial;
    });
    expect(hal.system.uniqueId()).toBe(id);
  });
});

describe('Rule 15, a 1-Wire bus', () => {
  it('is asked whether anybody is there before a device is selected, and is refused where there is none', () => {
    const { engine, hal } = start((it) => {
      it.oneWire = { present: true };
    });
    expect(hal.oneWire.transfer(4, '28563412000000ab', '\xbe', 2)).toBe('\x50\x05');
    hal.oneWire.transfer(4, '', '\x44', 0);
    expect(engine.asked).toEqual(['reset 4', 'select 28563412000000ab', 'write be', 'read 2', 'reset 4', 'skip', 'write 44']);
    engine.oneWire = { present: false };
    expect([hal.oneWire.transfer(4, '', '\x44', 0), hal.oneWire.search(4)]).toEqual([null, ['28563412000000ab']]);
    expect(() => start().hal.oneWire.search(4)).toThrow('this Espruino has none');
  });
});

describe('Rule 12, sleep and resets', () => {
  it('a deep sleep is asked for in microseconds, or until a pin, and never for both', () => {
    const { engine, hal } = start();
    hal.power.deepSleep(2_147_483);
    hal.power.deepSleep(0, 4);
    hal.power.deepSleep(0, 4, 1);
    expect(engine.asked).toEqual(['deepSleep 2147483000', 'deepSleepExt0 4 0', 'deepSleepExt0 4 1']);
    expect(2_147_483_000).toBeLessThan(2 ** 31);
    expect(() => hal.power.deepSleep(1000, 4)).toThrow('by time or by a pin, not both');
  });

  it('a light sleep calls back in a turn of its own, after the engine has blocked', () => {
    const { engine, hal } = start();
    const told: number[] = [];
    hal.power.lightSleep(500, () => told.push(engine.wallMs));
    expect([told, engine.wallMs]).toEqual([[], 500]);
    engine.pass(0);
    expect(told).toEqual([500]);
  });

  it('a watchdog counts whole seconds, and never fewer than asked for; the engine does not feed it', () => {
    const { engine, hal } = start();
    hal.system.watchdog(1001);
    hal.system.feed();
    expect(engine.asked).toEqual(['watchdog 2 false', 'kick']);
  });

  it.each([
    ['a restart of its own', 0, true, 'restart'],
    ['what it cannot tell apart', 0, false, 'unknown'],
    ['the end of a deep sleep', 4, false, 'deep_sleep'],
  ])('a boot after %s says so, once', (_name, wakeupCause, restarts, reason) => {
    const { engine, hal } = start((it) => {
      it.esp32 = { wakeupCause };
    });
    if (restarts) hal.system.restart('a test');
    expect(engine.start().system.resetReason()).toBe(reason);
    if (restarts) expect(engine.start().system.resetReason()).toBe('unknown');
  });

  it.each<[string, (hal: Hal) => void]>([
    ['power.deepSleep', ({ power }) => power.deepSleep(1000)],
    ['power.lightSleep', ({ power }) => power.lightSleep(1000, () => {})],
    ['system.restart', ({ system }) => system.restart('')],
    ['system.watchdog', ({ system }) => system.watchdog(1000)],
  ])('%s is refused on another chip', (name, call) => {
    const { hal } = start((it) => {
      it.esp32 = null;
    });
    expect(() => call(hal)).toThrow(`${name}: this Espruino`);
  });
});

describe('Rule 13, files', () => {
  it('a write that power cuts at any step leaves the old file or the new one, and no journal', () => {
    for (const old of [undefined, 'the old bytes']) {
      const ends: (string | null)[] = [];
      for (let steps = 0; steps < 9; steps++) {
        const { engine, hal } = start((it) => {
          if (old !== undefined) it.files.file = old;
        });
        engine.stepsToPowerLoss = steps;
        hal.storage.write('file', 'the\nnew\xffbytes');
        engine.stepsToPowerLoss = null;
        const { storage } = engine.start();
        ends.push(storage.read('file'));
        expect(storage.list()).toEqual(storage.read('file') === null ? [] : ['file']);
        expect(Object.keys(engine.files)).not.toContain('.journal');
      }
      expect(new Set(ends)).toEqual(new Set([old ?? null, 'the\nnew\xffbytes']));
    }
  });

  it('a write for which there is no room leaves the old file', () => {
    const { engine, hal } = start((it) => {
      it.files.file = 'old';
      it.freeBytes = 1000;
    });
    expect([hal.storage.write('file', 'x'.repeat(400)), engine.files.file]).toEqual([false, 'old']);
    expect([hal.storage.write('file', 'x'.repeat(300)), engine.files.file]).toEqual([true, 'x'.repeat(300)]);
  });

  it('the same bytes are not written again', () => {
    const { engine, hal } = start((it) => {
      it.files.file = 'same';
    });
    engine.stepsToPowerLoss = 0;
    expect(hal.storage.write('file', 'same')).toBe(true);
  });
});

describe('Rule 11, SHA1', () => {
  it('that is missing is said at the start', () => {
    expect(() =>
      start((it) => {
        it.hasSha1 = false;
      }),
    ).toThrow('this Espruino has no SHA1, which WebSocket needs');
  });

  it('and base64 give RFC 6455 its example', () => {
    const { crypto } = start().hal;
    expect(crypto.base64(crypto.sha1('dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11'))).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });
});
