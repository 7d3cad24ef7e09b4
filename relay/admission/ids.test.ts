import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateId, requestedId } from './ids.ts';

describe('the id in a path', () => {
  it.each([
    ['/board-1', 'board-1'],
    ['/ESP%20Client%201', 'ESP Client 1'],
    ['/a.b_c-d', 'a.b_c-d'],
    ['/board-1?token=x/y', 'board-1'],
    [`/${'a'.repeat(64)}`, 'a'.repeat(64)],
    ['/', ''],
    ['/?x', ''],
    ['http://host/board-1?x', 'board-1'],
    ['http://host?x', ''],
  ])('of %s is %j', (path, id) => {
    expect(requestedId(path)).toEqual({ id });
  });

  it.each([
    [`/${'a'.repeat(65)}`, 'bad_id'],
    ['/zażółć', 'bad_id'],
    ['/a%2Fb', 'bad_id'],
    ['/%', 'bad_id'],
    ['/%00', 'bad_id'],
    ['/a%0Ab', 'bad_id'],
    ['/board-1%0A', 'bad_id'],
    ['/<b>', 'bad_id'],
    ['/a/b', 'bad_path'],
    ['/board-1/', 'bad_path'],
    ['//board-1', 'bad_path'],
    ['', 'bad_path'],
    ['*', 'bad_path'],
    ['http://host//board-1', 'bad_path'],
    ['ftp://host/board-1', 'bad_path'],
  ])('of %s is refused as %s', (path, error) => {
    expect(requestedId(path)).toEqual({ error });
  });

  it('survives percent-encoding', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._ -]{1,64}$/), (id) => {
        expect(requestedId(`/${encodeURIComponent(id)}`)).toEqual({ id });
      }),
    );
  });
});

describe('a generated id', () => {
  it('is a legal id of its own', () => {
    const id = generateId(
      () => 0.999,
      () => false,
    );
    expect(id).toBe('client-zzzzzzzz');
    expect(requestedId(`/${id}`)).toEqual({ id });
  });

  it('is drawn again while it is taken, but not for ever', () => {
    const draws = Array.from({ length: 16 }, (_, i) => (i < 8 ? 0 : 0.5));
    expect(
      generateId(
        () => draws.shift() ?? 0,
        (id) => id === 'client-00000000',
      ),
    ).toBe('client-iiiiiiii');
    expect(
      generateId(
        () => 0,
        () => true,
      ),
    ).toBe('client-00000000');
  });
});
