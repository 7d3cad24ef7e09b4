/**
 * The contract of hal/*.ts as a list of cases: one test body for every backend.
 *
 * It depends on no test library, so it also runs where there is none. A test file gives each case to its
 * runner:
 * `it.for(CONFORMANCE)('$name', async (testCase, { skip }) => { if (!(await runCase(testCase, makeRig)))
 * skip(); });`
 */
import { BOARD_CASES } from './conformance/board-cases.ts';
import { CLOCK_CASES } from './conformance/clock-cases.ts';
import { CONNECT_CASES } from './conformance/connect-cases.ts';
import { PERIPHERAL_CASES } from './conformance/peripheral-cases.ts';
import { POWER_CASES } from './conformance/power-cases.ts';
import type { ConformanceCase, Rig } from './conformance/rig.ts';
import { STORAGE_CASES } from './conformance/storage-cases.ts';
import { STREAM_CASES } from './conformance/stream-cases.ts';
import { WIFI_CASES } from './conformance/wifi-cases.ts';

export { type ConformanceCase, type PeerConnection, type PeerServer, RIG_FILES, type Rig } from './conformance/rig.ts';

export const CONFORMANCE: readonly ConformanceCase[] = [
  ...CLOCK_CASES,
  ...BOARD_CASES,
  ...STORAGE_CASES,
  ...PERIPHERAL_CASES,
  ...POWER_CASES,
  ...WIFI_CASES,
  ...CONNECT_CASES,
  ...STREAM_CASES,
];

/**
 * Runs `testCase` on a new rig and rejects when the backend breaks the contract. False: the rig lacks what
 * the case needs.
 */
export async function runCase(testCase: ConformanceCase, makeRig: () => Promise<Rig>): Promise<boolean> {
  const rig = await makeRig();
  try {
    if (testCase.needs && !rig[testCase.needs]) return false;
    await testCase.run(rig);
    return true;
  } finally {
    await rig.close();
  }
}
