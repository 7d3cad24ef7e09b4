/** A reading every ten seconds. */
import { telemetry } from './telemetry.ts';

export const app = telemetry(10_000);
