/** A reading ten times a second. */
import { telemetry } from './telemetry.ts';

export const app = telemetry(100);
