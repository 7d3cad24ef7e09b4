/**
 * One client that says much to many, within its rate: it waits for its turn, and nobody else does. Over real
 * sockets of this computer, with as many clients as its two cores, which attackers and audience share with
 * the relay, can listen with.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { flood, join, push } from '../testing/abuse/attackers.ts';
import { Audience } from '../testing/abuse/audience.ts';
import { Company } from '../testing/abuse/company.ts';
import { RelayProcess } from '../testing/abuse/relay-process.ts';
import { maskedFrame } from '../testing/test-client.ts';

const MEMBERS = 4;
/** A quiet computer needs a sixtieth; a busy one shares its cores between relay, attackers and audience. */
const P99_MS = 3_000;
const TIMEOUT = { timeout: 180_000 * Math.max(1, Number(process.env.ABUSE_SECONDS ?? 1)) };
const WORD = maskedFrame(1, Buffer.from('x'));
/** How long the relay is watched while it hands on what was said at once, ms. */
const WATCHED_MS = 3_000;

let relay: RelayProcess;
let company: Company;

beforeAll(async () => {
  relay = await RelayProcess.start({ envelope: 'raw', pingIntervalMs: 500, pingTimeoutMs: 20_000 });
  company = await Company.join(relay.port, MEMBERS);
}, TIMEOUT.timeout);

afterAll(() => {
  company?.leave();
  relay?.stop();
});

it.each([
  [
    '19,000 words at once to 1,000 others',
    1_000,
    async (say: (words: number) => void) => {
      say(19_000);
      await sleep(WATCHED_MS);
    },
  ],
  [
    '9,000 words a second to 500 others',
    500,
    async (say: (words: number) => void) => {
      for (let second = 0; second < 3; second++) await flood(() => say(9));
    },
  ],
])('%s: everybody else is heard meanwhile, and nobody is taken for dead', TIMEOUT, async (_what, size, speak) => {
  const audience = await Audience.join(relay.port, size);
  onTestFinished(() => audience.leave());
  const [speaker] = await join(relay.port, 'speaker');
  speaker.resume();
  await company.experience();
  const { counts: before } = await relay.holdings();
  await speak((words) => push(speaker, Buffer.concat(Array(words).fill(WORD))));
  speaker.destroy();
  const { p99Ms, ...experience } = await company.experience();
  const { counts } = await relay.holdings();
  expect(experience).toMatchObject({ lost: 0, disconnects: 0 });
  expect(experience.received).toBeGreaterThan(MEMBERS * MEMBERS);
  expect(p99Ms).toBeLessThan(P99_MS);
  const heard = await audience.heard();
  expect(heard).toMatchObject({ clients: size, disconnects: 0 });
  expect(heard.deliveries).toBeGreaterThan(size * 100);
  expect(counts['ping_timeout 1011']).toBeUndefined();
  expect((counts.paused ?? 0) - (before.paused ?? 0)).toBeGreaterThan(0);
});
