/** A reading every second. */
import { telemetry } from './telemetry.ts';

export const app = telemetry(1_000);
