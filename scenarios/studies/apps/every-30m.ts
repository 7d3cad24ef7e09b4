/** A reading every 30 minutes. */
import { telemetry } from './telemetry.ts';

export const app = telemetry(1800_000);
