/**
 * The suite on the firmware's client, which is strictly right in all of it; on npm `ws`, for comparison, with
 * the figures of the README; and on clients that are wrong on purpose, so that every case is seen to fail.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Outcome, PROTOCOL_CASES, runSuite } from './suite.ts';
import { makeFirmwareRig } from './testing/firmware-rig.ts';
import { makeClumsyRig, makeGullibleRig, makeSilentRig, makeTouchyRig } from './testing/naive-rigs.ts';
import { makeWsRig } from './testing/ws-rig.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** What a server must not do: whoever lets it pass is not strictly right. */
const OFFENCE =
  /^(handshake defect|oversize: (header|many)|control frames|reserved|masked|fragment order|bad UTF-8|closing: illegal|closing: body of one)/;

function tally(outcomes: readonly Outcome[]): { failed: string[]; loose: string[]; strict: number } {
  const failed = outcomes.flatMap(({ name, verdict }) =>
    typeof verdict === 'object' && 'failed' in verdict ? [`${name}: ${verdict.failed}`] : [],
  );
  const loose = outcomes.flatMap(({ verdict }) => (typeof verdict === 'object' && 'loose' in verdict ? [verdict.loose] : []));
  return { failed, loose, strict: outcomes.length - failed.length - loose.length };
}

/** Reasons, the most frequent first, as rows of the README. */
function rows(reasons: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} × ${reason}`);
}

describe("the firmware's client is strictly right", () => {
  it.each(PROTOCOL_CASES)('$name', async ({ run }) => {
    expect(await run(makeFirmwareRig())).toBe('strict');
  });
});

describe('the suite', () => {
  it('has several hundred cases, no two of the same name', () => {
    expect(PROTOCOL_CASES.length).toBeGreaterThanOrEqual(350);
    expect(new Set(PROTOCOL_CASES.map(({ name }) => name)).size).toBe(PROTOCOL_CASES.length);
  });

  it('has no case that every client passes', async () => {
    const passed = new Set(PROTOCOL_CASES.map(({ name }) => name));
    const outcomes = [...(await runSuite(makeSilentRig)), ...(await runSuite(makeGullibleRig))];
    // Without a key it gets no further than its request.
    outcomes.push(...(await runSuite(makeClumsyRig)).filter(({ name }) => name.startsWith('request: ')));
    for (const { name, verdict } of outcomes) if (verdict !== 'strict') passed.delete(name);
    expect([...passed]).toEqual([]);
  });

  it('lets a client that believes everything pass no offence', async () => {
    const offences = (await runSuite(makeGullibleRig)).filter(({ name }) => OFFENCE.test(name));
    expect(offences.length).toBeGreaterThan(200);
    expect(offences.filter(({ verdict }) => verdict === 'strict')).toEqual([]);
  });

  it('lets a client that bears nothing pass no frame that is sound', async () => {
    const sound = (await runSuite(makeTouchyRig)).filter(({ name }) =>
      /^(lengths: .* bytes$|lengths: .*segment|pings|pongs|fragments|UTF-8):?/.test(name),
    );
    expect(sound.length).toBeGreaterThan(150);
    expect(sound.filter(({ verdict }) => typeof verdict === 'string' || !('failed' in verdict))).toEqual([]);
  });

  it('says of ws, and of the firmware, what the README says', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [ws, firmware] = [tally(await runSuite(makeWsRig)), tally(await runSuite(makeFirmwareRig))];
    const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
    expect(ws.failed).toEqual([]);
    expect(readme).toContain(`| firmware | ${PROTOCOL_CASES.length} | 0 | ${firmware.strict} |`);
    expect(readme).toContain(`| npm \`ws\` 8.23.0 | ${PROTOCOL_CASES.length} | 0 | ${ws.strict} |`);
    for (const row of rows(ws.loose)) expect(readme).toContain(row);
  });
});
