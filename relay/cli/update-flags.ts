/** Firmware that the relay offers its boards, as flags of its command line. */
import { type CommandLine, type Flags, valueFlag } from 'host/command-line';
import { readBytes } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { UPDATE_IMAGE_MAX_BYTES } from '../updates/update-limits.ts';
import { isInShare, UpdateShelf } from '../updates/update-shelf.ts';

const SHARE = /^(\d{1,3}(?:\.\d{1,6})?)%$/;
const IDS = /^[\w. -]{1,64}(,[\w. -]{1,64})*$/;

export const UPDATE_FLAGS = {
  update: valueFlag({
    about: 'Firmware to offer to boards that can be updated over the air (firmware/ota)',
    expected: `a program of 1 to ${UPDATE_IMAGE_MAX_BYTES} bytes, such as dist/esp32.js`,
    parse: (text) => text || null,
  }),
  'update-to': valueFlag({
    about: 'Whom it is offered: all, a share of the ids (a larger one has all of a smaller one), or some',
    expected: 'all, a share such as 10%, or ids such as board-1,board-2',
    default: 'all',
    parse: readWhom,
  }),
} satisfies Flags;

type Values = Extract<CommandLine<typeof UPDATE_FLAGS>, { help: null }>['values'];

/** undefined: nothing is offered. */
export function updatesOf({ update: file, 'update-to': picks }: Values, given: ReadonlySet<string>): UpdateShelf | undefined {
  if (file === undefined && given.has('update-to')) throw new UsageError('--update-to: expected --update beside it, what to offer');
  if (file === undefined) return undefined;
  const shelf = new UpdateShelf();
  shelf.offerTo(shelf.add(readImage(file)), picks);
  return shelf;
}

function readImage(file: string): Buffer {
  const bytes = readBytes(file, UPDATE_IMAGE_MAX_BYTES);
  if (bytes.length > 0) return bytes;
  throw new UsageError(`${file}: the file is empty; expected ${UPDATE_FLAGS.update.expected}`);
}

function readWhom(text: string): ((id: string) => boolean) | null {
  if (text === 'all') return () => true;
  const share = Number(SHARE.exec(text)?.[1] ?? Number.NaN) / 100;
  if (share > 0 && share <= 1) return (id) => isInShare(id, share);
  const ids = new Set(text.split(','));
  return IDS.test(text) ? (id) => ids.has(id) : null;
}
