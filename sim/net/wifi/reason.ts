/** Disconnect reasons of ESP-IDF. */
export const REASON = {
  authExpire: '2',
  tooMany: '5',
  class3Frame: '7',
  handshakeTimeout: '15',
  groupKeyTimeout: '16',
  beaconTimeout: '200',
  noApFound: '201',
  roaming: '207',
  dhcp: 'dhcp timeout',
} as const;
