/** A reading every 5 minutes. */
import { telemetry } from './telemetry.ts';

export const app = telemetry(300_000);
