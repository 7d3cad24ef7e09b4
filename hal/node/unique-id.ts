/**
 * What tells this computer from others, the same after every start: a MAC address of its own, or, without
 * network cards, a hash of its name.
 */
import { createHash } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';

const NO_ADDRESS = '000000000000';

/** 12 lower-case hexadecimal digits. */
export function hostUniqueId(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter(({ internal }) => !internal));
  const macs = addresses.map(({ mac }) => mac.replaceAll(':', '').toLowerCase()).filter((mac) => mac !== NO_ADDRESS);
  return macs.sort()[0] ?? createHash('sha1').update(hostname()).digest('hex').slice(0, NO_ADDRESS.length);
}

/** The first IPv4 address that others can reach, or ''. */
export function hostAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '';
}
