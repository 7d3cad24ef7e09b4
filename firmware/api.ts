/** What an app imports: `import { createChannel, type DeviceConfig } from 'squall-kit/firmware'`. */
export type { FirmwareApp } from './boot.ts';
export { type Channel, createChannel, type MessageHandler, type StateHandler } from './channel/channel.ts';
export { DEFAULT_CONFIG, type DeviceConfig, parseConfig } from './config.ts';
export type { ChannelCause, ChannelState } from './events.ts';
export { withUpdates } from './ota/updatable-channel.ts';
export { utf8Decode, utf8Encode } from './websocket/utf8.ts';
