/** What a program that serves a relay of its own imports: `import { createRelay, listen } from 'squall-kit/relay'`. */
export { DEFAULT_CONFIG, type RelayConfig } from './config.ts';
export { type LogFields, NULL_LOG, type RelayLog } from './log.ts';
export { type CloseCause, NULL_OBSERVER, type RefusalReason, type RelayObserver, type SessionInfo } from './observer.ts';
export { createRelay, type Relay, type RelayDependencies } from './relay.ts';
export { createRealClock } from './server/real-clock.ts';
export { listen } from './server/server.ts';
