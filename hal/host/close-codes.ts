/**
 * Close codes of WebSocket connections: RFC 6455 section 7.4.1, the registry that section 11.7 sets up, and
 * the kit's own.
 */

export const NORMAL_CLOSURE = 1000;
export const GOING_AWAY = 1001;
export const PROTOCOL_ERROR = 1002;
/** Never sent, only reported: a close frame without a code, and no close frame at all. */
export const NO_CODE = 1005;
export const NO_CLOSE_FRAME = 1006;
export const INVALID_DATA = 1007;
export const POLICY_VIOLATION = 1008;
export const MESSAGE_TOO_BIG = 1009;
/** Also how a keepalive closes, with the reason `ping timeout`, as Python's `websockets` and uvicorn do. */
export const INTERNAL_ERROR = 1011;
/** The registry's "Service Restart": come back, after a random pause. */
export const SERVICE_RESTART = 1012;
export const TRY_AGAIN_LATER = 1013;
/**
 * Of the range for applications, section 7.4.2: another connection has taken the id; the operator ended it.
 */
export const TAKEN_OVER = 4001;
export const KICKED = 4002;
