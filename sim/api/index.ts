/** What programs import: `import { simulate } from 'squall-kit/sim'`. It loads nothing of the command line. */
export { UsageError } from 'host/user-error';
export type { TraceRecord } from '../kernel/trace.ts';
export type { BoardMessage, ChannelStateName } from './board-watch.ts';
export type { BoardHandle, EndStep, LinkHandle, RelayHandle } from './handles.ts';
export type { SimulationResult } from './result.ts';
export type { BoardTarget, Firmware, Settings, StepSettings } from './settings.ts';
export { createWorld, type SimulateOptions, type SimulationProgress, simulate, type WorldOptions } from './simulate.ts';
export type { SimulatedWorld } from './simulated-world.ts';
