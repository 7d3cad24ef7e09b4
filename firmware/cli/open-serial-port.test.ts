/**
 * The serial port against a real pseudo-terminal, which util-linux's `script` lends; where there is none the
 * tests are skipped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { openSerialPort } from './open-serial-port.ts';

const HAS_SCRIPT = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
const BAUD = 115200;
/** XON and XOFF are the board's to send, and never reach the program. */
const BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
  .filter((byte) => byte !== '\x11' && byte !== '\x13')
  .join('');

/**
 * A pseudo-terminal, and the process that holds its other end: what it reads there comes on stdout, what it
 * is to write goes to stdin.
 */
async function openTerminal() {
  const far = spawn('script', ['--quiet', '--flush', '--command', 'stty raw -echo; tty; exec sleep 60', '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void far.kill('SIGKILL'));
  far.stdout.setEncoding('latin1');
  const [name] = await once(far.stdout, 'data');
  return { path: String(name).trim(), far };
}

it.skipIf(!HAS_SCRIPT)('carries every byte but XON and XOFF unchanged, both ways, over a pseudo-terminal (needs `script`)', async () => {
  const { path, far } = await openTerminal();
  const port = await openSerialPort(path, BAUD);
  onTestFinished(() => port.close());
  let toBoard = '';
  let fromBoard = '';
  far.stdout.on('data', (bytes: string) => {
    toBoard += bytes;
  });
  port.onData((bytes) => {
    fromBoard += bytes;
  });
  await port.write(BYTES);
  far.stdin.write(Buffer.from(BYTES, 'latin1'));
  await expect.poll(() => toBoard).toBe(BYTES);
  await expect.poll(() => fromBoard).toBe(BYTES);
});

it.skipIf(!HAS_SCRIPT)('closes at once although the board holds back what was written (XOFF), and ends that write', async () => {
  const { path, far } = await openTerminal();
  const port = await openSerialPort(path, BAUD);
  let seen = '';
  port.onData((bytes) => {
    seen += bytes;
  });
  // Flow control is not passed on; what follows it tells that it has arrived.
  far.stdin.write('\x13!');
  await expect.poll(() => seen).toBe('!');
  const written = port.write('never taken').then(
    () => 'written',
    (error: Error) => error.message,
  );
  await port.close();
  expect(await written).toBe('the port is gone: was the board unplugged?');
});

it('names a port that is not there', async () => {
  await expect(openSerialPort('/dev/no-such-port', BAUD)).rejects.toThrow('--port: /dev/no-such-port: cannot be opened: ');
});
