/** A reading every a minute. */
import { telemetry } from './telemetry.ts';

export const app = telemetry(60_000);
