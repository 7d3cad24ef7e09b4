/**
 * Puts a program into a board's Storage and starts it, such that a bad upload never leaves a board that
 * cannot boot: the new program gets a name of its own, is read back by checksum, and only then `.bootcde` is
 * pointed at it. What ran before is deleted last.
 */
import type { Clock } from 'hal';
import { BOOT_RECORD } from '../../ota/boot-record.ts';
import { CHOSEN_SLOT } from '../boot-code.ts';
import { DATA_MAX_BYTES, FlashError, Packets, TRIES_MAX } from './packets.ts';
import type { SerialPort } from './serial-port.ts';

/** A board answers within this, ms, however long a connect blocks it (18 s) or a watchdog restarts it. */
const ATTENTION_TIMEOUT_MS = 30_000;
/** One try within it, ms. */
const ATTENTION_TRY_MS = 1500;
/** Moving all of Storage together, ms. */
const COMPACT_TIMEOUT_MS = 60_000;
/**
 * How long a program that was started is listened to, ms: what it throws while it starts is said within a
 * second.
 */
const START_LISTEN_MS = 2000;
/** A sign of life comes within this, ms: the first connect may block a board for 18 s. */
const START_TIMEOUT_MS = 30_000;
/**
 * How the engine, and the backend's handler (hal/espruino/uncaught.ts), say that nobody caught an exception.
 */
const UNCAUGHT = /\b[Uu]ncaught:? /;
/** The global in which the boot code keeps the name of the program that it has run to its end. */
const STARTED = 'global.squall';
/** Of a board's own words, characters that are shown: an exception and the first lines of its stack. */
const WORDS_MAX = 300;
/** The first Espruino with packet transfer. */
const VERSION_MIN = 25;

const STORAGE = 'require("Storage")';

/**
 * @param program ASCII
 * @param say hears of each step
 * @param bootCode of a program that can be updated (../boot-code.ts); '': what was flashed is what is booted
 * @throws FlashError; once anything in the board's Storage may have changed it says what the board boots from
 *   then on
 */
export async function flash(port: SerialPort, program: string, clock: Clock, say: (line: string) => void, bootCode = ''): Promise<void> {
  const packets = new Packets(port, clock);
  const version = await attention(packets, clock);
  say(`Espruino ${version} answers.`);
  // Ends the running program: its output, timers and sockets would be in the way. What is in flash stays.
  await packets.evaluate('reset()');
  await attention(packets, clock);
  const name = await install(packets, program, say).catch(async (error) => {
    // What ran before goes on. Should that fail too, the first failure is the one to tell of.
    await start(packets).catch(() => {});
    throw withFate(error, 'the board boots what it booted before');
  });
  await switchTo(packets, name, bootCode).catch((error) => {
    throw withFate(error, 'whether the board boots this program or the one before is not known: flash it again');
  });
  await startAndListen(packets, clock, name);
  say('Started.');
}

function withFate(error: unknown, fate: string): unknown {
  return error instanceof FlashError ? new FlashError(`${error.message}; ${fate}`) : error;
}

/** Runs what `.bootcde` points at; the board puts it off until it has answered. */
async function start(packets: Packets): Promise<void> {
  await packets.evaluate('load()');
}

/** The last step, after which there is no way back: what ran before is deleted. */
async function startAndListen(packets: Packets, clock: Clock, name: string): Promise<void> {
  const fate = 'it is what the board boots now, and what it booted before is deleted';
  try {
    await start(packets);
  } catch (error) {
    throw withFate(
      error,
      `the program is written and checked, but was not started; ${fate}. The board said: ${words(await packets.listen(0))}`,
    );
  }
  const saidFirst = await packets.listen(START_LISTEN_MS);
  // A slow board throws later than that, but before it answers.
  const hasFailed = UNCAUGHT.test(saidFirst);
  const running = hasFailed ? null : await signOfLife(packets, clock);
  const said = hasFailed ? saidFirst : saidFirst + (await packets.listen(0));
  const problem = problemOf(said, running, name);
  if (problem !== '')
    throw new FlashError(`the program is written and checked, but ${problem}; ${fate}. The board says: ${wordsOfFailure(said)}`);
}

/** '' for a program that has started. */
function problemOf(said: string, running: string | null, name: string): string {
  if (UNCAUGHT.test(said)) return 'fails';
  if (running === null) return `gives no sign of life within ${START_TIMEOUT_MS / 1000} s`;
  return running === JSON.stringify(name) ? '' : 'did not run to its end';
}

function wordsOfFailure(said: string): string {
  return words(said.slice(Math.max(0, said.search(UNCAUGHT))));
}

