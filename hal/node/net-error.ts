/** From the operating system's error codes to the kinds that firmware tells apart (hal/errors.ts). */
import type { NetError, NetErrorKind } from '../index.ts';

const KINDS: Readonly<Record<string, NetErrorKind>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'aborted',
  EMFILE: 'sockets',
  ENFILE: 'sockets',
  ENOBUFS: 'sockets',
};

export function netErrorOf(error: unknown): NetError {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return { kind: KINDS[code ?? ''] ?? 'other', message: message || code || String(error) };
}
