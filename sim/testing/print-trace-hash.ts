/**
 * Runs the SOS app on a scenario of scenario.ts, given as JSON, and prints the trace hash: for the test that
 * does so in a fresh process.
 */
import { app } from 'firmware/apps/sos';
import { run } from '../run/run.ts';
import { makeScenario } from './scenario.ts';

void run(makeScenario(JSON.parse(process.argv[2])), app).then(({ summary }) => process.stdout.write(summary.trace_hash));
