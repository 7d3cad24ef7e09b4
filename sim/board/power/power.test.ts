/** What sleep, resets and the watchdog do to the rest of a board. The contract is hal/conformance's. */
import { expect, it } from 'vitest';
import type { Activity } from '../activity.ts';
import { PROFILES } from '../profiles/index.ts';
import { BoardLab } from '../testing/board-lab.ts';

/** What a lab's board says from now on, without what happens on its way to the network. */
function story(lab: BoardLab): string[] {
  return lab.events
    .filter(({ event }) => /^(board|wifi)\./.test(event))
    .map(({ event, subject, detail, value }) => [event, subject, detail, value].filter((field) => field !== '' && field !== 0).join(' '));
}

async function joined(options = {}): Promise<BoardLab> {
  const lab = await new BoardLab(options).join();
  lab.events.length = 0;
  return lab;
}

/** Acts as a handler of the firmware. */
function act(lab: BoardLab, handler: () => void): void {
  lab.hal.clock.setTimeout(handler, 0);
}

it('a deep sleep is a loss of power of which the calendar knows nothing', async () => {
  const lab = await joined({ profile: PROFILES['espruino-esp32'] });
  lab.hal.wallClock.set(1_790_000_000_000);
  const activity: string[] = [];
  const listener: Activity = {
    power: (on) => activity.push(`power ${on}`),
    cpu() {},
    radio() {},
    frame() {},
    powerSave() {},
    sleep: (state, atUs) => activity.push(`${state} after ${Math.round((atUs - fromUs) / 1000)} ms`),
  };
  const fromUs = lab.kernel.nowUs;
  lab.board.observe(listener);
  lab.events.length = 0;
  act(lab, () => lab.hal.power.deepSleep(60_000));
  await lab.run(62_000);
  expect(story(lab)).toEqual(['board.sleep deep 60000', 'board.off', 'board.boot 2']);
  expect(activity).toEqual(['deep after 1 ms', 'power true']);
  expect(lab.hal.wallClock.now()).toBeCloseTo(1_790_000_062_000, -1);
  expect([lab.hal.system.resetReason(), lab.hal.wifi.isConnected()]).toEqual(['deep_sleep', false]);
});

it('a board that loses its power while it sleeps does not wake', async () => {
  const lab = await joined();
  act(lab, () => lab.hal.power.deepSleep(10_000));
  await lab.run(1_000);
  lab.board.powerOff();
  await lab.run(60_000);
  expect(story(lab)).toEqual(['board.sleep deep 10000', 'board.off', 'board.off']);
  lab.board.boot();
  await lab.run(1);
  expect(lab.hal.system.resetReason()).toBe('power_on');
});

it('a light sleep loses the network, and holds up every handler', async () => {
  const lab = await joined();
  const told: string[] = [];
  lab.hal.wifi.onDisconnected((reason) => told.push(`lost: ${reason} after ${lab.hal.clock.now() - fromMs} ms`));
  const fromMs = lab.hal.clock.now();
  act(lab, () => lab.hal.power.lightSleep(3_000, () => told.push('awake')));
  await lab.run(4_000);
  expect(told).toEqual(['lost: light_sleep after 3000 ms', 'awake']);
  expect(story(lab)).toEqual(['board.sleep light 3000', 'wifi.lost light_sleep']);
});

it('a connect that blocks does not feed the watchdog', async () => {
  const lab = await joined({ profile: PROFILES['espruino-esp32'] });
  lab.route = () => null;
  act(lab, () => {
    lab.hal.system.watchdog(5_000);
    lab.hal.net.connect('10.0.0.9', 80, { onConnect() {}, onData() {}, onDrain() {}, onClose() {} });
  });
  await lab.run(7_000);
  expect(story(lab)).toEqual(['board.watchdog', 'board.boot 2']);
  expect(lab.hal.system.resetReason()).toBe('watchdog');
});

it('a restart is told with its reason, and a board that restarts at once for ever takes time for it', async () => {
  const lab = new BoardLab({ profile: PROFILES['espruino-esp32'], app: ({ system }) => system.restart('again') });
  await lab.boot();
  expect(story(lab).slice(0, 3)).toEqual(['board.boot 1', 'board.restart again', 'board.boot 2']);
  expect(lab.eventsNamed('board.boot').length).toBeLessThan(7);
});
