/**
 * How long frames take on the air: 802.11n at 2.4 GHz, HT-mixed format on 20 MHz, one stream, 800 ns guard
 * interval, and the DSSS rates of 802.11b.
 *
 * Source: IEEE 802.11-2020, clauses 15 and 16 (DSSS, HR/DSSS, long preamble), 18 (ERP-OFDM) and 19.4.3 (HT).
 * Durations were confirmed frame by frame with ns-3.37. Not modelled: 40 MHz, short guard interval, short
 * DSSS preamble, more than one stream, 802.11g data rates.
 */

/**
 * What every frame adds to an IP packet, bytes: LLC/SNAP header 8, QoS data header 26, FCS 4 (9.2.3).
 * Encryption's 16 (CCMP) are left out.
 */
export const MAC_OVERHEAD_BYTES = 38;
/** Short interframe space, µs (ERP and HT at 2.4 GHz; 18.4.5, 19.4.4). */
export const SIFS_US = 10;
/** A slot, µs, short as in every BSS without stations of 802.11b (18.4.5). */
export const SLOT_US = 9;

const ACK_BYTES = 14;
const BLOCK_ACK_BYTES = 32;
const BLOCK_ACK_REQUEST_BYTES = 24;
const BITS_PER_BYTE = 8;
/**
 * The start of an OFDM frame that is waited for before an acknowledgement counts as missing, µs
 * (aRxPHYStartDelay, 18.4.5).
 */
const OFDM_START_US = 20;
const DSSS_PREAMBLE_US = 192;
/** Silence after an ERP-OFDM or HT frame, part of its duration, µs (signal extension, 10.3.8). */
const SIGNAL_EXTENSION_US = 6;
/** Service and tail bits of an OFDM frame. */
const OFDM_EXTRA_BITS = 22;
const OFDM_SYMBOL_US = 4;

/** One frame format at one rate: fixed parts, and symbols that carry so many bits each. */
interface Format {
  preambleUs: number;
  symbolUs: number;
  bitsPerSymbol: number;
  extraBits: number;
  extensionUs: number;
}

function durationUs(format: Format, bytes: number): number {
  const symbols = Math.ceil((format.extraBits + BITS_PER_BYTE * bytes) / format.bitsPerSymbol);
  return format.preambleUs + format.symbolUs * symbols + format.extensionUs;
}

/** A rate at which data frames are sent, with the control responses that belong to it. */
export class PhyRate {
  /** As on the command line: `mcs7`, `dsss1`. */
  readonly name: string;
  /** Bits per second on the air. */
  readonly bps: number;
  readonly ackUs: number;
  readonly blockAckUs: number;
  /** A request for a block acknowledgement, without the answer, µs. */
  readonly blockAckRequestUs: number;
  /**
   * From the end of a frame until its sender gives up waiting for the acknowledgement, µs: SIFS, a slot and
   * the start of a frame (10.3.2.9).
   */
  readonly ackTimeoutUs: number;
  private readonly format: Format;

  constructor(name: string, format: Format, control: Format, startUs: number) {
    this.name = name;
    this.bps = (format.bitsPerSymbol * 1_000_000) / format.symbolUs;
    this.format = format;
    this.ackUs = durationUs(control, ACK_BYTES);
    this.blockAckUs = durationUs(control, BLOCK_ACK_BYTES);
    this.blockAckRequestUs = durationUs(control, BLOCK_ACK_REQUEST_BYTES);
    this.ackTimeoutUs = SIFS_US + SLOT_US + startUs;
  }

  /**
   * Duration of a frame, µs. @param psduBytes of the MAC frame, header and FCS included, or of the whole
   * A-MPDU
   */
  airUs(psduBytes: number): number {
    return durationUs(this.format, psduBytes);
  }
}

/** Data bits per symbol of MCS 0 to 7 on 20 MHz (table 19-27). */
const HT_BITS = [26, 52, 78, 104, 156, 208, 234, 260];
/**
 * Data bits per symbol at 6, 12 and 24 Mbit/s (table 17-4), the mandatory rates at which OFDM frames are
 * answered.
 */
const CONTROL_BITS = [24, 48, 96];

function erpOfdm(bitsPerSymbol: number): Format {
  return {
    preambleUs: OFDM_START_US,
    symbolUs: OFDM_SYMBOL_US,
    bitsPerSymbol,
    extraBits: OFDM_EXTRA_BITS,
    extensionUs: SIGNAL_EXTENSION_US,
  };
}

/**
 * An answer goes at the fastest mandatory rate that is not above the frame's own, by its modulation
 * (10.6.6.5).
 */
function ht(mcs: number): PhyRate {
  const control = mcs >= 3 ? CONTROL_BITS[2] : mcs >= 1 ? CONTROL_BITS[1] : CONTROL_BITS[0];
  const format = { ...erpOfdm(HT_BITS[mcs]), preambleUs: 36 };
  return new PhyRate(`mcs${mcs}`, format, erpOfdm(control), OFDM_START_US);
}

function dsss(mbps: number): PhyRate {
  const format = { preambleUs: DSSS_PREAMBLE_US, symbolUs: 1, bitsPerSymbol: mbps, extraBits: 0, extensionUs: 0 };
  return new PhyRate(`dsss${mbps}`, format, format, DSSS_PREAMBLE_US);
}

/** Slowest first: 802.11b at 1, 2, 5.5 and 11 Mbit/s, then 802.11n at 6.5 to 65. */
export const RATES: readonly PhyRate[] = [...[1, 2, 5.5, 11].map(dsss), ...HT_BITS.map((_, mcs) => ht(mcs))];

export const DSSS_1 = RATES[0];
export const MCS_7 = RATES[RATES.length - 1];

/** @param bps one of those above */
export function rateOf(bps: number): PhyRate {
  const rate = RATES.find((one) => one.bps === bps);
  if (rate === undefined) throw new Error(`no frame goes at ${bps} bit/s`);
  return rate;
}

/** @returns null when there is no rate of that name */
export function rateNamed(name: string): PhyRate | null {
  return RATES.find((rate) => rate.name === name) ?? null;
}
