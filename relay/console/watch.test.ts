import { expect, it } from 'vitest';
import type { SessionInfo } from '../observer.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Watch, WINDOW_MS } from './watch.ts';

type Session = { -readonly [Key in keyof SessionInfo]: SessionInfo[Key] };

function createWorld() {
  const clock = new VirtualClock();
  const watch = new Watch({ clock, epochMs: () => clock.now(), isVirtual: () => false });
  watch.start();
  const open = (id: string, name = ''): Session => {
    const stream = Object.assign(new MemoryConnection(), { remoteAddress: '::ffff:192.168.1.7' });
    const session = { number: 1, id, name, stream, openedAtMs: clock.now(), messagesIn: 0, messagesOut: 0, messagesDropped: 0 };
    watch.observer.sessionOpened(session);
    return session;
  };
  const close = (session: Session) => watch.observer.sessionClosed(session, 'reset', 1006);
  return { clock, watch, open, close };
}

it('says where a client comes from, and what its certificate calls it', () => {
  const { watch, open } = createWorld();
  open('board-1', 'ESP Client 1');
  const [known] = watch.known();
  expect(watch.rowOf(known)).toMatchObject({ name: 'ESP Client 1', address: '192.168.1.7' });
  expect(watch.eventsAfter(0)[0].text).toBe('session 1, from 192.168.1.7, certificate of ESP Client 1');
});

it('keeps as many ids as it may, and forgets first who has been gone the longest', () => {
  const { watch, open, close } = createWorld();
  const stays = open('stays');
  watch.setWatched(true);
  for (let index = 0; index < 5_002; index++) close(open(`board-${index}`));
  expect([...watch.known()]).toHaveLength(5_001);
  expect([watch.history('board-0'), watch.history('board-1')]).toEqual([null, null]);
  expect(watch.history('board-2')?.sessions).toHaveLength(1);
  expect(watch.history('stays')).not.toBeNull();
  expect(watch.takeChanges().gone).toEqual(['board-0', 'board-1']);
  close(stays);
});

it('keeps the last twenty sessions and refusals of an id, and tells those of the timeline', async () => {
  const { watch, open, close, clock } = createWorld();
  for (let index = 0; index < 25; index++) {
    close(open('board-1'));
    watch.observer.refused(new MemoryConnection(), 'board-1', 'duplicate_id', 403);
  }
  expect(watch.history('board-1')?.sessions).toHaveLength(20);
  expect(watch.history('board-1')?.refusals).toHaveLength(20);
  const [known] = watch.known();
  expect(watch.rowOf(known).past).toHaveLength(20);
  await clock.advance(WINDOW_MS + 1_000);
  expect(watch.rowOf(known).past).toHaveLength(1);
  expect(watch.eventsAfter(0)).toHaveLength(75);
});

it('keeps the last 500 events and 300 samples', async () => {
  const { watch, clock } = createWorld();
  for (let index = 0; index < 2_000; index++) watch.note('relay', '', `${index}`);
  expect(watch.eventsAfter(0).map(({ text }) => text)).toEqual(Array.from({ length: 500 }, (_, index) => `${index + 1_500}`));
  await clock.advance(700_000);
  expect(watch.samples.all()).toHaveLength(300);
});

it('says once that a client falls behind, until it has kept up for a second', async () => {
  const { watch, open, clock } = createWorld();
  const session = open('board-1');
  for (const lost of [3, 5, 5, 9]) {
    session.messagesDropped = lost;
    await clock.advance(1_000);
  }
  const dropped = watch.eventsAfter(0).filter(({ kind }) => kind === 'dropped');
  expect(dropped.map(({ atMs }) => atMs)).toEqual([1_000, 4_000]);
});

it('counts the messages of a second, those of sessions that ended in it too', async () => {
  const { watch, open, close, clock } = createWorld();
  const [one, two] = [open('one'), open('two')];
  Object.assign(one, { messagesIn: 3, messagesOut: 4 });
  Object.assign(two, { messagesIn: 10, messagesOut: 20 });
  close(two);
  await clock.advance(1_000);
  one.messagesIn++;
  await clock.advance(1_000);
  expect(watch.samples.all()).toEqual([
    [1_000, 1, 2, 1, 13, 24],
    [2_000, 1, 0, 0, 1, 0],
  ]);
});

it('is not confused when the next life of a relay has a session of the same id before the last one is over', () => {
  const { watch, open, close } = createWorld();
  const before = open('board-1');
  const after = open('board-1');
  close(before);
  const [known] = watch.known();
  expect(known.session?.info).toBe(after);
  expect(watch.history('board-1')?.sessions).toHaveLength(1);
});
