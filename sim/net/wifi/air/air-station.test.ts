import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../kernel/kernel.ts';
import { RandomStreams } from '../../../kernel/random.ts';
import { AirStation } from './air-station.ts';
import { Bss } from './bss.ts';
import { Medium } from './medium.ts';
import { rateNamed } from './phy.ts';

const BEACON_INTERVAL_US = 102_400;

class Cell {
  private readonly streams = new RandomStreams(1);
  readonly kernel = new Kernel();
  readonly mediums = [new Medium(this.kernel), new Medium(this.kernel)];
  readonly bss = this.mediums.map((medium, index) => new Bss(medium, (purpose) => this.streams.stream(`ap-${index + 1}/${purpose}`)));
  readonly up: [packet: unknown, what: number | string][] = [];
  readonly down: [packet: unknown, what: number | string][] = [];
  readonly station: AirStation;

  constructor(modemSleepDtim = 0) {
    this.station = new AirStation({
      kernel: this.kernel,
      bss: this.bss[0],
      random: (purpose) => this.streams.stream(`board-1/${purpose}`),
      atAccessPoint: { arrive: (packet, atUs) => this.up.push([packet, atUs]), lose: (packet, why) => this.up.push([packet, why]) },
      atStation: { arrive: (packet, atUs) => this.down.push([packet, atUs]), lose: (packet, why) => this.down.push([packet, why]) },
    });
    this.station.setModemSleep(modemSleepDtim);
    this.station.associate();
  }

  at(atUs: number, action: () => void): void {
    this.kernel.schedule(atUs, { onEvent: action }, null);
  }
}

describe('a station', () => {
  it('sends to its access point and hears from it', async () => {
    const cell = new Cell();
    cell.at(1000, () => cell.station.sendUp('up', 90));
    cell.at(2000, () => cell.station.sendDown('down', 90));
    await cell.kernel.run(10_000);
    expect(cell.up.map(([packet]) => packet)).toEqual(['up']);
    expect(cell.down.map(([packet]) => packet)).toEqual(['down']);
    expect(cell.down[0][1]).toBeLessThan(2000 + 1000);
  });

  it('is as slow as its signal says, both ways', async () => {
    const cell = new Cell();
    cell.station.setSignal(rateNamed('dsss1')!, 0);
    cell.at(20_000, () => cell.station.sendUp('up', 90));
    cell.at(40_000, () => cell.station.sendDown('down', 90));
    await cell.kernel.run(60_000);
    for (const [[, atUs], sentUs] of [
      [cell.up[0], 20_000],
      [cell.down[0], 40_000],
    ] as const)
      expect(Number(atUs) - sentUs).toBeGreaterThanOrEqual(1216);
  });

  it('tries 33 times where its access point is off, and the access point forgets what waited for it', async () => {
    const cell = new Cell();
    cell.at(1000, () => {
      for (let packet = 0; packet < 3; packet++) cell.station.sendDown(packet, 1500);
      cell.bss[0].setPower(false);
      cell.station.sendUp('up', 90);
    });
    await cell.kernel.run(2_000_000);
    expect(cell.up).toEqual([['up', 'retries']]);
    expect(cell.station.radio.attempts).toBe(33);
    expect(cell.down).toEqual([]);
    cell.bss[0].setPower(true);
    cell.station.sendUp('again', 90);
    await cell.kernel.run(3_000_000);
    expect(cell.up[1][0]).toBe('again');
    expect(cell.up[1][1]).toBeTypeOf('number');
  });

  it('takes its load along to another access point, on another channel', async () => {
    const cell = new Cell();
    cell.station.sendUp('lost', 90);
    cell.station.moveTo(cell.bss[1]);
    const before = cell.mediums.map(({ busyUs }) => busyUs);
    cell.station.sendUp('up', 90);
    cell.at(1000, () => cell.station.sendDown('down', 90));
    await cell.kernel.run(3000);
    expect(cell.up.map(([packet]) => packet)).toEqual(['up']);
    expect(cell.down.map(([packet]) => packet)).toEqual(['down']);
    expect(cell.bss.map(({ radio }) => radio.attempts)).toEqual([0, 1]);
    expect(cell.mediums[1].busyUs - before[1]).toBeGreaterThan(2 * (62 + 34) - 1);
  });
});

