import { createNodeBoard } from 'hal/node';
import { expect, it, onTestFinished } from 'vitest';
import { EchoClient } from './echo-client.ts';
import { PROTOCOL_CASES, runSuite } from './suite.ts';
import { openSocketRig, type SocketRig } from './testing/socket-rig.ts';

/** Cases side by side: most of the time each waits for silence. */
const AT_ONCE = 64;
/** Client and server share an event loop, which turns many times in this, ms. */
const QUIET_MS = 40;

it("the firmware's client on Node's sockets is strictly right in every case too", async () => {
  const board = createNodeBoard({ files: {}, log: { line() {}, event() {} } });
  const rigs: SocketRig[] = [];
  onTestFinished(() => {
    board.switchOff();
    for (const rig of rigs) rig.close();
  });
  const makeRig = async () => {
    const rig = await openSocketRig({
      connect: (host, port) => void new EchoClient(board.hal, host, port, () => {}),
      quietMs: QUIET_MS,
      quietMsPerKib: 0,
    });
    rigs.push(rig);
    return rig;
  };
  const outcomes = await runSuite(makeRig, AT_ONCE);
  expect(outcomes.filter(({ verdict }) => verdict !== 'strict')).toEqual([]);
  expect(outcomes).toHaveLength(PROTOCOL_CASES.length);
}, 120_000);
