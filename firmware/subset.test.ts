import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSubset } from './build/subset/subset.ts';

const FIRMWARE = import.meta.dirname;
/** Runs on the computer. */
const HOST_SIDE = ['build', 'cli', 'conformance', 'testing', 'index.ts'];

const files = readdirSync(FIRMWARE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .filter((file) => !HOST_SIDE.some((name) => file === name || file.startsWith(join(name, '/'))));

describe('the firmware', () => {
  it('is found', () => {
    expect(files.map((file) => file.replaceAll('\\', '/'))).toEqual(
      expect.arrayContaining(['apps/sos.ts', 'boot.ts', 'channel/channel.ts', 'config.ts', 'websocket/client.ts']),
    );
  });

  it.each(files)('%s is within the subset of JavaScript that Espruino runs', (file) => {
    const path = join(FIRMWARE, file);
    expect(checkSubset(readFileSync(path, 'utf8'), relative(FIRMWARE, path))).toEqual([]);
  });

  it('keeps the example of the README within it too', () => {
    const example = /```ts\n(.*?)```/s.exec(readFileSync(join(FIRMWARE, 'README.md'), 'utf8'))?.[1] ?? '';
    expect(example).toContain('export function app(');
    expect(checkSubset(example, 'README.md')).toEqual([]);
  });
});
