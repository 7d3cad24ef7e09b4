/**
 * The two TCP stacks of a world, as sets of numbers: lwIP as ESP-IDF ships it, for boards, and Linux, for the
 * relay.
 *
 * Sources: ESP-IDF `components/lwip/Kconfig` and `port/include/lwipopts.h`, esp-lwip 2.1.3 `src/core/tcp*.c`;
 * Linux `net/ipv4` and its sysctls as measured on 6.18. Linux is held against measurements of a real kernel
 * (`npm run fidelity`); the rules are in the senders.
 */

interface CommonParameters {
  /** Maximum segment size, bytes. */
  readonly mss: number;
  /** Bytes that a writer may have queued and unacknowledged before it is asked to wait. */
  readonly sendBufferBytes: number;
  /** Receive buffer and largest window offered, bytes. */
  readonly receiveBufferBytes: number;
  readonly timestamps: boolean;
  readonly sack: boolean;
  /** Small segments wait while data is unacknowledged (RFC 9293 section 3.7.4); off with TCP_NODELAY. */
  readonly nagle: boolean;
  /**
   * Segments are sent with DF, and ICMP says what would pass (path MTU discovery, RFC 1191); without, routers
   * fragment them.
   */
  readonly dontFragment: boolean;
  /** SYN-ACKs a listener resends before it forgets the attempt. */
  readonly synAckRetries: number;
  /** How long a connection that its application has closed may linger, ms. */
  readonly orphanMs: number;
}

export interface LinuxParameters extends CommonParameters {
  readonly kind: 'linux';
  /**
   * RTO before the first RTT sample, ms (RFC 6298; TCP_TIMEOUT_INIT), and after a handshake that gave none
   * (TCP_TIMEOUT_FALLBACK).
   */
  readonly initialRtoMs: number;
  readonly fallbackRtoMs: number;
  /** Floor of the variance term, not of the RTO: RTO is about SRTT + this (TCP_RTO_MIN). */
  readonly rtoMinMs: number;
  readonly rtoMaxMs: number;
  /**
   * SYN retries that keep the first gap before it doubles (tcp_syn_linear_timeouts; 0 = classic 1, 3, 7 s).
   */
  readonly synLinearTimeouts: number;
  readonly synRetries: number;
  /** Gives data up after as long as this many doubling timeouts from rtoMinMs would take (tcp_retries2). */
  readonly dataRetries: number;
  /** Replaces dataRetries when above 0 (TCP_USER_TIMEOUT), ms. */
  readonly userTimeoutMs: number;
  readonly delayedAckMs: number;
  /** Timers count in these, ms (CONFIG_HZ 250). */
  readonly jiffyMs: number;
}

export interface LwipParameters extends CommonParameters {
  readonly kind: 'lwip';
  /** Grain of the retransmission timer, ms (TCP_SLOW_INTERVAL). */
  readonly slowTimerMs: number;
  /** Grain of the delayed acknowledgement, ms (TCP_FAST_INTERVAL). */
  readonly fastTimerMs: number;
  /** RTO before the first RTT sample, in slow ticks. */
  readonly initialRtoTicks: number;
  readonly synRetries: number;
  readonly dataRetries: number;
}

export type TcpParameters = LinuxParameters | LwipParameters;

export const LINUX: LinuxParameters = {
  kind: 'linux',
  mss: 1448, // 1500 - 40 - 12 (timestamps)
  sendBufferBytes: 87_040, // what an untouched socket of tcp_wmem 4096 16384 4194304 grows to for small writes; assumed
  receiveBufferBytes: 65_535, // tcp_rmem 131072 minus overhead, without window scaling
  timestamps: true, // net.ipv4.tcp_timestamps
  sack: true, // net.ipv4.tcp_sack
  dontFragment: true, // net.ipv4.ip_no_pmtu_disc 0
  nagle: false, // Node's http server and ws set TCP_NODELAY
  synAckRetries: 5, // tcp_synack_retries
  orphanMs: 60_000, // tcp_fin_timeout 60 s; tcp_orphan_retries 0 means 8, about as long
  initialRtoMs: 1000,
  fallbackRtoMs: 3000,
  rtoMinMs: 200,
  rtoMaxMs: 120_000,
  synLinearTimeouts: 4,
  synRetries: 6, // tcp_syn_retries
  dataRetries: 15, // tcp_retries2: 924.6 s
  userTimeoutMs: 0,
  delayedAckMs: 40, // TCP_ATO_MIN
  jiffyMs: 4,
};

export const LWIP: LwipParameters = {
  kind: 'lwip',
  mss: 1440, // CONFIG_LWIP_TCP_MSS 1440
  sendBufferBytes: 5760, // CONFIG_LWIP_TCP_SND_BUF_DEFAULT 5760 (4 x MSS; 5744 before IDF 5.2)
  receiveBufferBytes: 5760, // CONFIG_LWIP_TCP_WND_DEFAULT 5760
  timestamps: false, // LWIP_TCP_TIMESTAMPS 0
  sack: false, // CONFIG_LWIP_TCP_SACK_OUT n
  dontFragment: false, // ip4_output_if sets no IP_DF; lwIP's path MTU discovery is IPv6's
  nagle: true, // Espruino's network_esp32.c does not set TCP_NODELAY
  synAckRetries: 5,
  orphanMs: 20_000, // TCP_FIN_WAIT_TIMEOUT 20 s
  slowTimerMs: 500,
  fastTimerMs: 250, // CONFIG_LWIP_TCP_TMR_INTERVAL 250
  initialRtoTicks: 3, // CONFIG_LWIP_TCP_RTO_TIME 1500 (high-speed retransmission, the default)
  synRetries: 12, // CONFIG_LWIP_TCP_SYNMAXRTX 12
  dataRetries: 12, // CONFIG_LWIP_TCP_MAXRTX 12
};

/**
 * The relay's host runs with `net.ipv4.tcp_rto_min_us=300000`. At Linux's default of 200 ms lwIP's delayed
 * acknowledgement (up to 250 ms) comes after the timeout at times, and segments that were not lost are sent
 * again: harmless, but a loss-free link should show no retransmission.
 */
export const RELAY_TCP: LinuxParameters = { ...LINUX, rtoMinMs: 300 };
