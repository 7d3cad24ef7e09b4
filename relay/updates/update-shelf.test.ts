import { describe, expect, it } from 'vitest';
import { isInShare, UpdateShelf } from './update-shelf.ts';

const ask = (shelf: UpdateShelf, text: string, binary = false) => shelf.answer(Buffer.from(text), binary);

describe('a shelf of firmware', () => {
  it('offers an image, and gives the part of it that is asked for', () => {
    const shelf = new UpdateShelf();
    const image = Buffer.from('0123456789'.repeat(1_000));
    const sha1 = shelf.add(image);
    expect(shelf.textFor('board-1')).toBeNull();
    shelf.offer(sha1, 'board-1');
    expect([shelf.textFor('board-1'), shelf.textFor('board-2')]).toEqual([`ota.offer ${sha1} 10000`, null]);
    const first = ask(shelf, `ota.get ${sha1} 0 4064`);
    expect(first?.milestone).toBe('begins');
    expect(first?.data?.toString()).toBe(`ota.data ${sha1} 0\n${image.subarray(0, 4_064)}`);
    expect(ask(shelf, `ota.get ${sha1} 9999 1`)).toMatchObject({ data: Buffer.from(`ota.data ${sha1} 9999\n9`), milestone: 'is fetched' });
    expect(ask(shelf, `ota.get ${sha1} 0 9999`)?.data).toHaveLength(4_064 + `ota.data ${sha1} 0\n`.length);
  });

  it('says nothing to what is no legal request, and leaves every other message to the relay', () => {
    const shelf = new UpdateShelf();
    const sha1 = shelf.add(Buffer.from('abc'));
    const nothing = [
      `ota.get ${sha1} 0 4`,
      `ota.get ${sha1} 3 0`,
      `ota.get ${'0'.repeat(40)} 0 1`,
      'ota.offer x 1',
      'ota.',
      `ota.get ${sha1} -1 1`,
    ];
    for (const text of nothing) expect(ask(shelf, text), text).toEqual({ data: null, milestone: '', sha1: '' });
    expect(ask(shelf, `ota.data ${sha1} 0\nabc`, true)).toEqual({ data: null, milestone: '', sha1: '' });
    for (const text of ['SOS!', 'ota', '', 'Mes from x: ota.get']) expect(ask(shelf, text), text).toBeNull();
  });

  it('takes no image that no board could', () => {
    const shelf = new UpdateShelf();
    expect(() => shelf.add(Buffer.alloc(0))).toThrow('an image of 0 bytes: expected 1 to 65536');
    expect(() => shelf.add(Buffer.alloc(65_537))).toThrow('an image of 65537 bytes');
  });

  it('picks a share of the ids that only grows', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `board-${index}`);
    const tenth = ids.filter((id) => isInShare(id, 0.1));
    const half = new Set(ids.filter((id) => isInShare(id, 0.5)));
    expect(tenth.length).toBeGreaterThan(150);
    expect(tenth.length).toBeLessThan(250);
    expect(tenth.every((id) => half.has(id))).toBe(true);
    expect(ids.every((id) => isInShare(id, 1))).toBe(true);
  });
});
