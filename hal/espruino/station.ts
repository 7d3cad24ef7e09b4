/**
 * What the station knows of its network. `getStatus` has no password in it, other than `getDetails` (rule 8).
 */
import type { Hal } from '../index.ts';

export function addStation(hal: Hal): void {
  hal.wifi.rssi = () => {
    const level = hal.wifi.isConnected() ? ask((wifi) => wifi.getStatus().rssi) : undefined;
    return level === undefined ? null : level;
  };
  hal.wifi.address = () => {
    const details = hal.wifi.isConnected() ? ask((wifi) => wifi.getIP()) : undefined;
    return details === undefined || details.ip === undefined ? '' : details.ip;
  };
}

/** undefined where there is no Wi-Fi. */
function ask<T>(what: (wifi: EspruinoWifi) => T): T | undefined {
  try {
    return what(require('Wifi'));
  } catch {
    return undefined;
  }
}
