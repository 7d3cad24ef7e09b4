/** A reading every 15 minutes. */
import { telemetry } from './telemetry.ts';

export const app = telemetry(900_000);
