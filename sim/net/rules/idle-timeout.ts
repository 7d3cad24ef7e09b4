/**
 * A NAT or proxy that forgets a flow through which nothing passed for a while. Later packets of that flow
 * vanish in both directions without a word, until a new SYN begins a new one: why a silent connection needs a
 * keepalive (RFC 5382 section 5).
 *
 * One table for both directions of a link. A NAT does not get back what it forgot: also with another timeout,
 * or none, what is forgotten stays so. Flows that were there before it count as idle since then. Not
 * modelled: RST from a NAT that denies, entries that go sooner after FIN.
 */
import { formatDuration } from 'host/units';
import { duration } from '../../kernel/fields.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { LinkRule } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import { ACK, type Packet, RST, SYN, UDP } from '../wire/packet.ts';

/**
 * Flows that are known for one board; beyond, the one that was idle longest is forgotten. A board has at most
 * 16 TCP connections.
 */
export const KNOWN_FLOWS = 64;
/**
 * Tables are swept about once a second; less would forget a flow between a segment and its acknowledgement.
 */
const MIN_TIMEOUT_MS = 1_000;
/** A month, as long as a run can be. */
const MAX_TIMEOUT_MS = 30 * 86_400_000;

const FORGOTTEN = -1;

export class IdleTimeout implements Rule {
  /** When something last passed, µs, or FORGOTTEN, by flow; the longest unused first. */
  private readonly passedAtUs = new Map<number, number>();
  /** Flows that nobody was told of yet, and since when they have been forgotten, µs. */
  private readonly untold = new Map<number, number>();
  /** The same as `passedAtUs` for flows that are not in the table. */
  private strangersAtUs: number;
  private timeoutUs = Number.POSITIVE_INFINITY;
  private readonly onForgotten: (flow: number, forUs: number) => void;

  /**
   * @param onForgotten told once per flow, at the first packet that vanishes, and for how long it has been
   *   forgotten by then, µs; not of a handshake, which may go on with its next SYN, and not of an RST, which
   *   may be for one whose first SYN was lost
   */
  constructor(nowUs: number, onForgotten: (flow: number, forUs: number) => void) {
    this.strangersAtUs = nowUs;
    this.onForgotten = onForgotten;
  }

  /** @param timeoutUs longest idle time, µs; Infinity: from now on nothing is forgotten */
  setTimeoutUs(timeoutUs: number, nowUs: number): void {
    for (const [flow, atUs] of this.passedAtUs) if (atUs !== FORGOTTEN && this.overdueUs(atUs, nowUs) > 0) this.forget(flow, atUs, nowUs);
    if (this.overdueUs(this.strangersAtUs, nowUs) > 0) this.strangersAtUs = FORGOTTEN;
    this.timeoutUs = timeoutUs;
  }

  judge(packet: Packet, nowUs: number): number {
    const { flow, flags } = packet;
    if (flags & UDP) return 0; // each question makes an entry of its own
    const known = this.passedAtUs.get(flow);
    if ((flags & (SYN | ACK)) === SYN) {
      this.untold.delete(flow);
      this.note(flow, nowUs);
      return 0;
    }
    const atUs = known ?? this.strangersAtUs;
    const isForgotten = atUs === FORGOTTEN || this.overdueUs(atUs, nowUs) > 0;
    if (!isForgotten) {
      this.note(flow, Math.max(atUs, nowUs));
      return 0;
    }
    if (known !== FORGOTTEN) this.forget(flow, atUs, nowUs);
    if (!(flags & (SYN | RST))) this.tell(flow, nowUs);
    return DROP;
  }

  private overdueUs(atUs: number, nowUs: number): number {
    return nowUs - atUs - this.timeoutUs;
  }

  private forget(flow: number, atUs: number, nowUs: number): void {
    this.note(flow, FORGOTTEN);
    this.untold.set(flow, atUs === FORGOTTEN ? nowUs : atUs + this.timeoutUs);
  }

  private tell(flow: number, nowUs: number): void {
    const sinceUs = this.untold.get(flow);
    if (sinceUs === undefined) return;
    this.untold.delete(flow);
    this.onForgotten(flow, nowUs - sinceUs);
  }

  private note(flow: number, atUs: number): void {
    this.passedAtUs.delete(flow); // to the end of the table
    this.passedAtUs.set(flow, atUs);
    if (this.passedAtUs.size <= KNOWN_FLOWS) return;
    const [[oldest, oldestAtUs]] = this.passedAtUs;
    this.passedAtUs.delete(oldest);
    this.untold.delete(oldest);
    this.strangersAtUs = FORGOTTEN; // what was pushed out must not come back as a stranger
    if (oldestAtUs !== FORGOTTEN) this.onForgotten(oldest, 0);
  }
}

export const idleTimeout = {
  place: 'relay',
  settings: {
    idleTimeoutMs: {
      key: 'idle_timeout',
      about: 'A NAT or proxy on the path forgets a connection that was idle for longer; without it nobody forgets',
      field: duration(MIN_TIMEOUT_MS, MAX_TIMEOUT_MS),
    },
  },
  describe: ({ idleTimeoutMs }) => {
    if (idleTimeoutMs === undefined) return null;
    const value = formatDuration(idleTimeoutMs);
    return { label: 'Idle timeout', value, clause: `forgets connections that were idle for ${value}` };
  },
  create: ({ idleTimeoutMs }, { nowUs, onForgotten }, previous) => {
    if (previous === null && idleTimeoutMs === undefined) return null;
    const table = previous?.up ?? new IdleTimeout(nowUs, onForgotten);
    table.setTimeoutUs(idleTimeoutMs === undefined ? Number.POSITIVE_INFINITY : usFromMs(idleTimeoutMs), nowUs);
    return { up: table, down: table };
  },
} as const satisfies LinkRule<{ idleTimeoutMs?: number }, { up: IdleTimeout; down: IdleTimeout }>;
