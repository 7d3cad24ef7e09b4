import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf } from './document-of.ts';
import { readDocument } from './read-document.ts';

/** Documents as a person could write them, with every kind of field. */
const milliseconds = (min: number, max: number) => fc.integer({ min, max }).map((ms) => `${ms}ms`);
const targets = fc.oneof(
  fc.constant('all'),
  fc.integer({ min: 1, max: 100 }).map((percent) => `${percent}%`),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }).map((number) => [`board-${number}`]),
);
const steps = fc.oneof(
  fc.record({
    at: milliseconds(0, 60_000),
    action: fc.constant('link.set'),
    boards: targets,
    loss: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ at: milliseconds(0, 60_000), action: fc.constant('ap.down'), for: milliseconds(1, 1_000) }),
  fc.record({ at: milliseconds(0, 60_000), action: fc.constant('board.reset'), every: milliseconds(500, 60_000) }),
  fc.record({ at: milliseconds(0, 60_000), action: fc.constant('relay.restart') }),
  fc.record({ at: milliseconds(0, 60_000), action: fc.constant('ap.roam'), to_ap: fc.constant(1) }),
  fc.record({
    at: milliseconds(0, 60_000),
    action: fc.constant('link.set'),
    rssi: fc.double({ min: -110, max: -10, noNaN: true }),
    power_save: fc.constantFrom('none', 'min_modem'),
    dtim: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({ at: milliseconds(0, 60_000), action: fc.constant('link.idle_timeout'), boards: targets, after: milliseconds(1_000, 60_000) }),
  fc.record({ at: milliseconds(0, 60_000), action: fc.constant('station.deauth'), reason: fc.integer({ min: 1, max: 255 }) }),
);
const documents = fc.record(
  {
    version: fc.constant(1),
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/),
    about: fc.string({ maxLength: 100 }),
    seed: fc.nat(),
    duration: milliseconds(60_000, 1_000_000),
    relay: fc.record({ ping_interval: milliseconds(0, 90_000), duplicate_id: fc.constantFrom('reject', 'takeover') }, { requiredKeys: [] }),
    boards: fc.record(
      {
        count: fc.integer({ min: 5, max: 2_007 }),
        seed_random: fc.boolean(),
        board_ping_timeout: milliseconds(1, 90_000),
        backoff: fc.record({ kind: fc.constantFrom('fixed', 'exponential'), min: milliseconds(100, 90_000) }, { requiredKeys: [] }),
        config: fc.constant({ outbox: 3, wifi: { password: 'secret' } }),
      },
      { requiredKeys: ['count'] },
    ),
    fleet: fc.record(
      {
        old: fc.record(
          {
            share: fc.double({ min: 0, max: 1, noNaN: true }),
            seed_random: fc.boolean(),
            roam: fc.constantFrom('never', 7),
            board_ping_timeout: milliseconds(1, 90_000),
            config: fc.constant({ outbox: 7 }),
            link: fc.record({ loss: fc.double({ min: 0, max: 1, noNaN: true }), loss_up: fc.constant(0.5) }, { requiredKeys: [] }),
          },
          { requiredKeys: [] },
        ),
        new: fc.constant({ ap: 1 }),
      },
      { requiredKeys: ['new'] },
    ),
    link: fc.record(
      {
        loss: fc.double({ min: 0, max: 1, noNaN: true }),
        rate: fc.integer({ min: 1_000, max: 2 ** 31 }).map((bits) => `${bits}bit`),
        rssi: fc.integer({ min: -110, max: -10 }),
        power_save: fc.constantFrom('none', 'min_modem'),
        dtim: fc.integer({ min: 1, max: 10 }),
      },
      { requiredKeys: [] },
    ),
    aps: fc.integer({ min: 1, max: 100 }),
    air: fc.oneof(
      fc.constantFrom('private', 'shared'),
      fc.record(
        {
          neighbours: fc.double({ min: 0, max: 0.9, noNaN: true }),
          slow_station: fc.boolean(),
          ap_queue: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constant('deep')),
          aggregate: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    ),
    steps: fc.array(steps, { maxLength: 5 }),
    checks: fc.constant(['bounded-detection']),
  },
  { requiredKeys: ['version', 'duration', 'boards'] },
);

describe('a scenario written out', () => {
  it('reads back as the same scenario', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { scenario, problems } = readDocument(document, []);
        expect(problems).toEqual([]);
        if (scenario === null) return;
        const written: unknown = JSON.parse(JSON.stringify(documentOf(scenario)));
        expect(readDocument(written, [])).toEqual({ scenario, problems: [] });
      }),
    );
  });

  it('holds no password', () => {
    const { scenario } = readDocument({ version: 1, boards: { config: { wifi: { password: 'secret' } } } }, []);
    expect(scenario && JSON.stringify(documentOf(scenario))).not.toContain('secret');
  });
});
