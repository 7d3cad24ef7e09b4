import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from 'hal';
import { NodeClock } from 'hal/node/clock';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { Engine, ESPRUINO } from '../../testing/espruino.ts';
import { FakeClock } from '../../testing/fake-hal.ts';
import { buildProgram } from '../build.ts';
import { crc32, flash } from './flash.ts';
import type { SerialPort } from './serial-port.ts';

/** The answer to the evaluation with this number. */
function answerTo(number: number, value: string): string {
  const source = `[${number},${value}]`;
  return `\x06\x10\x01${String.fromCharCode(source.length >>> 8, source.length & 255)}${source}`;
}

const PROGRAM = 'print("hello");'.repeat(100);
const NAME = `squall-${crc32(PROGRAM).toString(16).padStart(8, '0')}.js`;

/** A board as flashing sees it: files, and answers to packets. `spoil` may change what arrives. */
class FakeBoard implements SerialPort {
  files: Record<string, string> = { '.bootcde': 'old' };
  evaluated: string[] = [];
  version = '2v29';
  silent = false;
  /** Whether it takes no byte any more: its writes never end. */
  stuck = false;
  /** What the program says when it is started. */
  startSays = '';
  /**
   * What its boot code has run to the end, as the board answers it; null: the board is too busy to answer.
   */
  running: string | null = `"${NAME}"`;
  /** Whether it leaves `load()` unanswered. */
  refusesLoad = false;
  /** Evaluations that it answers with NAK before it does any. */
  refused = 0;
  /** Whether it says each answer once more before the next. */
  repeats = false;
  private last = '';
  spoil = (data: string) => data;
  private handler: (bytes: string) => void = () => {};
  private file = { name: '', size: 0 };

  onData(handler: (bytes: string) => void): void {
    this.handler = handler;
  }

  async write(bytes: string): Promise<void> {
    if (this.stuck) return new Promise(() => {});
    if (this.silent || bytes === '\x03') return;
    const head = (bytes.charCodeAt(2) << 8) | bytes.charCodeAt(3);
    const data = bytes.slice(4);
    expect(data.length).toBe(head & 0x1fff);
    if (this.running === null && data.includes('global.squall]')) return;
    const answer = this.answer(head & 0xe000, data);
    const late = this.repeats ? this.last : '';
    this.last = answer;
    const startSays = data.includes(',load()]') ? this.startSays : '';
    queueMicrotask(() => this.handler(`noise\r\n>${late}${answer}${startSays}`));
  }

  async close(): Promise<void> {}

  private answer(type: number, data: string): string {
    if (type === 0x2000) return this.evaluate(data);
    if (type === 0x6000) {
      const { fn, s } = JSON.parse(data);
      this.file = { name: fn, size: s };
      this.files[fn] = '';
    } else {
      this.files[this.file.name] += this.spoil(data);
    }
    return '\x06';
  }

  private evaluate(expression: string): string {
    const [, number, asked] = /^\[(\d+),(.*)\]$/.exec(expression) ?? [];
    this.evaluated.push(asked);
    if (this.refused-- > 0 || (this.refusesLoad && asked === 'load()')) return '\x15';
    return answerTo(Number(number), this.valueOf(asked));
  }

  private valueOf(expression: string): string {
    const [, name] = /"([^"]*\.js)"/.exec(expression) ?? [];
    if (expression === 'global.squall') return this.running ?? 'undefined';
    if (expression === 'process.version') return `"${this.version}"`;
    if (expression.startsWith('E.CRC32')) return String(crc32(this.files[name] ?? ''));
    if (expression.includes('.getFree')) return '900000';
    if (expression.includes('.erase("')) delete this.files[name];
    const [, boot] = /write\("\.bootcde",(".*")\)/.exec(expression) ?? [];
    if (boot !== undefined) this.files['.bootcde'] = JSON.parse(boot);
    return expression.includes('.bootcde")==') ? 'true' : 'undefined';
  }
}

