/** A real client library with a real server, as the comparison starts them. */

/** What is told of one client, with the time of this computer, ms. */
export type Tell = (client: number, what: 'open' | 'lost') => void;

export interface LiveServer {
  stop(): Promise<void>;
}

export interface LiveClients {
  close(): void;
}

/** Each after its share of the time, so that their pings are spread as those of a fleet are. */
export function spread(count: number, spreadMs: number, open: (client: number) => LiveClients): LiveClients {
  const clients: LiveClients[] = [];
  const timers = Array.from({ length: count }, (_, client) => setTimeout(() => clients.push(open(client)), (client * spreadMs) / count));
  return {
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      for (const one of clients) one.close();
    },
  };
}

/** Of a keepalive that is short enough to be waited for. */
export interface ShortKeepalive {
  /** As settings of a scenario, beside `client` and `server`. */
  boards: Record<string, string>;
  relay: Record<string, string>;
}

export interface LiveLibrary {
  name: string;
  /** Presets that it is set beside. */
  client: string;
  server: string;
  keepalive: ShortKeepalive;
  /** So much later than the model the server may find a dead link, as `differs` says, ms. */
  lateMs: number;
  /** The same of the client. */
  clientLateMs: number;
  /** Where model and library are known to differ, and why. */
  differs: readonly string[];
  /** What is not installed here; null: nothing. */
  missing(): string | null;
  /**
   * @param onLost to be called for each client that the server gives up, where the end of its socket does not
   *   say so: `tells`
   */
  serve(port: number, onLost: () => void): Promise<LiveServer>;
  tells?: true;
  /** @param port of the proxy on loopback @param spreadMs over which they come */
  connect(count: number, port: number, spreadMs: number, tell: Tell): LiveClients;
}
