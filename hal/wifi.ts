/**
 * The station side of Wi-Fi: join one access point, hear when it is lost. Nothing here retries; that is the
 * firmware's Wi-Fi keeper.
 */

export interface Wifi {
  /**
   * Starts to join; a board that is joined leaves first, which ends its sockets, and is not connected until
   * it has joined anew. `done` gets null when the board has an IP address, else the platform's reason (for
   * the log). It is called at most once and, on some platforms, never: the caller owns a deadline and may
   * look at `isConnected`. A second call abandons the first.
   */
  connect(ssid: string, password: string, done: (failure: string | null) => void): void;

  /**
   * True while the board has an IP address as far as the platform knows: a dead uplink behind a living access
   * point is not noticed.
   */
  isConnected(): boolean;

  /**
   * How strong the access point is, dBm (-30 beside it, -90 hardly there); null when not joined, or unknown.
   */
  rssi(): number | null;

  /** The board's IPv4 address, such as `192.168.1.7`; '' while it has none. */
  address(): string;

  /**
   * One handler (a second call replaces it) for the loss of the access point after a join; whether a platform
   * counts leaving by `connect` as one is open. About 8.5 s after the access point vanished (6 s of missing
   * beacons, then probes); at once after a deauthentication. All sockets are dead by then.
   */
  onDisconnected(handler: (reason: string) => void): void;
}
