/** A real serial port, of the `serialport` package; what stands in the way is a UsageError. */
import { UsageError } from 'host/user-error';
import { FlashError } from '../build/flash/packets.ts';
import type { SerialPort } from '../build/flash/serial-port.ts';

export async function openSerialPort(path: string, baudRate: number): Promise<SerialPort> {
  const NativePort = await loadSerialPort();
  // Espruino stops the sender by XOFF when its buffer fills.
  const native = new NativePort({ path, baudRate, xon: true, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    native.open((error) => (error ? reject(new UsageError(`--port: ${path}: cannot be opened: ${reason(error)}`)) : resolve()));
  });
  // A port that goes away is told of by the next write.
  native.on('error', () => {});
  return {
    onData(handler) {
      native.removeAllListeners('data');
      native.on('data', (bytes: Buffer) => handler(bytes.toString('latin1')));
    },
    write(bytes) {
      return new Promise((resolve, reject) => {
        const fail = () => reject(new FlashError('the port is gone: was the board unplugged?'));
        if (!native.isOpen) return fail();
        native.write(Buffer.from(bytes, 'latin1'), (error) => (error ? fail() : native.drain((after) => (after ? fail() : resolve()))));
      });
    },
    close() {
      // What the board does not take must not keep the port, nor the thread that waits for it.
      return new Promise((resolve) => (native.isOpen ? native.flush(() => native.close(() => resolve())) : resolve()));
    },
  };
}

async function loadSerialPort() {
  try {
    return (await import('serialport')).SerialPort;
  } catch (error) {
    // The second is the package's own: it has nothing compiled for this kind of computer.
    const why = (error as NodeJS.ErrnoException).code?.endsWith('MODULE_NOT_FOUND')
      ? 'is not installed'
      : `cannot be loaded (${String(error).split('\n')[0]})`;
    throw new UsageError(`flash needs serialport, an optional dependency that ${why}: install without --omit=optional`);
  }
}

/** The package's words, without its own "Error: " and the path again. */
function reason(error: Error): string {
  const words = error.message.replace(/^Error:? /, '').replace(/, cannot open .*$/, '');
  return /lock|busy|temporarily unavailable/i.test(words) ? `it is in use by another program (${words})` : words;
}
