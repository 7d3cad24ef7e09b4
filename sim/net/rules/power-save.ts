/**
 * Modem sleep (WIFI_PS_MIN_MODEM): the station's radio sleeps between the beacons that announce held frames
 * (DTIM), and the access point holds what it has for a station that sleeps. For a while after a frame in
 * either direction the radio stays awake, so dense traffic is not delayed.
 *
 * Two rules that share what is known of the station: `up` hears it send, `down` holds. What it sends while a
 * packet is on its way down is not yet known to that packet, so it wakes only for the next one. Not modelled:
 * null frames, beacons that are missed, a listen interval (WIFI_PS_MAX_MODEM), energy.
 */
import { choice, whole } from '../../kernel/fields.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import type { LinkRule } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';

/** 100 time units of 1024 µs, the interval of nearly all access points. */
export const BEACON_US = 102_400;
/** The station's radio stays on after a frame (ESP-IDF Kconfig, ESP_WIFI_SLP_DEFAULT_MIN_ACTIVE_TIME). */
export const AWAKE_US = 50 * US_PER_MS;
/**
 * What is held for one station, packets (Linux mac80211, STA_MAX_TX_BUFFER; it drops the oldest, here what
 * comes last).
 */
export const HELD_PACKETS = 64;
/** One second from DTIM to DTIM; access points offer up to 10 as well. */
const MAX_DTIM = 10;
const MAX_FUZZED_DTIM = 5;
/** By ESP-IDF's names: WIFI_PS_NONE and WIFI_PS_MIN_MODEM. */
const MODES = ['none', 'min_modem'] as const;

export class PowerSave {
  readonly up: Rule = { judge: (_, nowUs) => this.hear(nowUs) };
  readonly down: Rule = { judge: (_, nowUs) => this.hold(nowUs) };
  private readonly phase: number;
  private periodUs = BEACON_US;
  private awakeUntilUs = 0;
  /** The beacon that ends the latest hold, and how much it ends. */
  private releaseUs = -1;
  private held = 0;

  /** @param phase of the beacons, as a share of their period, 0 to below 1 */
  constructor(phase: number) {
    this.phase = phase;
  }

  /** @param dtim which beacons announce held frames: every one, every second … */
  setDtim(dtim: number): void {
    this.periodUs = dtim * BEACON_US;
  }

  private hear(nowUs: number): number {
    this.awakeUntilUs = Math.max(this.awakeUntilUs, nowUs + AWAKE_US);
    return 0;
  }

  private hold(nowUs: number): number {
    if (nowUs >= this.releaseUs) {
      if (nowUs < this.awakeUntilUs) return this.hear(nowUs);
      this.releaseUs = this.nextBeaconUs(nowUs);
      this.held = 0;
    }
    if (this.held >= HELD_PACKETS) return DROP;
    this.held++;
    this.hear(this.releaseUs);
    return this.releaseUs - nowUs;
  }

  private nextBeaconUs(nowUs: number): number {
    const offsetUs = this.phase * this.periodUs;
    return Math.ceil(Math.ceil((nowUs - offsetUs) / this.periodUs) * this.periodUs + offsetUs);
  }
}

export const powerSave = {
  place: 'board',
  settings: {
    powerSave: {
      key: 'power_save',
      about: 'Power save of the board’s radio; in min_modem packets for the board wait for a beacon unless it is awake',
      field: choice(MODES),
      default: 'none',
      draw: (draw) => draw.pick(['none', 'none', 'min_modem']),
    },
    dtim: {
      key: 'dtim',
      about: 'Which beacons are DTIMs, at which a radio in power save wakes: every one, every second, …',
      field: whole(1, MAX_DTIM),
      default: 1,
      draw: (draw) => draw.whole(1, MAX_FUZZED_DTIM),
    },
  },
  describe: ({ powerSave: mode, dtim }) =>
    mode === 'none'
      ? null
      : {
          label: 'Power save',
          value: `${mode}, DTIM ${dtim}`,
          clause: `ends at a radio that saves power and wakes at ${dtim === 1 ? 'every beacon' : `one beacon in ${dtim}`}`,
        },
  create: ({ powerSave: mode, dtim }, { stream }, previous) => {
    if (mode === 'none') return null;
    const station = previous ?? new PowerSave(stream('beacon').next());
    station.setDtim(dtim);
    return station;
  },
  air: ({ powerSave: mode, dtim }) => ({ dtim: mode === 'none' ? 0 : dtim }),
} as const satisfies LinkRule<{ powerSave: (typeof MODES)[number]; dtim: number }, PowerSave>;
