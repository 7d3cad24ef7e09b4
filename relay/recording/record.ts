/**
 * `--record FILE` of the relay's command line: the flags, and the file opened before anything else begins, so
 * that one that cannot be written is known at once.
 */
import { valueFlag } from 'host/command-line';
import { KIT_VERSION } from 'host/kit';
import { parseSize } from 'host/units';
import { UsageError } from 'host/user-error';
import { RECORDING_FORMAT, RECORDING_SOURCE, RECORDING_VERSION, Recorder, type RecorderParts } from './recorder.ts';
import { KEPT_FILES, RecordingFile } from './recording-file.ts';

/** Every file tells of the open sessions anew: 100,000 of them, the most a relay takes, are 15 MB. */
const MIN_FILE_BYTES = 16 * 1024 ** 2;
/** A replay reads it whole. */
const MAX_FILE_BYTES = 1024 ** 3;
/** A header is far shorter. */
const HEADER_BYTES = 4 * 1024;
/** As recorder.ts writes it. */
const HEADER_START = `{"format":"${RECORDING_FORMAT}","version":${RECORDING_VERSION},"source":"${RECORDING_SOURCE}",`;

export const RECORD_FLAGS = {
  record: valueFlag({
    about: 'Write down who connects, sizes, round trips and ends, for npx tsx sim replay',
    expected: 'a file that ends in .jsonl',
    parse: (text) => (/[^/]\.jsonl$/.test(text) ? text : null),
  }),
  'record-max': valueFlag({
    about: `Size at which the next file begins; ${KEPT_FILES} older ones are kept`,
    expected: 'a size from 16MiB to 1GiB',
    default: '64MiB',
    parse: parseFileSize,
  }),
};

interface RecordValues {
  record: string | undefined;
  'record-max': number;
}

type Surroundings = Pick<RecorderParts, 'clock' | 'epochMs' | 'config' | 'onFailure' | 'afterTurn'>;

/**
 * @returns null when nothing is to be recorded; otherwise to be started when the relay serves, and closed
 *   when it has stopped
 */
export function openRecorder(values: RecordValues, given: ReadonlySet<string>, surroundings: Surroundings): Recorder | null {
  const { record: path, 'record-max': maxBytes } = values;
  if (path !== undefined) return new Recorder({ ...surroundings, file: openFile(path, maxBytes), version: KIT_VERSION });
  if (given.has('record-max')) throw new UsageError('--record-max: needs --record');
  return null;
}

/** A recording that is there already goes on. */
function openFile(path: string, maxBytes: number): RecordingFile {
  try {
    const file = new RecordingFile(path, maxBytes);
    const beginning = file.beginning(HEADER_BYTES);
    if (beginning.includes('\n') ? isHeader(beginning.split('\n', 1)[0]) : isCutHeader(beginning)) return file;
    throw new Error("it holds something else than a relay's recording");
  } catch (error) {
    throw new UsageError(`--record: cannot record to ${JSON.stringify(path)}: ${(error as Error).message}`);
  }
}

/** All that a loss of power may have left of a file, which may be nothing. */
function isCutHeader(text: string): boolean {
  return text.length < HEADER_BYTES && text.startsWith(HEADER_START.slice(0, text.length));
}

function isHeader(line: string): boolean {
  try {
    const header = JSON.parse(line) as { format?: unknown; source?: unknown } | null;
    return header?.format === RECORDING_FORMAT && header.source === RECORDING_SOURCE;
  } catch {
    return false;
  }
}

function parseFileSize(text: string): number | null {
  const bytes = parseSize(text);
  return bytes !== null && bytes >= MIN_FILE_BYTES && bytes <= MAX_FILE_BYTES ? bytes : null;
}
