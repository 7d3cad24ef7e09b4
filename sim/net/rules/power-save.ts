/**
 * Modem sleep: the station's radio sleeps between beacons, and the access point holds what it has for a
 * station that sleeps until one has announced it. It wakes for each DTIM (WIFI_PS_MIN_MODEM), or for each
 * beacon of its own listen interval, whatever the DTIMs are (WIFI_PS_MAX_MODEM, which misses broadcasts). For
 * a while after a frame in either direction the radio stays awake, so dense traffic is not delayed.
 *
 * Two rules that share what is known of the station: `up` hears it send, `down` holds. What it sends while a
 * packet is on its way down is not yet known to that packet, so it wakes only for the next one. Not modelled:
 * null frames, and beacons that are missed. What it saves: board/energy/.
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
/** Beacons; of ESP-IDF (esp_wifi_types_generic.h: listen_interval). */
const DEFAULT_LISTEN_INTERVAL = 3;
/** Ten seconds. */
const MAX_LISTEN_INTERVAL = 100;
const MAX_FUZZED_LISTEN_INTERVAL = 20;
/** By ESP-IDF's names: WIFI_PS_NONE, WIFI_PS_MIN_MODEM and WIFI_PS_MAX_MODEM. */
const MODES = ['none', 'min_modem', 'max_modem'] as const;

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

  /** @param beacons for which it wakes: every one, every second … */
  setBeacons(beacons: number): void {
    this.periodUs = beacons * BEACON_US;
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

export interface PowerSaveSettings {
  powerSave: (typeof MODES)[number];
  dtim: number;
  listenInterval?: number;
}

/** For which beacons it wakes: every one, every second …; 0: it never sleeps. */
function beaconsOf({ powerSave: mode, dtim, listenInterval = DEFAULT_LISTEN_INTERVAL }: PowerSaveSettings): number {
  if (mode === 'none') return 0;
  return mode === 'min_modem' ? dtim : listenInterval;
}

export const powerSave = {
  place: 'board',
  settings: {
    powerSave: {
      key: 'power_save',
      flag: 'power-save',
      about:
        'Power save of the board’s radio: packets for the board wait for a beacon unless it is awake, for a DTIM in min_modem, in max_modem for the next of its listen_interval',
      field: choice(MODES),
      default: 'none',
      draw: (draw) => draw.pick(['none', 'none', 'min_modem', 'max_modem']),
    },
    dtim: {
      key: 'dtim',
      flag: 'dtim',
      about: 'Which beacons are DTIMs, at which a radio in power save wakes: every one, every second, …',
      field: whole(1, MAX_DTIM),
      default: 1,
      draw: (draw) => draw.whole(1, MAX_FUZZED_DTIM),
    },
    listenInterval: {
      key: 'listen_interval',
      flag: 'listen-interval',
      about: 'For which beacons a radio in max_modem wakes: every one, every second, …; every third when it is not set',
      field: whole(1, MAX_LISTEN_INTERVAL),
      draw: (draw) => (draw.chance(0.5) ? draw.magnitude(1, MAX_FUZZED_LISTEN_INTERVAL) : undefined),
    },
  },
  describe: (settings) => {
    const { powerSave: mode } = settings;
    const beacons = beaconsOf(settings);
    if (beacons === 0) return null;
    return {
      label: 'Power save',
      value: `${mode}, ${mode === 'min_modem' ? 'DTIM' : 'listen interval'} ${beacons}`,
      clause: `ends at a radio that saves power and wakes at ${beacons === 1 ? 'every beacon' : `one beacon in ${beacons}`}`,
    };
  },
  create: (settings, { stream }, previous) => {
    const beacons = beaconsOf(settings);
    if (beacons === 0) return null;
    const station = previous ?? new PowerSave(stream('beacon').next());
    station.setBeacons(beacons);
    return station;
  },
  air: (settings) => ({ dtim: beaconsOf(settings) }),
} as const satisfies LinkRule<PowerSaveSettings, PowerSave>;
