/**
 * What a listener hears of a board's parts: enough to account for every microsecond of its power, CPU and
 * radio.
 */
import { expect, it } from 'vitest';
import { Packet } from '../net/wire/packet.ts';
import type { PacketTap } from '../net/wire/packet-tap.ts';
import { type Activity, FrameActivity } from './activity.ts';
import { PROFILES } from './profiles/index.ts';
import { BoardLab, PASSWORD, SERVER_HOST, SSID } from './testing/board-lab.ts';

const ESPRUINO = PROFILES['espruino-esp32'];

/** In words, times in ms. */
function recorder(): { log: string[]; activity: Activity } {
  const log: string[] = [];
  const ms = (us: number) => us / 1000;
  const activity: Activity = {
    power: (on, atUs) => log.push(`${ms(atUs)} power ${on ? 'on' : 'off'}`),
    cpu: (busyUs, reason, atUs) => log.push(`${ms(atUs)} cpu ${reason} ${ms(busyUs)}`),
    radio: (state, atUs) => log.push(`${ms(atUs)} radio ${state}`),
    sleep: (state, atUs) => log.push(`${ms(atUs)} sleep ${state}`),
    powerSave: (beacons, atUs) => log.push(`${ms(atUs)} wakes for beacon ${beacons}`),
    frame: (way, airUs, rateBps, atUs) => log.push(`${ms(atUs)} ${way} ${airUs} at ${rateBps / 1e6}`),
  };
  return { log, activity };
}

it('tells power, boot and what each handler and each byte takes', async () => {
  const { log, activity } = recorder();
  const lab = new BoardLab({ profile: ESPRUINO, app: (hal) => hal.clock.setTimeout(() => {}, 10) });
  lab.board.observe(activity);
  lab.board.powerOff();
  lab.board.boot();
  await lab.run(2_000);
  lab.board.powerOff();
  expect(log).toEqual(['0 power on', '0 cpu boot 1000', '1000 cpu handler 0.5', '1010 cpu handler 0.5', '2000 power off']);
});

it('begins the next stretch of work where the one before it ends', () => {
  const { log, activity } = recorder();
  const lab = new BoardLab();
  lab.board.observe(activity);
  lab.board.cpu.charge(3_000);
  lab.board.cpu.charge(1_000, 'tls');
  lab.board.cpu.charge(0, 'nothing');
  expect(log).toEqual(['0 cpu handler 3', '3 cpu tls 1']);
});

it('tells when the radio is on: from the first scan to the end of the association', async () => {
  const { log, activity } = recorder();
  const lab = await new BoardLab().boot();
  lab.board.observe(activity);
  const [radio, bootedAt] = [() => log.filter((line) => line.includes('radio')), lab.nowMs];
  lab.hal.wifi.connect(SSID, PASSWORD, () => {});
  await lab.run(5_000);
  expect(radio()).toEqual([`${bootedAt} radio joining`, expect.stringMatching(/ radio joined$/)]);
  lab.board.station.deauthenticate('3');
  expect(radio().at(-1)).toBe(`${lab.nowMs} radio off`);
  lab.hal.wifi.connect(SSID, 'another', () => {});
  await lab.run(10_000);
  expect(radio().map((line) => line.split(' ').at(-1))).toEqual(['joining', 'joined', 'off', 'joining', 'off']);
});

it('a connect that only waits is no computing', async () => {
  const { log, activity } = recorder();
  const lab = await new BoardLab({ profile: ESPRUINO }).join();
  lab.board.observe(activity);
  lab.hal.net.connect(SERVER_HOST, 80, { onConnect() {}, onData() {}, onDrain() {}, onClose() {} });
  await lab.run(1_000);
  expect(log.map((line) => line.slice(line.indexOf(' ') + 1))).toEqual(['cpu handler 0.5']);
});

it('frames take their air at the rate of the link, and there are none of a station that has not joined', () => {
  const { log, activity } = recorder();
  const station = { joined: true };
  const frames = new FrameActivity(activity, station);
  frames.rateBps = 1_000_000;
  const up: PacketTap = frames;
  const packet = Packet.reset(0); // 40 bytes
  up.sent(packet, 'up', 1_000, 0);
  frames.down.sent(packet, 'down', 2_000, 0);
  up.delivered?.(packet, 'up', 3_000);
  frames.down.delivered?.(packet, 'down', 4_000);
  station.joined = false;
  up.sent(packet, 'up', 5_000, 0);
  frames.down.delivered?.(packet, 'down', 6_000);
  expect(log).toEqual(['1 tx 320 at 1', '4 rx 320 at 1']);
});
