/** What an app imports: `import { createChannel } from 'firmware/channel'`. */
export type { DeviceConfig } from '../config.ts';
export type { ChannelCause, ChannelState } from '../events.ts';
export { type Channel, createChannel, type MessageHandler, type StateHandler } from './channel.ts';
