/** What a meter makes of what it is told, with currents that can be added up by hand. */
import { describe, expect, it } from 'vitest';
import { ACK, Packet, SYN } from '../../net/wire/packet.ts';
import { CAUSES, type Cause, causeOf, type PacketCause } from './causes.ts';
import type { Currents } from './currents.ts';
import { EnergyMeter, type IdleSettings } from './energy-meter.ts';

const CURRENTS: Currents = {
  computingMa: 50,
  waitingMa: 30,
  scaledMa: 20,
  lightSleepMa: 1,
  joinedMa: 2,
  deepSleepMa: 0.01,
  receiveMa: 100,
  transmit: [
    { toBps: 11e6, ma: 240 },
    { toBps: Number.POSITIVE_INFINITY, ma: 180 },
  ],
  beaconUs: 1024,
  boardMa: 5,
};
const AWAKE = { frequencyScaling: false, lightSleep: false };
const SLEEPS = { frequencyScaling: false, lightSleep: true };
const S = 1e6;
const MAS_PER_MAH = 3_600;

const packet = (data: string, flags = ACK) => new Packet(0, flags, 0, 0, 0, data, 0, 0, 0, false, null);
const PING = packet('\x89\x00');

/** mA × s by cause, those that are nothing left out. */
function drawn(meter: EnergyMeter, atS: number): Partial<Record<Cause, number>> {
  const { byCause, drawnMah } = meter.figures(atS * S);
  const all = CAUSES.map((cause): [Cause, number] => [cause, Number((byCause[cause] * MAS_PER_MAH).toFixed(4))]);
  expect(all.reduce((sum, [, mas]) => sum + mas, 0)).toBeCloseTo(drawnMah * MAS_PER_MAH, 2);
  return Object.fromEntries(all.filter(([, mas]) => mas !== 0));
}

function meterOn(settings: IdleSettings = AWAKE, beacons = 0): EnergyMeter {
  const meter = new EnergyMeter(CURRENTS, settings);
  meter.powerSave(beacons, 0);
  meter.power(true, 0);
  return meter;
}

describe('a board', () => {
  it('without power draws nothing, in deep-sleep nearly so, and its time counts from its first power-up', () => {
    const meter = new EnergyMeter(CURRENTS, AWAKE);
    expect(meter.figures(10 * S)).toMatchObject({ drawnMah: 0, us: 0 });
    meter.power(true, 10 * S);
    meter.sleep('deep', 12 * S);
    meter.power(false, 22 * S);
    expect(drawn(meter, 30)).toEqual({ idle: 2 * 35 + 10 * 5.01 });
    expect(meter.figures(30 * S).us).toBe(20 * S);
  });

  it.each([
    ['at its full clock', AWAKE, 35],
    ['at a lower clock', { frequencyScaling: true, lightSleep: false }, 25],
    ['in light-sleep', SLEEPS, 6],
  ])('waits %s', (_, settings, ma) => {
    expect(drawn(meterOn(settings), 10)).toEqual({ idle: 10 * ma });
  });

  it.each([AWAKE, SLEEPS])('computes, and a reset ends that: %j', (settings) => {
    const meter = meterOn(settings, settings.lightSleep ? 1 : 0);
    const over = settings.lightSleep ? 49 : 20;
    meter.cpu(1 * S, 'boot', 0);
    meter.cpu(0.5 * S, 'handler', 1 * S);
    meter.cpu(10 * S, 'tls', 4 * S);
    meter.power(true, 6 * S);
    const idle = 8 * (settings.lightSleep ? 6 : 35);
    expect(drawn(meter, 8)).toEqual({ boot: over, computing: 0.5 * over, connects: 2 * over, idle });
  });
});

describe('a radio', () => {
  it('that never sleeps listens while it is joined, whatever the CPU would like', () => {
    const meter = meterOn(SLEEPS);
    meter.radio('joining', 1 * S);
    meter.radio('joined', 3 * S);
    meter.frame('tx', 1000, 1e6, 4 * S, PING);
    meter.radio('off', 10 * S);
    expect(drawn(meter, 20)).toEqual({ joins: 2 * 99, listening: 7 * 97, keepalive: 0.14, idle: 13 * 6 + 7 * 8 });
    expect(meter.figures(20 * S).listenedUs).toBe(9 * S);
  });

  it('in power save wakes for beacons, and stays awake for 50 ms after each frame, for which that was', () => {
    const meter = meterOn(SLEEPS, 1);
    meter.radio('joined', 0);
    meter.frame('rx', 0, 65e6, 10 * S, PING);
    meter.frame('tx', 0, 65e6, 10.02 * S, packet(''));
    meter.frame('tx', 0, 65e6, 20 * S, packet('\x81\x01a'));
    const listening = (100 - 0.17) * 0.01 * 97;
    expect(drawn(meter, 100)).toEqual({
      connects: 4.85,
      keepalive: 6.79,
      messages: 4.85,
      listening: expect.closeTo(listening, 3),
      idle: 800,
    });
  });

  it('computes on top of what it receives, and wakes the CPU from light-sleep', () => {
    const meter = meterOn(SLEEPS, 10);
    meter.radio('joined', 0);
    meter.frame('rx', 0, 65e6, 10 * S, PING);
    meter.cpu(0.1 * S, 'handler', 10 * S);
    const computing = 0.05 * (50 - 30) + 0.05 * (50 - 3);
    expect(drawn(meter, 20).computing).toBeCloseTo(computing, 4);
  });
});

it.each<[string, string, number, PacketCause]>([
  ['SYN', '', SYN, 'connects'],
  ['an acknowledgement: as before it', '', ACK, 'keepalive'],
  ['a request', 'GET / HTTP/1.1', ACK, 'connects'],
  ['an answer', 'HTTP/1.1 101', ACK, 'connects'],
  ['a ping', '\x89\x80', ACK, 'keepalive'],
  ['a pong', '\x8a\x00', ACK, 'keepalive'],
  ['a close frame', '\x88\x02', ACK, 'connects'],
  ['text', '\x81\x01', ACK, 'messages'],
  ['a handshake of TLS', '\x16\x03\x03', ACK, 'connects'],
  ['a ping in a record of TLS', `\x17\x03\x03\x00\x1a${'\0'.repeat(8)}\x89`, ACK, 'keepalive'],
  ['text in a record of TLS', `\x17\x03\x03\x00\x1a${'\0'.repeat(8)}\x81`, ACK, 'messages'],
  ['something else', 'hello', ACK, 'messages'],
])('knows what a packet is for: %s', (_, data, flags, cause) => {
  expect(causeOf(packet(data, flags), 'keepalive')).toBe(cause);
});
