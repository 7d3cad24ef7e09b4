import { describe, expect, it } from 'vitest';
import { maskedFrame } from '../testing/test-client.ts';
import { createTestRelay } from '../testing/test-relay.ts';
import { settle, VirtualClock } from '../testing/virtual-clock.ts';
import { type Read, ReadingBudget } from './reading-budget.ts';

const TURN = 65_536;
const SHARE = TURN / 2;

/** Turns that end when the test says so. */
function createTurns() {
  const ends: (() => void)[] = [];
  const endTurn = async () => {
    for (const end of ends.splice(0)) end();
    await settle();
  };
  return { afterTurn: (end: () => void) => void ends.push(end), endTurn, due: () => ends.length };
}

describe('a turn', () => {
  function createBudget(deliveries: number) {
    const { afterTurn, endTurn, due } = createTurns();
    const budget = new ReadingBudget(new VirtualClock(), afterTurn, () => deliveries);
    const told: string[] = [];
    /** Says as much as it may, and then waits; `frames` in all. */
    const speaker = (name: string, frames: number) => {
      let left = frames;
      const client: Read & { name: string } = {
        name,
        turn: 0,
        spent: 0,
        readOn: () => {
          let said = 0;
          for (let may = budget.framesFor(client); left > 0 && may > 0; may = budget.framesFor(client)) {
            for (let i = Math.min(may, left); i > 0; i--, left--, said++) budget.spend(client, true);
          }
          if (left === 0) budget.forget(client);
          told.push(`${name} ${said}`);
        },
      };
      return client;
    };
    const takeTold = () => told.splice(0);
    return { budget, speaker, endTurn, due, takeTold };
  }

  it('has half of its deliveries for one client, and those who wait go on in the next', async () => {
    const { speaker, endTurn, takeTold } = createBudget(999);
    const [one, two, three] = [speaker('one', 70), speaker('two', 40), speaker('three', 1)];
    for (const client of [one, two, three]) client.readOn();
    expect(takeTold()).toEqual(['one 33', 'two 33', 'three 0']);
    await endTurn();
    expect(takeTold()).toEqual(['one 22', 'two 7', 'three 1']);
    await endTurn();
    expect(takeTold()).toEqual(['one 15']);
  });

  it('goes to those who have waited longest, when there are more than it has deliveries for', async () => {
    const { speaker, endTurn, takeTold } = createBudget(9_999);
    const clients = Array.from({ length: 20 }, (_, i) => speaker(String(i), 9));
    for (const client of clients) client.readOn();
    const served: string[] = [];
    while (served.length < 60) {
      served.push(
        ...takeTold()
          .filter((text) => !text.endsWith(' 0'))
          .map((text) => text.split(' ')[0]),
      );
      await endTurn();
    }
    // Two had their share in the first turn; from then on it goes round.
    const round = clients.map(({ name }) => name);
    expect(served.slice(0, 42)).toEqual(['0', '1', ...round, ...round]);
  });

  it('lets one message through, whatever it costs, and ends when nobody has anything left', async () => {
    const { speaker, endTurn, takeTold, due } = createBudget(10 * TURN);
    const client = speaker('one', 2);
    client.readOn();
    expect(takeTold()).toEqual(['one 1']);
    await endTurn();
    expect(takeTold()).toEqual(['one 1']);
    await endTurn();
    expect(due()).toBe(0);
  });
});

describe('a client that says much at once', () => {
  const word = maskedFrame(1, Buffer.from('x'));
  const COUNT = 9_000;
  /** Of a broadcast to two, and of the frame itself. */
  const COST = 3;
  const IN_A_TURN = Math.ceil(SHARE / COST);

  async function createWorld() {
    const turns = createTurns();
    const test = createTestRelay({ envelope: 'raw', pingIntervalMs: 10_000, pingTimeoutMs: 10_000 }, () => 0, turns.afterTurn);
    const [flooder, other] = [await test.connect('/flooder'), await test.connect('/other')];
    const heard = () => test.events.filter((event) => event.startsWith('received flooder')).length;
    return { ...test, ...turns, flooder, other, heard };
  }
  const flood = Buffer.concat(Array(2 * COUNT).fill(word));

  it('is not read on in this turn, others are, and no message is lost or out of order', async () => {
    const { flooder, other, heard, endTurn, events } = await createWorld();
    await flooder.sendBytes(flood);
    expect(heard()).toBe(IN_A_TURN);
    expect(flooder.connection.isPaused()).toBe(true);
    await other.send('me too');
    expect(events.at(-1)).toBe('sent flooder 6 broadcast');
    await endTurn();
    expect(heard()).toBe(2 * COUNT);
    await endTurn();
    expect(flooder.connection.isPaused()).toBe(false);
    expect(
      other.connection.writes
        .slice(1)
        .map(({ length }) => length)
        .reduce((sum, length) => sum + length),
    ).toBe(2 * COUNT * 3 + 26);
  });

  it('and hangs up is heard to its end first', async () => {
    const { flooder, heard, endTurn, events } = await createWorld();
    flooder.connection.push(flood);
    flooder.connection.push(null);
    await settle();
    flooder.connection.read(0); // as Node's sockets do at a FIN
    await settle();
    expect(heard()).toBe(IN_A_TURN);
    await endTurn();
    await endTurn();
    expect(heard()).toBe(2 * COUNT);
    expect(events.at(-1)).toBe('closed flooder peer_closed 1006');
  });

  it('is not found dead for what was not read, and is when it is read again', async () => {
    const { flooder, clock, endTurn, relay, events } = await createWorld();
    await clock.advance(9_000);
    await flooder.sendBytes(flood);
    await clock.advance(60_000);
    expect(events.filter((event) => event.startsWith('closed'))).toEqual(['closed other ping_timeout 1011']);
    await endTurn();
    await endTurn();
    await clock.advance(9_900);
    expect(relay.clients).toBe(1);
    await clock.advance(200);
    expect(relay.clients).toBe(0);
  });

  it('and is gone is forgotten with what it said', async () => {
    const { flooder, heard, endTurn, due } = await createWorld();
    await flooder.sendBytes(flood);
    flooder.connection.destroy();
    await settle();
    await endTurn();
    await endTurn();
    expect([heard(), due()]).toEqual([IN_A_TURN, 0]);
  });
});
