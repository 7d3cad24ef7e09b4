/**
 * An observer that logs what is too much for every day: each message that came in, each one that was dropped,
 * and the keepalive's pings and pongs.
 */
import type { LogFields } from '../log.ts';
import { NULL_OBSERVER, type RelayObserver } from '../observer.ts';

export interface DebugLog {
  debug(fields: LogFields, message: string): void;
}

export function createMessageLog(log: DebugLog): RelayObserver {
  return {
    ...NULL_OBSERVER,
    messageReceived: ({ id }, bytes, binary) => log.debug({ id, bytes, kind: binary ? 'binary' : 'text' }, 'message received'),
    messageDropped: ({ id }, bytes) => log.debug({ id, bytes }, 'message dropped, the client reads too slowly'),
    pingSent: ({ id }) => log.debug({ id }, 'ping sent'),
    pongReceived: ({ id }, rttMs) => log.debug({ id, rttMs }, 'pong received'),
  };
}
