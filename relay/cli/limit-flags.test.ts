import { readCommandLine } from 'host/command-line';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { LIMIT_FLAGS, limitsOf } from './limit-flags.ts';

const COMMAND = { usage: 'test', about: 'Test.', flags: LIMIT_FLAGS, examples: [] };

async function limitsFrom(line: string) {
  const read = await readCommandLine(COMMAND, line.split(' ').filter(Boolean));
  if (read.help !== null) throw new Error('help was not asked for');
  return limitsOf(read.values);
}

it('has a flag for each bound, and without it the default that the simulator has too', async () => {
  expect(DEFAULT_CONFIG).toMatchObject(await limitsFrom(''));
});

it('hands each flag to the setting that it names', async () => {
  const line =
    '--max-payload 1KiB --max-clients 2 --max-pending 3 --max-per-address 4 --max-connect-rate 5 --max-message-rate 6 ' +
    '--max-buffered 2KiB --slow-clients close --max-memory 32MiB --max-header 1KiB --handshake-timeout 7s --close-timeout 8s';
  expect(await limitsFrom(line)).toEqual({
    maxPayloadBytes: 1_024,
    maxClients: 2,
    maxPending: 3,
    maxPerAddress: 4,
    maxConnectRate: 5,
    maxMessageRate: 6,
    maxBufferedBytes: 2_048,
    slowClients: 'close',
    maxMemoryBytes: 32 * 1_024 ** 2,
    maxHeaderBytes: 1_024,
    handshakeTimeoutMs: 7_000,
    closeTimeoutMs: 8_000,
  });
});

it.each([
  '--max-pending 0',
  '--max-buffered 1B',
  '--max-buffered 1GiB',
  '--max-memory 1MiB',
  '--slow-clients kill',
  '--close-timeout 0s',
  '--max-message-rate 1.5',
])('refuses %s', async (line) => {
  await expect(limitsFrom(line)).rejects.toThrow(/^--[a-z-]+: expected /);
});
