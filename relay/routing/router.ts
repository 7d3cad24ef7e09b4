/**
 * Where a message goes: to all others and an acknowledgement to its sender, or back to its sender.
 *
 * The frame of a broadcast is built once and the same buffer is written to every session. A session that
 * cannot take it now loses it; nobody waits.
 */
import type { Cluster } from '../cluster/cluster.ts';
import type { Said } from '../cluster/notes.ts';
import type { RelayConfig } from '../config.ts';
import { BINARY, encodeFrame, TEXT } from '../session/frame.ts';
import type { Session } from '../session/session.ts';
import { acknowledgement, broadcastText, echoText } from './envelope.ts';
import type { Registry } from './registry.ts';

export class Router {
  private readonly config: Readonly<RelayConfig>;
  private readonly registry: Registry;
  private readonly epochMs: () => number;
  private readonly cluster: Cluster | null;

  /** @param epochMs milliseconds since 1970, for the `json` envelope */
  constructor(config: Readonly<RelayConfig>, registry: Registry, epochMs: () => number, cluster: Cluster | null = null) {
    this.config = config;
    this.registry = registry;
    this.epochMs = epochMs;
    this.cluster = cluster;
  }

  /** What a message costs now: how many sessions are told something. */
  get deliveries(): number {
    return this.config.mode === 'echo' ? 1 : this.registry.size;
  }

  route(sender: Session, payload: Buffer, binary: boolean): void {
    if (this.config.mode === 'echo') this.echo(sender, payload, binary);
    else this.broadcast(sender, payload, binary);
  }

  private echo(sender: Session, payload: Buffer, binary: boolean): void {
    const body = binary ? payload : echoText(this.config.envelope, payload, this.epochMs);
    sender.deliver(encodeFrame(binary ? BINARY : TEXT, body), body.length, 'reply');
  }

  /**
   * The sender first: it should not wait for a thousand others. What others will not hear is not
   * acknowledged.
   */
  private broadcast(sender: Session, payload: Buffer, binary: boolean): void {
    if (this.cluster?.say({ from: sender.id, binary, payload, at: this.epochMs() }) ?? true) {
      const reply = acknowledgement(this.config.envelope, this.epochMs);
      sender.deliver(encodeFrame(TEXT, reply), reply.length, 'reply');
    }
    if (this.registry.size > 1) this.toOthers(sender, sender.id, payload, binary, this.epochMs);
  }

  /** What a client of another node says. */
  passOn({ from, payload, binary, at }: Said): void {
    if (this.registry.size > 0) this.toOthers(null, from, payload, binary, () => at);
  }

  private toOthers(sender: Session | null, from: string, payload: Buffer, binary: boolean, epochMs: () => number): void {
    const body = binary ? payload : broadcastText(this.config.envelope, from, payload, epochMs);
    const frame = encodeFrame(binary ? BINARY : TEXT, body);
    for (const session of this.registry.all()) {
      if (session !== sender) session.deliver(frame, body.length, 'broadcast');
    }
  }
}