/** A clock whose time passes as soon as nothing else is to be done. */
function impatientClock(): Clock {
  const clock = new FakeClock();
  return {
    now: () => clock.now(),
    clearTimeout: (timer) => clock.clearTimeout(timer),
    setTimeout(callback, delayMs) {
      setImmediate(() => setImmediate(() => clock.advance(delayMs)));
      return clock.setTimeout(callback, delayMs);
    },
  };
}

function flashOnto(board: FakeBoard): Promise<void> {
  return flash(board, PROGRAM, impatientClock(), () => {});
}

describe('flashing', () => {
  it('knows the checksum that the board computes', () => {
    expect(crc32('abc')).toBe(891568578);
  });

  it('writes the program, checks it, switches .bootcde to it and starts it', async () => {
    const board = new FakeBoard();
    await flashOnto(board);
    const boot = `eval(require("Storage").read("${NAME}"));global.squall="${NAME}";`;
    expect(board.files).toEqual({ '.bootcde': boot, [NAME]: PROGRAM });
    expect(board.evaluated.slice(-2)).toEqual(['load()', 'global.squall']);
  });

  it('puts the boot code before a program that can be updated, after what came over the air is forgotten', async () => {
    const board = new FakeBoard();
    board.files.otadata = 'ota_0';
    await flash(board, PROGRAM, impatientClock(), () => {}, 'choose();');
    const boot = `choose();eval(require("Storage").read(global.squallSlot||"${NAME}"));global.squall="${NAME}";`;
    expect(board.files['.bootcde']).toBe(boot);
    const [erase, write] = ['.erase("otadata")', '.write(".bootcde"'].map((call) => board.evaluated.findIndex((one) => one.includes(call)));
    expect(erase).toBeGreaterThan(-1);
    expect(erase).toBeLessThan(write);
  });

  it('uploads again when the checksum is wrong', async () => {
    const board = new FakeBoard();
    let spoiled = 0;
    board.spoil = (data) => (spoiled++ === 1 ? data.replace('h', 'j') : data);
    await flashOnto(board);
    expect(board.files[NAME]).toBe(PROGRAM);
  });

  it('leaves .bootcde as it was when the upload never succeeds, and starts what was there', async () => {
    const board = new FakeBoard();
    board.spoil = (data) => data.slice(1);
    await expect(flashOnto(board)).rejects.toThrow('did not arrive whole in 3 uploads; the board boots what it booted before');
    expect(board.files['.bootcde']).toBe('old');
    expect(board.evaluated.at(-1)).toBe('load()');
  });

  it('asks again for what a board refused, as it does when a packet lost a byte', async () => {
    const board = new FakeBoard();
    board.refused = 2;
    await flashOnto(board);
    expect(board.files[NAME]).toBe(PROGRAM);
  });

  it('does not take a late answer for the answer to what it asked since', async () => {
    const board = new FakeBoard();
    board.repeats = true;
    await flashOnto(board);
    expect(board.files[NAME]).toBe(PROGRAM);
  });

  it('tells of the first failure when the board does nothing from then on', async () => {
    const board = new FakeBoard();
    board.spoil = () => {
      board.silent = true;
      return '';
    };
    await expect(flashOnto(board)).rejects.toThrow('the board did not do require("Storage").erase');
  });

  it('says what a program threw while it started, and that the one before is gone', async () => {
    const board = new FakeBoard();
    board.startSays = '\r\x1b[Ja\r\nUncaught ReferenceError: "oops" is not defined\r\n    at squall-2cafb47f.js:1:12\r\n>';
    await expect(flashOnto(board)).rejects.toThrow(
      'is written and checked, but fails; it is what the board boots now, and what it booted before is deleted. ' +
        'The board says: Uncaught ReferenceError: "oops" is not defined at squall-2cafb47f.js:1:12 >',
    );
  });

  it("hears the board's own handler behind the escape sequence with which a console clears its line", async () => {
    const board = new FakeBoard();
    board.startSays = '\x1b[Juncaught: no sensor\r\n    at t (squall-2cafb47f.js:1:12)\r\n>';
    await expect(flashOnto(board)).rejects.toThrow('The board says: uncaught: no sensor at t (squall-2cafb47f.js:1:12) >');
  });

  it('waits for a sign of life, and says so when none comes', async () => {
    const board = new FakeBoard();
    board.running = null;
    board.startSays = 'counting\r\n';
    await expect(flashOnto(board)).rejects.toThrow(/but gives no sign of life within 30 s; it is what .* The board says: .*counting$/);
  });

  it('does not call a program started that the board has not run to its end', async () => {
    const board = new FakeBoard();
    board.running = 'undefined';
    await expect(flashOnto(board)).rejects.toThrow(/but did not run to its end; it is what the board boots now/);
  });

  it('is content with a program that talks while it starts', async () => {
    const board = new FakeBoard();
    board.startSays = 'channel: waiting -> wifi\r\n';
    await flashOnto(board);
    expect(board.files[NAME]).toBe(PROGRAM);
  });

  it('says so when the program that is installed cannot be started', async () => {
    const board = new FakeBoard();
    board.refusesLoad = true;
    await expect(flashOnto(board)).rejects.toThrow(
      /^the board did not do load\(\), asked 3 times; .* was not started; it is what the board boots now, .* The board said: noise >$/,
    );
    expect(board.files['.bootcde']).toContain(NAME);
  });

  it('gives up on a port that takes no bytes', async () => {
    const board = new FakeBoard();
    board.stuck = true;
    await expect(flashOnto(board)).rejects.toThrow('the port takes no bytes for 20 s: the board holds them back (XOFF)');
  });

  it('gives up on a port that stops in the middle of an upload, and does not wait for it again', async () => {
    const board = new FakeBoard();
    board.spoil = () => {
      board.stuck = true;
      return '';
    };
    await expect(flashOnto(board)).rejects.toThrow(/^the port takes no bytes for 20 s.*; the board boots what it booted before$/);
    expect(board.files['.bootcde']).toBe('old');
  });

  it('does not upload what is already there', async () => {
    const board = new FakeBoard();
    board.files[NAME] = PROGRAM;
    board.spoil = () => '';
    await flashOnto(board);
    expect(board.files[NAME]).toBe(PROGRAM);
  });

  it('says so when nothing answers', async () => {
    const board = new FakeBoard();
    board.silent = true;
    await expect(flashOnto(board)).rejects.toThrow('no Espruino answers within 30 s');
  });

  it('refuses an Espruino without packet transfer', async () => {
    const board = new FakeBoard();
    board.version = '2v24';
    await expect(flashOnto(board)).rejects.toThrow('the board runs Espruino 2v24; expected 2v25 or later');
    expect(Object.keys(board.files)).toEqual(['.bootcde']);
  });
});

