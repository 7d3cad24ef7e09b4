/**
 * The station side of Wi-Fi: join one access point, hear when it is lost. Nothing here retries; that is the
 * firmware's Wi-Fi keeper.
 */

/**
 * When the radio of a joined board sleeps, by ESP-IDF's names (wifi_ps_type_t, esp_wifi_set_ps): never; until
 * the access point's next DTIM; until the next of its own listen interval's beacons, whatever the DTIMs are.
 */
export type PowerSaveMode = 'none' | 'min_modem' | 'max_modem';

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
   * How the radio saves power from now on, until the next boot; what holds before the first call is the
   * platform's (ESP-IDF: `min_modem`). Nothing is lost by it: what comes waits at the access point, for a
   * beacon's interval (about 100 ms) times the DTIM or the listen interval at most. Where nobody's radio can
   * be told, as on a computer, it has no effect.
   * @param listenInterval of `max_modem`, beacons, 1 to 100; counts from the next join on, which announces it
   *   (wifi_sta_config_t). Left out: the platform's (ESP-IDF: 3)
   * @throws Error when a value is none of these, or the platform cannot: Espruino takes no interval
   */
  powerSave(mode: PowerSaveMode, listenInterval?: number): void;

  /**
   * One handler (a second call replaces it) for the loss of the access point after a join; whether a platform
   * counts leaving by `connect` as one is open. About 8.5 s after the access point vanished (6 s of missing
   * beacons, then probes); at once after a deauthentication. All sockets are dead by then.
   */
  onDisconnected(handler: (reason: string) => void): void;
}
