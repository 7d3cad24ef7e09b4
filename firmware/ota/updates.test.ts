/** Updates on a scripted board: power that goes at any moment, flash that fails, servers that err. */
import { createHash } from 'node:crypto';
import { UPDATE_CHUNK_MAX_BYTES, UPDATE_IMAGE_MAX_BYTES } from 'relay/updates/update-limits';
import { UpdateShelf } from 'relay/updates/update-shelf';
import { describe, expect, it } from 'vitest';
import type { Channel, MessageHandler, StateHandler } from '../channel/channel.ts';
import type { ChannelState } from '../events.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { BOOT_RECORD, BOOT_TRIES_MAX, chooseImage, readBootRecord } from './boot-record.ts';
import { CHUNK_BYTES, IMAGE_MAX_BYTES } from './image-store.ts';
import { withUpdates } from './updatable-channel.ts';

const image = (name: string, bytes = 10_000): string => name.repeat(Math.ceil(bytes / name.length)).slice(0, bytes);
const digest = (bytes: string): string => createHash('sha1').update(bytes, 'latin1').digest('hex');

/** By what lies in their slots; anything else could not be booted. */
const OLD = image('old ');
const NEW = image('new! ');
const NEWER = image('newer ', 4_064);
const NAMES = new Map([
  [OLD, 'old'],
  [NEW, 'new'],
  [NEWER, 'newer'],
]);

class TestChannel implements Channel {
  readonly sent: string[] = [];
  private messageHandler: MessageHandler = () => {};
  private stateHandler: StateHandler = () => {};
  private current: ChannelState = 'waiting';

  send(data: string): boolean {
    this.sent.push(data);
    return true;
  }
  onMessage(handler: MessageHandler): void {
    this.messageHandler = handler;
  }
  onState(handler: StateHandler): void {
    this.stateHandler = handler;
  }
  state(): ChannelState {
    return this.current;
  }
  enter(state: ChannelState): void {
    this.current = state;
    this.stateHandler(state, '');
  }
  receive(data: string, binary = false): void {
    this.messageHandler(data, binary);
  }
}

/**
 * When power goes: before or after the n-th change of flash, or at the n-th request; counted over all boots.
 */
interface Cut {
  at: number;
  when: 'before' | 'after' | 'request';
}

class PowerCut extends Error {}

class TestBoard {
  readonly files: Record<string, string> = {};
  /** What ran, boot by boot. */
  readonly ran: string[] = [];
  readonly lines: string[] = [];
  changes = 0;
  requests = 0;
  cuts: Cut[] = [];
  /** Of images: they never reach their channel. */
  readonly mute = new Set<string>();
  writes: (name: string) => boolean = () => true;
  freeBytes = 100_000;

  /** One life, at a server that offers this image. @returns whether it is at rest */
  boot(offered: string, spoil: (answer: string) => string = (answer) => answer): boolean {
    const hal = this.hal();
    try {
      const { slot } = chooseImage(hal.storage, hal.crypto.sha1);
      const running = slot === '' ? 'factory' : NAMES.get(this.files[slot]);
      this.ran.push(running ?? 'nothing');
      if (running === undefined) throw new Error(`${slot} holds nothing that boots`);
      if (this.mute.has(running)) return false; // and the boot code resets it
      const channel = new TestChannel();
      withUpdates(hal, channel);
      channel.enter('open');
      const shelf = new UpdateShelf();
      shelf.offer(shelf.add(Buffer.from(offered, 'latin1')), 'me');
      channel.receive(shelf.textFor('me') as string);
      for (let request = channel.sent.shift(); request !== undefined; request = channel.sent.shift()) {
        this.meet('request', ++this.requests);
        const data = shelf.answer(Buffer.from(request), false)?.data?.toString('latin1');
        if (data !== undefined) channel.receive(spoil(data), true);
      }
      return true;
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof PowerCut || message === 'the board has stopped: restart update') return false;
      throw error;
    } finally {
      this.lines.push(...hal.log.lines);
    }
  }

  /** Boots until it is at rest. */
  settle(offered: string): void {
    for (let boots = 0; boots < 20; boots++) if (this.boot(offered)) return;
    throw new Error('it never comes to rest');
  }

  private hal(): FakeHal {
    const hal = new FakeHal();
    const { storage, system } = hal;
    system.freeMemory = () => this.freeBytes;
    storage.read = (name) => this.files[name] ?? null;
    storage.list = () => Object.keys(this.files);
    storage.write = (name, bytes) => {
      if (this.files[name] === bytes) return true;
      if (!this.writes(name)) return false;
      return this.change(() => {
        this.files[name] = bytes;
      });
    };
    storage.erase = (name) => {
      if (name in this.files) this.change(() => delete this.files[name]);
    };
    return hal;
  }

  private change(act: () => void): boolean {
    const at = ++this.changes;
    this.meet('before', at);
    act();
    this.meet('after', at);
    return true;
  }

  private meet(when: Cut['when'], at: number): void {
    if (this.cuts.some((cut) => cut.when === when && cut.at === at)) throw new PowerCut();
  }
}

