/**
 * The rules by which 802.11 radios share the air (EDCA, IEEE 802.11-2020 clause 10.23.2), as numbers with
 * their source.
 *
 * Everything here is best effort (AC_BE), the category of TCP without a DSCP mark.
 */
import * as phy from './phy.ts';

/** Constants of this module's own: they are read at every look at the air. */
const { SIFS_US, SLOT_US } = phy;

/**
 * Silence before a radio counts slots, µs: SIFS and three slots, AIFSN of AC_BE for stations and access
 * points (table 9-155; hostapd, ap_config.c).
 */
export const AIFS_US = SIFS_US + 3 * SLOT_US;
/** Before a beacon, which has no back-off, µs: a point coordinator's interframe space (10.3.2.3.4). */
export const BEACON_IFS_US = SIFS_US + SLOT_US;

/**
 * When a frame is noticed after its begin, µs: once its first 4 µs have been heard (aCCATime of OFDM,
 * 17.4.4), so radios whose slots begin up to 4 µs after each other collide. That they do not all begin
 * together is because who waited for an acknowledgement in vain counts from another moment than the rest.
 */
export const NOTICED_US = 5;

/**
 * A back-off is drawn from 0 to the contention window, slots (table 9-155). The window doubles with each try
 * of a frame.
 */
export const CW_MIN = 15;
export const CW_MAX = 1023;
/**
 * An access point's own limit: hostapd sets 4 (CWmin + 1) - 1 for its best effort (txq_be in ap_config.c),
 * not what it tells its stations.
 */
export const ACCESS_POINT_CW_MAX = 63;

/**
 * Slots that a radio counts from when its AIFS ends until it notices a frame that begins at `sinceUs`: one at
 * the end of AIFS and one at the end of each idle slot (10.23.2.4).
 */
export function slotsCounted(fromUs: number, sinceUs: number): number {
  const heardUs = sinceUs + NOTICED_US - 1;
  return heardUs < fromUs ? 0 : Math.floor((heardUs - fromUs) / SLOT_US) + 1;
}

/** The first slot boundary at or after `us`, of those that begin at `fromUs`. */
export function slotBoundary(fromUs: number, us: number): number {
  return us <= fromUs ? fromUs : fromUs + Math.ceil((us - fromUs) / SLOT_US) * SLOT_US;
}
