/**
 * What the station knows of its network, and how its radio sleeps. `getStatus` has no password in it, other
 * than `getDetails` (rule 8). `setConfig` hands the mode to esp_wifi_set_ps
 * (libs/network/esp32/jswrap_esp32_network.c); nothing in that file sets a listen interval.
 */
import type { Hal } from '../index.ts';
import { checkPowerSave } from '../limits.ts';

export function addStation(hal: Hal): void {
  hal.wifi.rssi = () => {
    const level = hal.wifi.isConnected() ? ask((wifi) => wifi.getStatus().rssi) : undefined;
    return level === undefined ? null : level;
  };
  hal.wifi.address = () => {
    const details = hal.wifi.isConnected() ? ask((wifi) => wifi.getIP()) : undefined;
    return details === undefined || details.ip === undefined ? '' : details.ip;
  };
  hal.wifi.powerSave = (mode, listenInterval) => {
    checkPowerSave(mode, listenInterval);
    if (listenInterval !== undefined) throw new Error('wifi.powerSave: Espruino takes no listen interval');
    const station = ask((wifi) => wifi);
    if (station === undefined) return;
    if (station.setConfig === undefined) throw new Error('wifi.powerSave: this Espruino cannot');
    station.setConfig({ powersave: mode.replace('_modem', '') });
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
