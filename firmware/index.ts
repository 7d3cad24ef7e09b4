/** The firmware as a library. An app imports `firmware/channel`; whoever starts one imports this. */
export { boot, type FirmwareApp } from './boot.ts';
export { DEFAULT_CONFIG, type DeviceConfig, parseConfig } from './config.ts';
