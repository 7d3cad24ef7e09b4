/**
 * The station over Espruino's `Wifi` module. Without one (the Linux port, a board on Ethernet) the network
 * counts as up.
 *
 * Rule 8: release 2v29 never calls back on failure, and three lost links in a row stop Wi-Fi without a word
 * until the next connect. Both are the firmware's to notice, by its own deadline and `isConnected`.
 * `getDetails` would tell the password and is never asked.
 */
import type { Random, Wifi } from '../index.ts';
import { describe } from './uncaught.ts';

const NO_ADDRESS = '0.0.0.0';

/** What every program has of it; station.ts adds the rest. */
type Joins = Omit<Wifi, 'rssi' | 'address' | 'powerSave'>;

/** @param random gets the time of each join, the first thing that differs between two boots of one board */
export function createWifi(random: Random): Joins {
  const station = engineWifi();
  return station === null ? withoutWifi() : new Station(station, random);
}

function engineWifi(): EspruinoWifi | null {
  try {
    return require('Wifi');
  } catch {
    return null;
  }
}

function withoutWifi(): Joins {
  let done: ((failure: string | null) => void) | null = null;
  return {
    connect(_ssid, _password, callback) {
      done = callback;
      setTimeout(() => {
        if (done === callback) callback(null);
      }, 0);
    },
    isConnected: () => true,
    onDisconnected: () => {},
  };
}

class Station implements Joins {
  private readonly station: EspruinoWifi;
  private readonly random: Random;
  /** Counts joins; the callback of an older one is late and ignored. */
  private join: number = 0;
  private joined: boolean = false;
  private lossHandler: ((reason: string) => void) | null = null;

  constructor(station: EspruinoWifi, random: Random) {
    this.station = station;
    this.random = random;
    station.on('disconnected', (details) => this.lost(details));
  }

  connect(ssid: string, password: string, done: (failure: string | null) => void): void {
    const join = ++this.join;
    const finish = (failure: string | null) => {
      if (join !== this.join) return;
      // A second callback of the same join is none.
      this.join++;
      this.joined = failure === null;
      // Rule 7: how long a join took, in microseconds, is noise.
      this.random.seed((getTime() * 1000000) >>> 0);
      done(failure);
    };
    try {
      this.station.connect(ssid, password === '' ? {} : { password }, (failure) => finish(failure ? String(failure) : null));
    } catch (error) {
      const reason = describe(error);
      setTimeout(() => finish(reason), 0);
    }
  }

  isConnected(): boolean {
    const address = this.station.getIP();
    return address !== undefined && address.ip !== undefined && address.ip !== NO_ADDRESS;
  }

  onDisconnected(handler: (reason: string) => void): void {
    this.lossHandler = handler;
  }

  /** Comes for every failed join too; only the end of a joined link is a loss. */
  private lost(details: { reason?: string } | undefined): void {
    if (!this.joined && !this.isConnected()) return;
    this.joined = false;
    if (this.lossHandler !== null) this.lossHandler('reason ' + (details === undefined ? '' : details.reason));
  }
}
