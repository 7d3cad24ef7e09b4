/**
 * The RTO of the first samples beside the kernel's own, as tcp_info told it on Linux 6.18 at a round trip of
 * 200 ms (sim/fidelity/settle-kernel.json).
 */
import { expect, it } from 'vitest';
import { SETTLED } from '../../fidelity/kernel-data.ts';
import { LinuxRtt } from './linux-rtt.ts';
import { LINUX, type LinuxParameters, RELAY_TCP } from './parameters.ts';

/** What the emulator of the measurement adds included. */
const RTT_MS = 200.6;
const MESSAGE_BYTES = 11;

/** The handshake's sample, then one per message, each of them a round trip of its own. */
function rtoBySample(parameters: LinuxParameters, handshakeMs: number, messages: number): number[] {
  const rtt = new LinuxRtt(parameters);
  rtt.sample(handshakeMs, 1, 1);
  const series = [rtt.rtoMs];
  for (let count = 1; count <= messages; count++) {
    const acknowledged = 1 + count * MESSAGE_BYTES;
    rtt.sample(RTT_MS, acknowledged, acknowledged);
    series.push(rtt.rtoMs);
  }
  return series;
}

// A handshake that lost its SYN-ACK took its round trip and a SYN's timeout, 1,000 ms and what the timer
// wheel makes of it; the kernel's first RTO tells how long.
it.each([
  ['clean handshake', LINUX, RTT_MS],
  ['clean handshake, tcp_rto_min_us 300000', RELAY_TCP, RTT_MS],
  ['first SYN-ACK lost, client', LINUX, 1_219],
  ['first ACK of the handshake lost, server', LINUX, 1_000.9],
] as const)('comes down message by message as the kernel’s: %s', (measured, parameters, handshakeMs) => {
  const kernel = SETTLED.rto_by_sample[measured];
  expect(rtoBySample(parameters, handshakeMs, kernel.length - 1)).toEqual(kernel);
});
