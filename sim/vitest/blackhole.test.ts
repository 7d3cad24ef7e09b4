/** The ten lines of a user's test of an app under a link that dies silently, as the README has them. */
import './index.ts';
import { app } from 'firmware/apps/sos';
import { expect, it } from 'vitest';
import { simulate } from '../api/index.ts';

it('is back within 45 s when its link has died silently', async () => {
  const result = await simulate({
    boards: 3,
    firmware: app,
    duration: '2m',
    steps: [{ at: '30s', action: 'link.blackhole', for: '45s' }],
  });
  expect(result).toHaveNoViolations();
  expect(result).toHold('p95(recovery_ms) < 45s');
  expect(result).toHold('count(recovery_ms) == 3');
});