/** All moments at which power may go in one update, from what an undisturbed one does. */
function momentsOf(board: TestBoard, offered: string): Cut[] {
  const [changes, requests] = [board.changes, board.requests];
  board.settle(offered);
  const flash = Array.from({ length: board.changes - changes }, (_, index) => changes + 1 + index);
  const asked = Array.from({ length: board.requests - requests }, (_, index) => requests + 1 + index);
  return [
    ...flash.flatMap((at) => [
      { at, when: 'before' as const },
      { at, when: 'after' as const },
    ]),
    ...asked.map((at) => ({ at, when: 'request' as const })),
  ];
}

const LEFT = (board: TestBoard) => Object.keys(board.files).filter((name) => name.startsWith('ota.'));

it('board and relay have the same limits', () => {
  expect([UPDATE_CHUNK_MAX_BYTES, UPDATE_IMAGE_MAX_BYTES]).toEqual([CHUNK_BYTES, IMAGE_MAX_BYTES]);
});

describe('an update', () => {
  it('is fetched, checked, booted and confirmed, and leaves nothing behind', () => {
    const board = new TestBoard();
    board.settle(NEW);
    expect(board.ran).toEqual(['factory', 'new']);
    expect(board.requests).toBe(3);
    expect(readBootRecord({ read: (name) => board.files[name] ?? null })).toEqual({ slot: 'ota_0', sha1: digest(NEW), trial: null });
    expect(Object.keys(board.files).sort()).toEqual(['ota_0', BOOT_RECORD]);
    board.settle(NEW);
    expect(board.requests).toBe(3);
  });

  it('goes into the slot that the running image does not lie in', () => {
    const board = new TestBoard();
    for (const one of [OLD, NEW, NEWER]) board.settle(one);
    expect(board.ran).toEqual(['factory', 'old', 'old', 'new', 'new', 'newer']);
    expect([board.files.ota_0, board.files.ota_1]).toEqual([NEWER, NEW]);
  });

  it('leaves a board that boots the old or the new image, whenever power goes, and is finished afterwards', () => {
    const moments = momentsOf(new TestBoard(), NEW);
    expect(moments.length).toBeGreaterThan(20);
    for (const cut of moments) {
      const board = new TestBoard();
      board.cuts = [cut];
      board.settle(NEW);
      expect(board.ran.at(-1), JSON.stringify(cut)).toBe('new');
      expect(board.ran.every((name) => name === 'factory' || name === 'new')).toBe(true);
      // Of what had arrived nothing is asked for again, but for the chunk that power took.
      expect(board.requests, JSON.stringify(cut)).toBeLessThanOrEqual(4);
    }
  });

  it('the same from one image to the next, with power that goes twice', () => {
    const before = () => {
      const board = new TestBoard();
      board.settle(OLD);
      return board;
    };
    const moments = momentsOf(before(), NEW);
    for (const first of moments)
      for (const second of moments) {
        const board = before();
        // Counted from the first cut on, the second comes at any later moment.
        board.cuts = [first, { ...second, at: second.at + (first.when === second.when ? 1 : 0) }];
        board.settle(NEW);
        expect(board.ran.slice(2).every((name) => name === 'old' || name === 'new')).toBe(true);
        expect(board.ran.at(-1)).toBe('new');
      }
  });

  it('of another image than the one on its way begins anew, wherever power goes in between', () => {
    const half = (cuts: Cut[]) => {
      const board = new TestBoard();
      board.cuts = [{ at: 2, when: 'request' }];
      board.boot(NEW);
      board.cuts = cuts;
      return board;
    };
    expect(LEFT(half([]))).toEqual(['ota.offer', 'ota.chunk0']);
    for (const cut of momentsOf(half([]), NEWER)) {
      const board = half([cut]);
      board.settle(NEWER);
      expect(board.ran.at(-1), JSON.stringify(cut)).toBe('newer');
    }
  });
});

