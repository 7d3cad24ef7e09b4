/**
 * A board's questions for names, and what it remembers of the answers, as lwIP does (src/core/dns.c): an
 * answer is kept for as long as it says (TTL), one with TTL 0 not at all, and asked again only then; a reset
 * forgets all. Every name has the address that the settings say. Not modelled: room for four names only.
 */
import type { RandomStream } from '../kernel/random.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { usFromMs } from '../kernel/units.ts';
import { RELAY_ADDRESS } from '../net/wan/address.ts';
import { isAddress, resolveHost } from './dns.ts';

/** What the name server of the board's network says. */
export interface DnsSettings {
  address: string;
  ttlMs: number;
  /** It answers so much later, ms. */
  delayMs: number;
}

export const DEFAULT_DNS: DnsSettings = { address: RELAY_ADDRESS, ttlMs: 0, delayMs: 0 };

interface Remembered {
  address: string;
  untilUs: number;
}

export class Resolver {
  /** Nobody answers. */
  down = false;
  settings = DEFAULT_DNS;
  private readonly kernel: Timeline;
  private readonly lossRate: () => number;
  private readonly remembered = new Map<string, Remembered>();

  /** @param lossRate packet loss of the link, asked at each query */
  constructor(kernel: Timeline, lossRate: () => number) {
    this.kernel = kernel;
    this.lossRate = lossRate;
  }

  /** Changes some settings. @returns what they were */
  change(settings: Partial<DnsSettings>): Partial<DnsSettings> {
    const before = this.settings;
    this.settings = { ...before, ...settings };
    return Object.fromEntries(Object.keys(settings).map((name) => [name, before[name as keyof DnsSettings]]));
  }

  reset(): void {
    this.remembered.clear();
  }

  /**
   * @param done called with the address, or null when there is none; at once for what is an address, which is
   *   the relay's first, or is remembered
   */
  resolve(host: string, random: () => RandomStream, done: (address: string | null) => void): void {
    const { kernel, lossRate, remembered } = this;
    const known = remembered.get(host);
    if (isAddress(host)) done(RELAY_ADDRESS);
    else if (known !== undefined && known.untilUs > kernel.nowUs) done(known.address);
    else
      resolveHost(
        host,
        kernel,
        random,
        this.settings.delayMs,
        () => (this.down ? 1 : lossRate()),
        (found) => {
          const { address, ttlMs } = this.settings;
          if (found && ttlMs > 0) remembered.set(host, { address, untilUs: kernel.nowUs + usFromMs(ttlMs) });
          else remembered.delete(host);
          done(found ? address : null);
        },
      );
  }
}
