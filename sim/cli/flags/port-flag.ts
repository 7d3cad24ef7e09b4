/** Which connections of a capture are read: those to servers at these ports. */
import { listFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { isCaptureName } from '../files/kind-of-file.ts';
import { wholeNumber } from './whole-number.ts';

const MAX_PORT = 65_535;

export const PORT_FLAG = listFlag<number>({
  about: 'Of a capture of packets, read the connections to this port, TLS too; may be repeated',
  expected: `a port from 1 to ${MAX_PORT}`,
  parse: wholeNumber(1, MAX_PORT),
});

/** @throws UsageError where nobody would heed it */
export function checkPorts(ports: readonly number[], files: readonly string[]): void {
  if (ports.length > 0 && !files.some(isCaptureName)) throw new UsageError('--port: expected a capture among the files (.pcapng, .pcap)');
}