describe('a station with modem sleep', () => {
  it('is awake for 50 ms after a frame, and says then that it sleeps', async () => {
    const cell = new Cell(1);
    cell.at(40_000, () => cell.station.sendUp('up', 90));
    await cell.kernel.run(80_000);
    expect(cell.station.radio.attempts).toBe(1);
    await cell.kernel.run(91_000);
    expect(cell.station.radio.attempts).toBe(2); // the null frame
    expect(cell.up.map(([packet]) => packet)).toEqual(['up']);
  });

  it('is sent what comes while it is awake at once', async () => {
    const cell = new Cell(1);
    cell.at(10_000, () => cell.station.sendDown('down', 90));
    await cell.kernel.run(20_000);
    expect(cell.down[0][1]).toBeLessThan(12_000);
  });

  it.each([1, 3])('gets what comes while it sleeps after the next DTIM, one beacon in %i', async (dtim) => {
    const cell = new Cell(dtim);
    const delays: number[] = [];
    for (let packet = 0; packet < 40; packet++) {
      const sentUs = 1_000_000 + packet * 1_037_000;
      cell.at(sentUs, () => cell.station.sendDown(packet, 90));
    }
    await cell.kernel.run(50_000_000);
    for (const [packet, atUs] of cell.down) delays.push(Number(atUs) - (1_000_000 + Number(packet) * 1_037_000));
    expect(delays).toHaveLength(40);
    const longest = Math.max(...delays);
    expect(longest).toBeGreaterThan(0.8 * dtim * BEACON_INTERVAL_US);
    expect(longest).toBeLessThan(dtim * BEACON_INTERVAL_US + 5000);
    expect(Math.min(...delays)).toBeGreaterThan(1360);
    // A null frame when it wakes, and one when it sleeps again.
    expect(cell.station.radio.attempts).toBeGreaterThanOrEqual(80);
    expect(cell.up).toEqual([]);
  });

  it('has 64 packets held for it, and no more', async () => {
    const cell = new Cell(10);
    cell.at(1_000_000, () => {
      for (let packet = 0; packet < 70; packet++) cell.station.sendDown(packet, 90);
    });
    await cell.kernel.run(3_000_000);
    const full = cell.down.filter(([, what]) => what === 'queue full').map(([packet]) => packet);
    expect(full).toEqual([64, 65, 66, 67, 68, 69]);
    expect(cell.down.filter(([, what]) => typeof what === 'number').map(([packet]) => packet)).toEqual(
      Array.from({ length: 64 }, (_, index) => index),
    );
  });

  it('wakes its access point’s memory by sending', async () => {
    const cell = new Cell(10);
    cell.at(1_000_000, () => cell.station.sendDown('held', 90));
    cell.at(1_001_000, () => cell.station.sendUp('up', 90));
    await cell.kernel.run(1_010_000);
    expect(cell.down.map(([packet]) => packet)).toEqual(['held']);
  });

  it('gets what is held when it stops sleeping, and loses it when it leaves', async () => {
    const stops = new Cell(10);
    stops.at(1_000_000, () => stops.station.sendDown('held', 90));
    stops.at(1_001_000, () => stops.station.setModemSleep(0));
    await stops.kernel.run(1_010_000);
    expect(stops.down.map(([packet]) => packet)).toEqual(['held']);
    const leaves = new Cell(1);
    leaves.at(1_000_000, () => leaves.station.sendDown('held', 90));
    leaves.at(1_001_000, () => leaves.station.leave());
    await leaves.kernel.run(2_000_000);
    expect(leaves.down).toEqual([]);
  });
});
