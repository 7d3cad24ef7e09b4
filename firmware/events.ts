/**
 * The machine-readable events that firmware gives to `hal.log.event(name, subject, detail, value)`: what the
 * simulator's trace and metrics, and a device's console, know about a channel. Arguments that are not listed
 * are '' and 0.
 */

/**
 * States of the channel, in the order a good start passes them. `waiting`: between two attempts, for the
 * backoff.
 */
export type ChannelState = 'wifi' | 'tcp' | 'handshake' | 'open' | 'waiting';

/**
 * Why a channel left `open`, or an attempt did not get there. The first eight, and `refused` by HTTP, are the
 * kit's disconnect causes.
 */
export type ChannelCause =
  | 'ping_timeout' // the relay closed with its keepalive's reason
  | 'board_ping_timeout' // this board's keepalive heard nothing
  | 'wifi_lost'
  | 'peer_closed' // FIN, or a close frame with another reason
  | 'reset' // RST, or TCP gave up
  | 'refused_duplicate' // an HTTP status whose body says that the id is taken
  | 'protocol_error' // one side broke RFC 6455
  | 'tls' // the TLS handshake failed; `tls.failed` says why
  | 'refused' // RST answered the SYN, or an HTTP status other than 101
  | 'timeout' // TCP or the opening handshake took longer than its limit
  | 'unreachable'; // no route, no DNS answer, no socket

/**
 * Why the channel refused a message of the app: what `Channel.send` may return false for, but for a firmware
 * that is stopping.
 */
export const MESSAGE_REFUSALS = [
  'too_big', // above MESSAGE_MAX_BYTES
  'not_utf8', // text with a character above U+007F that utf8Encode has not made into bytes
  'not_bytes', // binary with a character above U+00FF
  'not_string', // a number, null, …, which the types would have caught
  'outbox_full', // no channel for longer than `outbox` of the config has room for
] as const;

export type MessageRefusal = (typeof MESSAGE_REFUSALS)[number];

/**
 * `channel.state` subject: the new ChannelState · detail: ChannelCause, or '' on the way up · value: for
 * `waiting`, the wait in ms `message.sent` the app's message was accepted · subject: text or binary · value:
 * payload bytes `message.dropped` the app's message was refused and never sent · detail: MessageRefusal ·
 * value: payload bytes, 0 where it has none `message.written` an accepted message was handed to the open
 * channel's socket, in the order of `message.sent` · value: payload bytes `message.received` about to be
 * given to the app · subject: text or binary · value: payload bytes `ping.sent` by this board's keepalive ·
 * value: frame bytes `tls.failed` TLS could not be had; `channel.state` with the cause `tls` follows ·
 * subject: a TlsFailure of hal/tls.ts `pong.received` the answer to this board's ping · value: round trip in
 * ms · `update.begun` ../ota fetches an image · subject: the first 8 digits of its SHA-1 · detail: `air` ·
 * value: bytes that are here already · `update.chunk` a part of it has arrived · value: bytes
 */
export type FirmwareEvent =
  | 'channel.state'
  | 'message.sent'
  | 'message.dropped'
  | 'message.written'
  | 'message.received'
  | 'ping.sent'
  | 'pong.received'
  | 'tls.failed'
  | 'update.begun'
  | 'update.chunk';