describe.skipIf(ESPRUINO === undefined)('flashing a real engine (ESPRUINO)', { timeout: 60_000 }, () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  it('says what a program throws while it starts', async () => {
    engine = new Engine(undefined, { oneCore: true });
    const flashed = flash(engine.port(), 'print("so far so good");\nnoSuchFunction();', new NodeClock(), () => {});
    await expect(flashed).rejects.toThrow('The board says: Uncaught ReferenceError: "noSuchFunction" is not defined at eval');
  });

  it('says what an app throws in app(), and waits for no more', async () => {
    const app = join(mkdtempSync(join(tmpdir(), 'firmware-flash-')), 'boom.ts');
    onTestFinished(() => rmSync(dirname(app), { recursive: true }));
    writeFileSync(app, "export function app(): void { throw new Error('no sensor'); }");
    engine = new Engine(undefined, { oneCore: true });
    const flashed = flash(engine.port(), (await buildProgram(app, '{}')).code, new NodeClock(), () => {});
    await expect(flashed).rejects.toThrow('The board says: uncaught: no sensor at');
  });

  it('starts the program now, and a second program replaces the first', async () => {
    engine = new Engine(undefined, { oneCore: true });
    for (const word of ['first', 'second']) {
      const program = `print("I am the ${word}, ${'x'.repeat(3000)}".substr(0, ${9 + word.length}), require("Storage").list(/^squall/).length);`;
      await flash(engine.port(), program, new NodeClock(), () => {});
      await expect.poll(() => engine.console, { timeout: 5000 }).toMatch(new RegExp(`I am the ${word.slice(0, 5)}.* 1\r?\n`));
    }
  });
});
