/** What boards can take of an update: firmware/ota/image-store.ts, which a test holds to be the same. */

/** The longest file of a board, bytes. */
export const UPDATE_IMAGE_MAX_BYTES = 65_536;
/** A chunk, bytes. */
export const UPDATE_CHUNK_MAX_BYTES = 4_064;
