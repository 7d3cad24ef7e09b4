import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineState } from '../result.ts';
import { MAX_OUTAGES, Outages } from './outages.ts';
import { MAX_SEGMENTS, Timeline } from './timeline.ts';

const STATES: TimelineState[] = ['wifi', 'tcp', 'handshake', 'open', 'dead', 'waiting'];

describe('a timeline', () => {
  it('leaves no segment without duration, but keeps its cause', () => {
    const timeline = new Timeline();
    timeline.enter(1000, 'waiting', 'reset');
    timeline.enter(1000, 'tcp', '');
    expect(timeline.segments(2000)).toEqual([
      { fromMs: 0, toMs: 1, state: 'off', cause: '' },
      { fromMs: 1, toMs: 2, state: 'tcp', cause: 'reset' },
    ]);
  });

  it('goes on in the state before when another lasted no time', () => {
    const timeline = new Timeline();
    timeline.enter(1000, 'open', '');
    timeline.enter(2000, 'dead', 'x');
    timeline.enter(2000, 'open', '');
    expect(timeline.segments(3000).map(({ state }) => state)).toEqual(['off', 'open']);
  });

  it('adjoins from 0 to the end and stays bounded, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1000), fc.constantFrom(...STATES)), { maxLength: 3000 }), (steps) => {
        const timeline = new Timeline();
        let atUs = 0;
        for (const [laterUs, state] of steps) {
          atUs += laterUs;
          timeline.enter(atUs, state, '');
        }
        const endMs = (atUs + 1) / 1000;
        const segments = timeline.segments(atUs + 1);
        expect(segments.length).toBeLessThanOrEqual(MAX_SEGMENTS);
        expect(segments[0].fromMs).toBe(0);
        expect(segments.at(-1)?.toMs).toBe(endMs);
        for (let index = 1; index < segments.length; index++) expect(segments[index].fromMs).toBe(segments[index - 1].toMs);
      }),
      { numRuns: 30 },
    );
  });

  it('gets coarser when it is full, keeps the longer states, and says what it cost', () => {
    const timeline = new Timeline();
    // Open for 9 ms of every 10.
    for (let n = 0; n < 2 * MAX_SEGMENTS; n++) {
      timeline.enter(n * 10_000 + 1000, 'open', '');
      timeline.enter(n * 10_000 + 10_000, 'dead', 'flap');
    }
    expect(timeline.merged).toBeGreaterThan(MAX_SEGMENTS);
    const open = timeline.segments(2 * MAX_SEGMENTS * 10_000).filter(({ state }) => state === 'open');
    const openMs = open.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    expect(openMs).toBeGreaterThan(0.9 * 2 * MAX_SEGMENTS * 10 * 0.9);
  });
});

describe('the list of outages', () => {
  it('is bounded, and says when it had to merge', () => {
    const outages = new Outages();
    for (let n = 0; n < MAX_OUTAGES + 5; n++) {
      outages.linkDown(0, 'flap', n * 2000);
      outages.linkUp(0, 'flap', n * 2000 + 1000);
    }
    const list = outages.list(1e9, 1);
    expect(list).toHaveLength(MAX_OUTAGES);
    expect(list.at(-1)).toEqual({ fromMs: (MAX_OUTAGES - 1) * 2, toMs: (MAX_OUTAGES + 4) * 2 + 1, label: 'flap, and more', boards: 1 });
  });
});
