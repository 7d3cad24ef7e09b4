/**
 * The protocol conformance suite: RFC 6455, client's side, as a list of cases, and what a client makes of
 * them.
 *
 * Depends on no test library and on nothing of the platform. A test file gives each case to its runner with
 * `runCase`; `runSuite` counts.
 */
import { CLOSE_CASES } from './cases/close.ts';
import { CONTROL_CASES } from './cases/control.ts';
import { FRAGMENT_CASES } from './cases/fragments.ts';
import { FRESHNESS_CASES } from './cases/fresh.ts';
import { HANDSHAKE_CASES } from './cases/handshake.ts';
import { LENGTH_CASES } from './cases/lengths.ts';
import { RESERVED_CASES } from './cases/reserved.ts';
import { UTF8_CASES } from './cases/utf8.ts';
import type { ProtocolCase, Rig, Verdict } from './rig.ts';

export const PROTOCOL_CASES: readonly ProtocolCase[] = [
  ...FRESHNESS_CASES,
  ...HANDSHAKE_CASES,
  ...LENGTH_CASES,
  ...CONTROL_CASES,
  ...RESERVED_CASES,
  ...FRAGMENT_CASES,
  ...UTF8_CASES,
  ...CLOSE_CASES,
];

export interface Outcome {
  readonly name: string;
  /** `strict`, why not strictly, or what the client did wrong. */
  readonly verdict: Verdict | { readonly failed: string };
}

/**
 * Each on a rig of its own; in the order of the suite.
 *
 * @param atOnce how many cases run side by side, for rigs that wait in real time
 */
export async function runSuite(makeRig: () => Rig | Promise<Rig>, atOnce = 1): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async () => {
    while (next < PROTOCOL_CASES.length) {
      const at = next++;
      outcomes[at] = { name: PROTOCOL_CASES[at].name, verdict: await judge(PROTOCOL_CASES[at], await makeRig()) };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

async function judge(one: ProtocolCase, rig: Rig): Promise<Outcome['verdict']> {
  try {
    return await one.run(rig);
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
