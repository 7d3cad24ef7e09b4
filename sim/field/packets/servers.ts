/** Where clients connect: what is known of each address and port that somebody was seen to serve at. */
import type { Client } from './client.ts';

export interface Downtime {
  fromMs: number;
  toMs: number;
}

export class Server {
  /** As people write it. */
  readonly name: string;
  readonly port: number;
  /** By their address. */
  readonly clients = new Map<string, Client[]>();
  readonly downtimes: Downtime[] = [];
  private answeredMs: number | null = null;
  private goneMs: number | null = null;

  constructor(name: string, port: number) {
    this.name = name;
    this.port = port;
  }

  /** It accepted a connection, or said something in one. */
  answered(atMs: number): void {
    if (this.goneMs !== null && atMs > this.goneMs) this.downtimes.push({ fromMs: this.goneMs, toMs: atMs });
    this.goneMs = null;
    this.answeredMs = atMs;
  }

  /** Its machine did, by a reset: nobody listens, since it last said something. */
  refused(atMs: number): void {
    this.goneMs ??= this.answeredMs ?? atMs;
  }

  /** @param path null: it cannot be read; whoever of this address has no session then is taken for it */
  clientOf(address: string, path: string | null, isTls: boolean, atMs: number): Client | null {
    const known = this.clients.get(address) ?? [];
    const exact = path === null ? undefined : known.find((one) => one.path === path);
    const found = exact ?? known.find((one) => (path === null || one.path === null) && one.isTls === isTls && !one.isAlive(atMs));
    if (found !== undefined) found.path ??= path;
    return found ?? null;
  }

  add(client: Client): void {
    const known = this.clients.get(client.address);
    if (known === undefined) this.clients.set(client.address, [client]);
    else known.push(client);
  }
}