describe('an image that is no good', () => {
  it('is rolled back at the next boot, tried again when it is offered again, and then no more', () => {
    const board = new TestBoard();
    board.settle(OLD);
    board.mute.add('new');
    board.settle(NEW);
    expect(board.ran.slice(2)).toEqual(['old', ...Array.from({ length: BOOT_TRIES_MAX }, () => ['new', 'old']).flat()]);
    expect(board.requests).toBe(6);
    expect(board.lines.at(-1)).toMatch(/^update: refused: [0-9a-f]{8} failed 3 times$/);
    board.settle(NEWER);
    expect(board.ran.at(-1)).toBe('newer');
  });

  it('whose bytes were spoilt on the way is fetched three times, and never installed', () => {
    const board = new TestBoard();
    const spoil = (answer: string) => answer.replace(/.$/, '?');
    expect(board.boot(NEW, spoil)).toBe(true);
    expect(board.requests).toBe(9);
    expect(Object.keys(board.files)).toEqual([]);
    expect(board.lines.at(-1)).toBe('update: given up: its checksum is wrong, 3 times');
  });

  it('whose slot was damaged since is not booted, and fetched again', () => {
    const board = new TestBoard();
    board.settle(NEW);
    board.files.ota_0 = 'x';
    board.settle(NEW);
    expect(board.ran.slice(2)).toEqual(['factory', 'new']);
  });

  it.each(['x', '{"slot":"ota_0"}', 'ota_0 1 2', '     new 1', 'a b c d e f'])('nor is one that a damaged record names: %j', (record) => {
    const board = new TestBoard();
    board.files[BOOT_RECORD] = record;
    board.settle(NEW);
    expect(board.ran).toEqual(['factory', 'new']);
  });
});

describe('a board that fetches', () => {
  function begun() {
    const hal = new FakeHal();
    const channel = new TestChannel();
    const app = withUpdates(hal, channel);
    const heard: string[] = [];
    const states: string[] = [];
    app.onMessage((data) => heard.push(data));
    app.onState((state) => states.push(state));
    channel.enter('open');
    return { hal, channel, app, heard, states };
  }
  const offer = `ota.offer ${digest(NEW)} ${NEW.length}`;
  const get = (offset: number) => `ota.get ${digest(NEW)} ${offset} ${Math.min(4_064, NEW.length - offset)}`;
  const data = (offset: number) => `ota.data ${digest(NEW)} ${offset}\n${NEW.slice(offset, offset + 4_064)}`;

  it('asks four times at most while the channel stays open, and again after ten minutes', () => {
    const { hal, channel } = begun();
    channel.receive(offer);
    hal.clock.advance(60_000);
    expect(channel.sent).toEqual([get(0), get(0), get(0), get(0)]);
    expect(hal.clock.pending()).toBe(1);
    hal.clock.advance(600_000);
    expect(channel.sent).toHaveLength(5);
  });

  it('goes on with the chunk that is missing when the channel opens again, and waits for nothing in between', () => {
    const { hal, channel } = begun();
    channel.receive(offer);
    channel.receive(data(0), true);
    channel.enter('waiting');
    expect(hal.clock.pending()).toBe(0);
    channel.enter('open');
    channel.receive(offer);
    expect(channel.sent).toEqual([get(0), get(4_064), get(4_064)]);
  });

  it('takes no answer but the one it waits for, and none of it reaches the app', () => {
    const { hal, channel, heard, states } = begun();
    channel.receive(data(0), true);
    channel.receive(offer);
    for (const wrong of [data(4_064), data(0).slice(0, -1), `ota.data ${digest(OLD)} 0\n`]) channel.receive(wrong, true);
    expect(hal.log.named('update.chunk')).toHaveLength(0);
    channel.receive('ota.offered', false);
    channel.receive('ota.offer x', true);
    expect(heard).toEqual(['ota.offered', 'ota.offer x']);
    expect(states).toEqual(['open']);
  });

  it.each([
    `ota.offer ${digest(NEW)} 65537`,
    `ota.offer ${digest(NEW)} 0`,
    `ota.offer ${digest(NEW)}`,
    'ota.offer xyz 10',
    `ota.offer ${digest(NEW)} 1e3x`,
  ])('refuses %j', (wrong) => {
    const { hal, channel } = begun();
    channel.receive(wrong);
    expect(channel.sent).toEqual([]);
    expect(hal.log.lines.at(-1)).toBe('update: refused: not an offer, or too large');
  });

  it('puts it off when flash takes nothing, or memory is short, and runs on', () => {
    const full = new TestBoard();
    full.writes = (name) => name !== 'ota.chunk1';
    expect(full.boot(NEW)).toBe(true);
    expect(full.lines.at(-1)).toBe('update: put off: flash');
    const small = new TestBoard();
    small.freeBytes = 2 * NEW.length - 1;
    expect(small.boot(NEW)).toBe(true);
    expect(small.requests).toBe(0);
    for (const board of [full, small]) {
      Object.assign(board, { writes: () => true, freeBytes: 100_000 });
      board.settle(NEW);
      expect(board.ran.at(-1)).toBe('new');
    }
  });
});
