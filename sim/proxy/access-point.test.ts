/** An access point of a proxied scenario that changes its channel: what the proxy makes of it, and when. */
import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import type { LinkProxy } from './proxy.ts';
import { proxyControls } from './steps.ts';

/** What is done to links and devices, with the second. */
function makeProxy() {
  const kernel = new Kernel();
  const log: string[] = [];
  const note = (what: string) => void log.push(`${kernel.nowUs / 1e6} ${what}`);
  const proxy = {
    kernel,
    cutAll: (reason: string, on: boolean) => note(`${reason} ${on}`),
    connections: [{ loseDevice: () => note('reset') }],
  } as unknown as LinkProxy;
  return { log, accessPoint: proxyControls(proxy, 1).accessPoint(0), run: (seconds: number) => kernel.run(seconds * 1e6) };
}

describe('an access point between real devices and a real relay', () => {
  it('that announces its change of channel is not noticed', async () => {
    const { log, accessPoint, run } = makeProxy();
    expect([accessPoint.setChannel(6, true), accessPoint.setChannel(11, true)]).toEqual([1, 6]);
    await run(60);
    expect(log).toEqual([]);
  });

  it('that does not is silent until stations would have noticed, then their sockets are reset', async () => {
    const { log, accessPoint, run } = makeProxy();
    accessPoint.setChannel(6, false);
    await run(60);
    expect(log).toEqual(['0 channel true', '8.5 reset', '8.5 channel false']);
    accessPoint.setChannel(1, false);
    await run(120);
    expect(log.slice(3)).toEqual(['60 channel true', '68.5 reset', '68.5 channel false']);
  });

  it('that is back before that has cost packets alone, wherever it was in between', async () => {
    const { log, accessPoint, run } = makeProxy();
    accessPoint.setChannel(6, false);
    await run(3);
    accessPoint.setChannel(11, false);
    await run(5);
    accessPoint.setChannel(1, true);
    await run(60);
    expect(log).toEqual(['0 channel true', '5 channel false']);
  });
});
