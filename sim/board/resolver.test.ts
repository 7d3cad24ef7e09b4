import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { RandomStreams } from '../kernel/random.ts';
import { RELAY_ADDRESS } from '../net/wan/address.ts';
import { Resolver } from './resolver.ts';

const MOVED = '192.0.2.7';

class Lab {
  readonly kernel = new Kernel();
  readonly resolver = new Resolver(this.kernel, () => 0);

  /** What it says, and how long that takes, ms. */
  async ask(host = 'relay.example'): Promise<[address: string | null, tookMs: number]> {
    const { kernel } = this;
    const fromUs = kernel.nowUs;
    let said: [string | null, number] | null = null;
    this.resolver.resolve(
      host,
      () => new RandomStreams(1).stream('dns'),
      (address) => {
        said = [address, (kernel.nowUs - fromUs) / 1000];
      },
    );
    await kernel.run(fromUs + 8_000_000);
    if (said === null) throw new Error('no answer');
    return said;
  }
}

describe('a resolver', () => {
  it('asks each time when answers may not be remembered', async () => {
    const lab = new Lab();
    expect([await lab.ask(), await lab.ask()]).toEqual([
      [RELAY_ADDRESS, 20],
      [RELAY_ADDRESS, 20],
    ]);
  });

  it('says what it remembers until its time is over, whatever DNS says by then', async () => {
    const lab = new Lab();
    lab.resolver.change({ ttlMs: 20_000 });
    await lab.ask();
    lab.resolver.change({ address: MOVED });
    expect(await lab.ask()).toEqual([RELAY_ADDRESS, 0]);
    lab.resolver.down = true;
    expect(await lab.ask()).toEqual([RELAY_ADDRESS, 0]);
    lab.resolver.down = false;
    expect(await lab.ask()).toEqual([MOVED, 20]);
  });

  it('remembers nothing after a reset, and no failure', async () => {
    const lab = new Lab();
    lab.resolver.change({ ttlMs: 3_600_000 });
    await lab.ask();
    lab.resolver.reset();
    lab.resolver.down = true;
    expect(await lab.ask()).toEqual([null, 7_000]);
    lab.resolver.down = false;
    expect(await lab.ask()).toEqual([RELAY_ADDRESS, 20]);
  });

  it('takes an address for what it is, the relay’s first, and asks nobody', async () => {
    const lab = new Lab();
    lab.resolver.down = true;
    lab.resolver.change({ address: MOVED });
    expect(await lab.ask('10.1.2.3')).toEqual([RELAY_ADDRESS, 0]);
  });
});
