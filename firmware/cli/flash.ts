/** `npx tsx firmware flash`: a built program onto a board at a serial port. */
import { NodeClock } from 'hal/node/clock';
import { type Command, type Flags, readCommandLine, valueFlag } from 'host/command-line';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { buildBootCode, isUpdatable } from '../build/boot-code.ts';
import { flash } from '../build/flash/flash.ts';
import { FlashError } from '../build/flash/packets.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { JSON_FLAG, json } from './json.ts';
import { openSerialPort } from './open-serial-port.ts';

/** Storage of the ESP32 build, bytes. */
const PROGRAM_MAX_BYTES = 896 * 1024;

const FLAGS = {
  port: valueFlag({
    about: 'The serial port of the board',
    expected: 'a port such as /dev/ttyUSB0 or COM3',
    parse: (text) => text || null,
  }),
  baud: valueFlag({ about: 'Its speed', expected: 'a baud rate from 9600 to 2000000', default: '115200', parse: readBaud }),
  file: valueFlag({
    about: 'What to write',
    expected: 'a file made by `npx tsx firmware build`',
    default: 'dist/esp32.js',
    parse: readProgram,
  }),
  json: JSON_FLAG,
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx firmware flash',
  about: 'Writes a built program to a board that runs Espruino 2v25 or later, checks it, and starts it, now and at every boot.',
  flags: FLAGS,
  examples: [['npx tsx firmware flash --port /dev/ttyUSB0', 'dist/esp32.js to the board']],
};

export async function flashCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { port: path, baud, file: program, json: asJson } = line.values;
  if (path === undefined) throw new UsageError(`--port is missing: expected ${FLAGS.port.expected}`);
  const port = await openSerialPort(path, baud);
  try {
    const bootCode = isUpdatable(program) ? await buildBootCode() : '';
    await flash(port, program, new NodeClock(), (text) => (asJson ? io.err : io.out)(`${text}\n`), bootCode);
  } catch (error) {
    throw error instanceof FlashError ? new UsageError(`--port: ${path}: ${error.message}`) : error;
  } finally {
    await port.close();
  }
  if (asJson) io.out(json({ port: path, bytes: program.length, started: true }));
  return EXIT.ok;
}

function readBaud(text: string): number | null {
  const baud = Number(text);
  return /^\d+$/.test(text) && baud >= 9600 && baud <= 2_000_000 ? baud : null;
}

function readProgram(file: string): string {
  const program = readInput(file, PROGRAM_MAX_BYTES);
  if (program === '' || /[^\n -~]/.test(program)) throw new UsageError(`${file}: expected a file made by \`npx tsx firmware build\``);
  return program;
}
