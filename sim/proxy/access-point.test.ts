/** What a proxy makes of access points that change their channel, or send stations away, and when. */
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
    wan: { balancer: null },
    kernel,
    cutAll: (reason: string, on: boolean) => note(`${reason} ${on}`),
    connections: [1, 2].map((number) => ({ device: { number }, loseDevice: () => note(`reset ${number}`) })),
  } as unknown as LinkProxy;
  const controls = proxyControls(proxy, 2);
  return { log, controls, accessPoint: controls.accessPoint(0), run: (seconds: number) => kernel.run(seconds * 1e6) };
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
    expect(log).toEqual(['0 channel true', '8.5 reset 1', '8.5 reset 2', '8.5 channel false']);
    accessPoint.setChannel(1, false);
    await run(120);
    expect(log.slice(4)).toEqual(['60 channel true', '68.5 reset 1', '68.5 reset 2', '68.5 channel false']);
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

  it('that sends one away resets its socket: at once, or when its keys have been renewed in vain', async () => {
    const { log, controls, run } = makeProxy();
    controls.board(1).deauthenticate(3);
    controls.board(0).failRekey('group');
    await run(60);
    expect(log).toEqual(['0 reset 2', '4 reset 1']);
  });
});
