/** What the app has to keep, in virtual time: `npm test`. */
import { createWorld, simulate } from 'squall-kit/sim';
import 'squall-kit/vitest';
import { expect, it } from 'vitest';
import { app } from './firmware/app.ts';

it('is back within 45 s when its link has died silently', async () => {
  const result = await simulate({
    boards: 5,
    firmware: app,
    duration: '3m',
    steps: [{ at: '1m', action: 'link.blackhole', for: '30s' }],
  });
  expect(result).toHaveNoViolations();
  expect(result).toHold('max(recovery_ms) < 45s');
});

it('switches its LED when it is told to', async () => {
  const world = await createWorld({ boards: 1, firmware: app, duration: '2m' });
  await world.run('30s');
  expect(world.board(1).state).toBe('open');
  expect(world.board(1).messages.at(-1)?.text).toMatch(/^count \d+$/);
  world.relay.send('board-1', 'on');
  await world.run('1s');
  expect(world.board(1).pins(2)).toBe(1);
});
