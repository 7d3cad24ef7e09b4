import { describe, expect, it } from 'vitest';
import { folderNameOf, parseClientName, parseHosts } from './names.ts';

describe('the hosts of a relay', () => {
  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['192.168.1.10, relay.local', ['192.168.1.10', 'relay.local']],
    ['::1,fe80::1', ['::1', 'fe80::1']],
    ['a,a,b', ['a', 'b']],
    ['x'.repeat(63), ['x'.repeat(63)]],
  ])('may be %j', (text, hosts) => {
    expect(parseHosts(text)).toEqual(hosts);
  });

  it.each(
    [
      '',
      ',',
      'a,',
      '..',
      '../x',
      'a/b',
      'a\\b',
      'a b',
      'a\0',
      'a\nb',
      '-a',
      'a-',
      'a..b',
      '*.a',
      '1.2.3',
      '1.2.3.256',
      'fe80::1%eth0',
      'ca',
      'Clients',
    ].concat(['x'.repeat(64), 'x.'.repeat(150), Array(101).fill('a').join(',')]),
  )('may not be %j', (text) => {
    expect(parseHosts(text)).toBeNull();
  });

  it('become a folder without colons', () => {
    expect(folderNameOf('fe80::1')).toBe('fe80__1');
  });
});

describe('the name of a board', () => {
  it.each(['board-1', 'ESP Client 1', '.hidden', '-x', 'x'.repeat(64)])('may be %j', (text) => {
    expect(parseClientName(text)).toBe(text);
  });

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', ' a', 'a ', 'a.', 'a\0', 'a\nb', '\x1b[31m', 'ä', 'x'.repeat(65), 'x'.repeat(300)])(
    'may not be %j',
    (text) => {
      expect(parseClientName(text)).toBeNull();
    },
  );
});
