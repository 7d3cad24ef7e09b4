/** The RTO of the first samples beside the kernel's own, as tcp_info told it on Linux 6.18 at a round trip of 200 ms (sim/fidelity/settle-kernel.json). */
import { expect, it } from 'vitest';
import { SETTLED } from '../../fidelity/kernel-data.ts';
import { LinuxRtt } from './linux-rtt.ts';
import { LINUX } from './parameters.ts';

/** What the emulator of the measurement adds included. */
const RTT_MS = 200.6;
const MESSAGE_BYTES = 11;

/** The handshake's sample, then one per message, each of them a round trip of its own. */
function rtoBySample(handshakeMs: number, messages: number): number[] {
  const rtt = new LinuxRtt(LINUX);
  rtt.sample(handshakeMs, 1, 1);
  const series = [rtt.rtoMs];
  for (let count = 1; count <= messages; count++) {
    const acknowledged = 1 + count * MESSAGE_BYTES;
    rtt.sample(RTT_MS, acknowledged, acknowledged);
    series.push(rtt.rtoMs);
  }
  return series;
}

// A handshake that lost its SYN-ACK took its round trip and a SYN's timeout, 1,000 ms and what the timer wheel makes of it; the kernel's first RTO tells how long.
it.each([
  ['a clean handshake', 'clean handshake', RTT_MS],
  ['a handshake whose first SYN-ACK was lost', 'first SYN-ACK lost, client', 1_219],
  ['a handshake whose first ACK was lost', 'first ACK of the handshake lost, server', 1_000.9],
] as const)('comes down from %s as the kernel’s', (_name, measured, handshakeMs) => {
  const kernel = SETTLED.rto_by_sample[measured];
  expect(rtoBySample(handshakeMs, kernel.length - 1)).toEqual(kernel);
});
