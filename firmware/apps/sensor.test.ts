/** The sensor app on a scripted board: power that goes at any moment, a relay that answers when it likes. */
import fc from 'fast-check';
import { Sht31 } from 'hal/bench/sht31';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { clientFrames } from '../testing/server-side.ts';
import { app } from './sensor.ts';

const ACKNOWLEDGEMENT = 'Server got your message!';

interface Boot {
  /** Power goes after that, ms. */
  cutMs: number;
  hasSensor: boolean;
  /** There is a relay, which acknowledges so many messages. */
  acknowledgements: number | null;
}

/** Plays one boot on a board whose flash has these files. @returns lines that reached the relay */
function play(files: Record<string, string>, { cutMs, hasSensor, acknowledgements }: Boot) {
  const hal = new FakeHal();
  Object.assign(hal.files, files);
  if (hasSensor) hal.i2c.connect(0x44, new Sht31(() => ({ temperatureC: 21.5, humidityPercent: 45, pressureHpa: 1000 })));
  const reached: string[] = [];
  let left = acknowledgements ?? 0;
  try {
    app(hal, DEFAULT_CONFIG);
    for (let ms = 0; ms < cutMs; ms += 10) {
      hal.clock.advance(10);
      const socket = acknowledgements === null ? undefined : hal.sockets.at(-1);
      if (socket === undefined) continue;
      if (socket.writes.length === 0) socket.open();
      const frames = clientFrames(socket.writes.slice(1).join(''));
      const messages = frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => payload);
      socket.writes.length = 1;
      for (const message of messages) {
        reached.push(...message.split('\n'));
        if (left-- > 0) socket.text(ACKNOWLEDGEMENT);
      }
    }
  } catch (error) {
    expect((error as Error).message).toBe('the board has stopped: sleep 600000');
  }
  for (const name of Object.keys(files)) delete files[name];
  Object.assign(files, hal.files);
  return { reached, hal };
}

const SOUND: Boot = { cutMs: 100_000, hasSensor: true, acknowledgements: 9 };

it('measures, sends, waits for the acknowledgement and sleeps, and counts on', () => {
  const files = {};
  const boots = [play(files, SOUND), play(files, SOUND), play(files, { ...SOUND, hasSensor: false })];
  expect(boots.map(({ reached }) => reached)).toEqual([['1 21.5 45'], ['2 21.5 45'], ['3 no sensor']]);
  expect(boots[0].hal.resets).toEqual(['sleep 600000']);
  expect(boots[0].hal.clock.now()).toBeLessThan(1_000);
});

it('sleeps after a minute when nobody answers, and sends all of it when somebody does, in messages of 16', () => {
  const files = {};
  for (let boot = 0; boot < 20; boot++) expect(play(files, { ...SOUND, acknowledgements: null }).hal.clock.now()).toBe(60_020);
  const { reached, hal } = play(files, SOUND);
  expect(reached.map((line) => Number.parseInt(line, 10))).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
  expect(hal.log.named('message.sent')).toHaveLength(2);
});

it('keeps the readings of a day when the relay stays away, and forgets the oldest', () => {
  const files: Record<string, string> = { readings: Array.from({ length: 144 }, (_, at) => `${at + 1} 20.00 50.0`).join('\n') };
  play(files, { ...SOUND, acknowledgements: null });
  expect(files.readings.split('\n')).toHaveLength(144);
  expect(files.readings.slice(0, 2)).toBe('2 ');
});

it('loses no reading and tells none wrong, whenever power goes and however much the relay acknowledges', () => {
  const boot = fc.record<Boot>({
    cutMs: fc.oneof(fc.nat(400), fc.constant(100_000)),
    hasSensor: fc.boolean(),
    acknowledgements: fc.option(fc.nat(3)),
  });
  fc.assert(
    fc.property(fc.array(boot, { maxLength: 25 }), (boots) => {
      const files = {};
      const told = new Map<number, string>();
      for (const one of [...boots, SOUND]) {
        for (const line of play(files, one).reached) {
          const number = Number.parseInt(line, 10);
          expect(told.get(number) ?? line).toBe(line);
          told.set(number, line);
        }
      }
      expect([...told.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: told.size }, (_, at) => at + 1));
    }),
    { numRuns: 40 },
  );
});
