/** Meters what each board draws, by what its parts tell; and empties its battery, if it has one. */
import { CAUSES, type Cause } from '../board/energy/causes.ts';
import { EnergyMeter } from '../board/energy/energy-meter.ts';
import { PROFILES } from '../board/profiles/index.ts';
import { batterySupply } from '../board/supply.ts';
import { usFromMs } from '../kernel/units.ts';
import type { EnergyTotals } from '../measure/measures/measure.ts';
import type { EnergyOverTime } from '../measure/result.ts';
import { groupByBoard } from '../scenario/groups.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { World } from '../world/world.ts';

const MS_PER_S = 1_000;
const MS_PER_HOUR = 3_600_000;
const US_PER_DAY = 86_400_000_000;
/** As many points as a chart can show. */
const MAX_POINTS = 600;
/**
 * Of a battery's rated capacity, as is commonly assumed: the rest is below what a regulator takes, or lost
 * with age.
 */
const USABLE = 0.8;
const DIGITS = 6;

export class EnergyWatch {
  private readonly meters: EnergyMeter[] = [];
  /** By board; null: mains. */
  private readonly batteriesMah: readonly (number | null)[];
  private readonly stepMs: number;
  private readonly meanMa: number[] = [];
  private pointMs = 0;
  private pointMah = 0;

  /** @param world has not started yet */
  constructor(world: World, scenario: Scenario) {
    const boards = groupByBoard(scenario).map((group) => group.boards);
    this.batteriesMah = boards.map(({ energy }) => energy.batteryMah);
    this.stepMs = Math.max(1, Math.ceil(scenario.durationMs / MS_PER_S / MAX_POINTS)) * MS_PER_S;
    world.observe((index) => {
      const { device, energy } = boards[index];
      this.meters[index] = new EnergyMeter(PROFILES[device].currents, energy);
      return this.meters[index];
    });
    for (const [index, meter] of this.meters.entries()) {
      const batteryMah = this.batteriesMah[index];
      if (batteryMah !== null)
        world.controls.board(index).setSupply(batterySupply(batteryMah, () => meter.drawnMah(usFromMs(world.nowMs))));
    }
  }

  /** To be called about once a second. */
  look(nowMs: number): void {
    if (nowMs - this.pointMs >= this.stepMs) this.endPoint(nowMs);
  }

  /** The measured time is over. @param boards that are asked for */
  finish(nowMs: number, boards: readonly number[] = [...this.meters.keys()]): EnergyTotals {
    if (nowMs > this.pointMs) this.endPoint(nowMs);
    const figures = boards.map((board) => this.meters[board].figures(usFromMs(nowMs)));
    const sum = (of: (one: (typeof figures)[number]) => number) => figures.reduce((total, one) => total + of(one), 0);
    const us = sum((one) => one.us);
    const perDay = (mah: number) => (us > 0 ? (mah / us) * US_PER_DAY : 0);
    const drawn = perDay(sum(({ drawnMah }) => drawnMah));
    const causes = CAUSES.map((cause) => [`energy_mah_per_day.${cause}`, rounded(perDay(sum(({ byCause }) => byCause[cause])))]);
    return {
      energy_mah_per_day: rounded(drawn),
      ...(Object.fromEntries(causes) as Record<`energy_mah_per_day.${Cause}`, number>),
      radio_on_share: rounded(us > 0 ? sum(({ listenedUs }) => listenedUs) / us : 0),
      battery_days: this.batteryDays(nowMs, boards),
    };
  }

  /** Of the boards that have a battery, on the mean. */
  private batteryDays(nowMs: number, boards: readonly number[]): number {
    let [capacityMah, drawnMah, us] = [0, 0, 0];
    for (const index of boards) {
      const batteryMah = this.batteriesMah[index];
      if (batteryMah === null) continue;
      const figures = this.meters[index].figures(usFromMs(nowMs));
      capacityMah += batteryMah * figures.us;
      drawnMah += figures.drawnMah;
      us += figures.us;
    }
    return drawnMah === 0 ? 0 : rounded(((capacityMah / us) * USABLE) / ((drawnMah / us) * US_PER_DAY));
  }

  get overTime(): EnergyOverTime {
    return { stepMs: this.stepMs, meanMa: this.meanMa };
  }

  private endPoint(nowMs: number): void {
    const mah = this.meters.reduce((total, meter) => total + meter.drawnMah(usFromMs(nowMs)), 0);
    this.meanMa.push(rounded(((mah - this.pointMah) * MS_PER_HOUR) / (nowMs - this.pointMs) / this.meters.length));
    this.pointMs = nowMs;
    this.pointMah = mah;
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
