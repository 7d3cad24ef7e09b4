/**
 * The rules by which 802.11 radios share the air (EDCA, IEEE 802.11-2020 clause 10.23.2), as numbers with their source.
 *
 * Everything here is best effort (AC_BE), the category of TCP without a DSCP mark.
 */
import { SIFS_US, SLOT_US } from './phy.ts';

/** Silence before a radio counts slots, µs: SIFS and three slots, AIFSN of AC_BE for stations and access points (table 9-155; hostapd, ap_config.c). */
export const AIFS_US = SIFS_US + 3 * SLOT_US;
/** Before a beacon, which has no back-off, µs: a point coordinator's interframe space (10.3.2.3.4). */
export const BEACON_IFS_US = SIFS_US + SLOT_US;

/**
 * A frame is noticed once its first 4 µs have been heard (aCCATime of OFDM, 17.3.10.6): radios whose slots begin within it of each other collide, although
 * the ones that waited for an acknowledgement in vain count from another moment than the rest.
 */
export const CCA_US = 4;

/** A back-off is drawn from 0 to the contention window, slots (table 9-155). The window doubles with each try of a frame. */
export const CW_MIN = 15;
export const CW_MAX = 1023;
/** An access point's own limit: hostapd sets 4 (CWmin + 1) - 1 for its best effort (txq_be in ap_config.c), not what it tells its stations. */
export const ACCESS_POINT_CW_MAX = 63;

/** Slots that a radio counts between two moments: EDCA counts one at the end of AIFS and one at the end of each idle slot (10.23.2.4). */
export function slotsCounted(fromUs: number, toUs: number): number {
  return toUs < fromUs ? 0 : Math.floor((toUs - fromUs) / SLOT_US) + 1;
}

/** The first slot boundary at or after `us`, of those that begin at `fromUs`. */
export function slotBoundary(fromUs: number, us: number): number {
  return us <= fromUs ? fromUs : fromUs + Math.ceil((us - fromUs) / SLOT_US) * SLOT_US;
}
