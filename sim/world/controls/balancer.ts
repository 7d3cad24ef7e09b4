/** The balancer before the relay, from outside. */
import type { BalancerSettings } from '../../net/balancer/settings.ts';

export interface BalancerControl {
  /** Changes some settings, for connections that are there too. @returns what they were */
  change(settings: Partial<BalancerSettings>): Partial<BalancerSettings>;
}
