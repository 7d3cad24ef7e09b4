import { telemetry } from './telemetry.ts';

export const app = telemetry(100);