/** What the boot code has run, as soon as the board has time for an answer; null when it has none. */
async function signOfLife(packets: Packets, clock: Clock): Promise<string | null> {
  const startMs = clock.now();
  for (let leftMs = START_TIMEOUT_MS; leftMs > 0; leftMs = START_TIMEOUT_MS - (clock.now() - startMs)) {
    const running = await packets.tryEvaluate(STARTED, leftMs);
    if (running !== null) return running;
  }
  return null;
}

/** The beginning of what a board said, on one line. */
function words(said: string): string {
  return (
    said
      .replace(/[^!-~]+/g, ' ')
      .trim()
      .slice(0, WORDS_MAX) || 'nothing'
  );
}

/** @returns the version, such as 2v29 */
async function attention(packets: Packets, clock: Clock): Promise<string> {
  const startMs = clock.now();
  while (clock.now() - startMs < ATTENTION_TIMEOUT_MS) {
    await packets.interrupt();
    const version = await packets.tryEvaluate('process.version', ATTENTION_TRY_MS);
    const [, major, minor] = /^"(\d+)v(\d+)/.exec(version ?? '') ?? [];
    if (major === undefined) continue;
    if (Number(major) < 2 || (major === '2' && Number(minor) < VERSION_MIN)) {
      throw new FlashError(`the board runs Espruino ${major}v${minor}; expected 2v${VERSION_MIN} or later`);
    }
    return `${major}v${minor}`;
  }
  throw new FlashError(
    `no Espruino answers within ${ATTENTION_TIMEOUT_MS / 1000} s: expected a board with Espruino 2v${VERSION_MIN} or later at this port and baud rate`,
  );
}

/** @returns the name of the file that holds the program now, whole and checked */
async function install(packets: Packets, program: string, say: (line: string) => void): Promise<string> {
  const checksum = crc32(program);
  const name = `squall-${checksum.toString(16).padStart(8, '0')}.js`;
  const isThere = async () => (await packets.evaluate(`E.CRC32(${STORAGE}.read("${name}")||"")`)) === String(checksum);
  if (!(await isThere())) {
    await makeRoom(packets, program.length);
    await uploadUntil(isThere, packets, name, program, say);
  }
  say(`${name}: ${program.length} bytes, checksum right.`);
  return name;
}

/** The file system of the board marks files as deleted and keeps them until it is compacted. */
async function makeRoom(packets: Packets, bytes: number): Promise<void> {
  const free = async () => Number(await packets.evaluate(`${STORAGE}.getFree()`));
  // Each file has a header, and its name once more in a rewritten .bootcde.
  const wanted = bytes + 256;
  if ((await free()) >= wanted) return;
  await packets.evaluate(`${STORAGE}.compact()`, COMPACT_TIMEOUT_MS);
  const left = await free();
  if (left < wanted) throw new FlashError(`the board's Storage has ${left} bytes free; expected at least ${wanted}`);
}

async function uploadUntil(
  isThere: () => Promise<boolean>,
  packets: Packets,
  name: string,
  program: string,
  say: (line: string) => void,
): Promise<void> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    // What is left of an upload that failed: flash is not written over.
    await packets.evaluate(`${STORAGE}.erase("${name}")`);
    if ((await upload(packets, name, program)) && (await isThere())) return;
    say(`Upload ${attempt} of ${TRIES_MAX} failed.`);
  }
  throw new FlashError(`the program did not arrive whole in ${TRIES_MAX} uploads`);
}

/** A packet whose answer got lost may have been written; so nothing is repeated but the whole file. */
async function upload(packets: Packets, name: string, program: string): Promise<boolean> {
  if (!(await packets.beginFile(name, program.length))) return false;
  for (let at = 0; at < program.length; at += DATA_MAX_BYTES) {
    if (!(await packets.sendData(program.slice(at, at + DATA_MAX_BYTES)))) return false;
  }
  return true;
}

async function switchTo(packets: Packets, name: string, bootCode: string): Promise<void> {
  // An image that came over the air would go before what is flashed now. Without the record the board boots
  // what was flashed before.
  if (bootCode !== '') await packets.evaluate(`${STORAGE}.erase("${BOOT_RECORD}")`);
  const program = bootCode === '' ? `"${name}"` : `${CHOSEN_SLOT}||"${name}"`;
  // Run from Storage the text of its functions stays in flash.
  const boot = JSON.stringify(`${bootCode}eval(${STORAGE}.read(${program}));${STARTED}="${name}";`);
  await packets.evaluate(`${STORAGE}.write(".bootcde",${boot})`);
  if ((await packets.evaluate(`${STORAGE}.read(".bootcde")==${boot}`)) !== 'true') {
    throw new FlashError('.bootcde could not be written');
  }
  const others = `${STORAGE}.list(/^squall-/).forEach(function(f){if(f!="${name}")${STORAGE}.erase(f)})`;
  await packets.evaluate(others);
}

/** As `E.CRC32` and zlib. */
export function crc32(bytes: string): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
