import fc from 'fast-check';
import { parseDuration } from 'host/units';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadStudy } from '../sweep/study.ts';
import { ADVICE_IDLE_MIN_MS, ADVICE_MAX_MS, ADVICE_MIN_MS, type AdviceQuestion, adviceStudy, keepalives } from './advice-world.ts';

const questions: fc.Arbitrary<AdviceQuestion> = fc.record({
  detectWithinMs: fc.integer({ min: ADVICE_MIN_MS, max: ADVICE_MAX_MS }),
  link: fc.constant({ loss: 0.01 }),
  idleTimeoutMs: fc.option(fc.integer({ min: ADVICE_IDLE_MIN_MS, max: 3_600_000 }), { nil: null }),
});

describe('the keepalives that advise tries', () => {
  it('find a dead link in time on both sides, and let nothing be idle for too long, whatever was asked', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const all = Object.values(keepalives(question)).map((settings) =>
          Object.values(settings).map((text) => parseDuration(text) ?? Number.NaN),
        );
        expect(all.length).toBeGreaterThan(0);
        for (const [interval, timeout, boardInterval, boardTimeout] of all) {
          expect(interval + timeout).toBeLessThanOrEqual(question.detectWithinMs);
          expect(boardInterval + boardTimeout).toBeLessThanOrEqual(question.detectWithinMs);
          // Else a board pings each time that the relay is about to.
          expect(boardInterval).toBeGreaterThan(interval);
          expect(interval).toBeLessThan(question.idleTimeoutMs ?? Infinity);
        }
      }),
    );
  });

  it('are a study that can be run', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { study, errors } = loadStudy('q', stringify(adviceStudy(question)), null, null);
        expect(errors).toEqual([]);
        expect(study?.cells.length).toBe(Object.keys(keepalives(question)).length);
      }),
      { numRuns: 20 },
    );
  });
});
