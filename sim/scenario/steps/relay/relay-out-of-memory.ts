/**
 * The relay runs out of memory. Linux kills the process (SIGKILL) or V8 ends it itself; either way the kernel
 * closes its sockets: FIN, or RST where something was not read yet (RFC 2525 section 2.17), which after a
 * stall is nearly everywhere. Or its machine goes with it (a virtual machine that is killed, a kernel that
 * panics): then nobody is told.
 */
import { formatDuration } from 'host/units';
import { choice, duration } from '../../../kernel/fields.ts';
import type { Undo } from '../../faults.ts';
import type { Action } from '../action.ts';

/** Kubernetes' first wait before it starts a container again (CrashLoopBackOff); systemd's is 100 ms. */
const RESTART_MS = 10_000;
const MAX_STALL_MS = 60_000;
const TAKES = ['process', 'machine'] as const;

export const relayOutOfMemory: Action = {
  action: 'relay.out_of_memory',
  about:
    'The relay stands still for `stall:` (0s), then dies: its `process`, whose connections end with FIN, or RST where something was not read, or its `machine`, of which nobody hears anything (`takes:`, process). It is started again when the step is over, after `for:` (10s) in all.',
  targeted: false,
  lasts: RESTART_MS,
  parameters: { stall: duration(0, MAX_STALL_MS), takes: choice(TAKES) },
  describe: ({ stall = 0, takes = 'process' }) =>
    `the relay runs out of memory and ${stall === 0 ? '' : `after ${formatDuration(stall as number)} of standing still `}its ${takes} dies`,
  draw: (draw) => ({ stall: draw.chance(0.5) ? '0s' : draw.duration(100, 10_000), takes: draw.pick(TAKES) }),
  proxy:
    'first as for `relay.hang`, then as for `relay.stop`; with `takes: machine` the devices hear nothing, and what they send is reset once the step is over',
  apply: ({ controls: { relay }, hold, later }, _, { stall = 0, takes = 'process' }) => {
    const die = (): Undo =>
      hold('relay', (down) => {
        if (takes === 'machine') relay.setMachine(!down);
        else relay.setRunning(!down);
      });
    if (stall === 0) return die();
    const goOn = hold('relay hang', (on) => relay.setHung(on));
    let undo = goOn;
    const cancel = later(stall as number, () => {
      undo = die(); // before it goes on: what it has not read, it never reads
      goOn();
    });
    return () => {
      cancel();
      undo();
    };
  },
};
