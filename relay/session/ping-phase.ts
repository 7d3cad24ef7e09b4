/**
 * How much earlier than after a whole interval a session's second ping comes: a fixed share per client id, so
 * that pings are spread over the interval, and the same client meets the same rhythm at every relay and in
 * the simulator. The first ping is nobody's sooner than others': no id has less time than others to answer
 * it.
 */

/**
 * FNV-1a (offset basis, prime) over UTF-16 units, then the finalizer of MurmurHash3, without which near ids
 * have near phases.
 */
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const UINT32_RANGE = 2 ** 32;

/** @returns uniform over [0, 1) as far as ids differ */
export function pingPhase(id: string): number {
  let hash = FNV_BASIS;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / UINT32_RANGE;
}
