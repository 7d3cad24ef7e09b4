/**
 * A device as the proxy knows it: a number, an address and a link of its own, whose weather stays when the
 * device connects again.
 *
 * A new connection belongs to the first device with its address that has none; so a board keeps its number
 * through reconnects. Several devices behind one address (a NAT, or clients on this computer) are told apart
 * only as long as they are connected.
 */
import type { Link } from '../net/link/link.ts';
import type { Target } from './toxics.ts';

/**
 * Numbers given out; a proxy that has seen so many different addresses is on the open internet, where it
 * should not be.
 */
export const MAX_DEVICES = 1_000;

export interface Device {
  /** From 1, in the order of the first connection; `board-1` of a scenario. */
  readonly number: number;
  readonly address: string;
  readonly link: Link;
  /**
   * The connection whose real socket it has open; null: none, be there half-open ones that it has left
   * behind.
   */
  connection: number | null;
}

export class Devices {
  private readonly devices: Device[] = [];
  private readonly linkOf: (index: number) => Link;

  /** @param linkOf the link of the device of this 0-based index */
  constructor(linkOf: (index: number) => Link) {
    this.linkOf = linkOf;
  }

  get count(): number {
    return this.devices.length;
  }

  /** The device that makes this connection from `address`; null when there are too many. */
  claim(address: string, connection: number): Device | null {
    let device = this.devices.find((one) => one.address === address && one.connection === null);
    if (!device) {
      if (this.devices.length >= MAX_DEVICES) return null;
      device = { number: this.devices.length + 1, address, link: this.linkOf(this.devices.length), connection: null };
      this.devices.push(device);
    }
    device.connection = connection;
    return device;
  }
}

export function isTargeted(device: Device, targets: readonly Target[]): boolean {
  return targets.length === 0 || targets.includes(device.number) || targets.includes(device.address);
}
