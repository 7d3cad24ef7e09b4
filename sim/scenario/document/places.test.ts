import { describe, expect, it } from 'vitest';
import { placesIn } from './places.ts';

const TEXT = `# a comment
version: 1
checks:
  - one-session-per-id
  - no-uncaught-error
steps:
  - { at: 1m, action: link.blackhole, for: 1m }
  - { at: 2m, expect: channel.open, within: 45s }
  - { at: 3m, expect: pin.high }
thresholds: [ connects > 3,
  'p95(recovery_ms) < 45s' ]
`;

describe('the place of what a run is held to', () => {
  it.each([
    ['threshold', 'connects > 3', 10, 15],
    ['threshold', 'p95(recovery_ms) < 45s', 11, 3],
    ['check', 'no-uncaught-error', 5, 5],
    ['check', 'expect channel.open within 45s', 8, 5],
    ['check', 'expect pin.high on pin 2', 9, 5],
    ['scenario', 's', 2, 1],
    // Of what it does not name itself.
    ['threshold', 'connects > 4', 10, 1],
    ['check', 'bounded-detection', 3, 1],
  ] as const)('%s %s is %d:%d', (asked, name, line, column) => {
    expect(placesIn(TEXT)(asked, name)).toEqual({ line, column });
  });

  it('is the beginning of a file that has no such list, or is none', () => {
    expect(placesIn('\n\n  version: 1\n')('threshold', 'connects > 3')).toEqual({ line: 3, column: 3 });
    expect(placesIn('- a\n')('check', 'x')).toEqual({ line: 1, column: 1 });
    expect(placesIn('a: [')('check', 'x')).toEqual({ line: 1, column: 1 });
  });
});
