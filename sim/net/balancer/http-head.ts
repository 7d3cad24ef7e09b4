/** The little HTTP/1.1 (RFC 9112) that a proxy knows: heads that pass, and answers of its own. */
import { STATUS_CODES } from 'node:http';

/** nginx's large_client_header_buffers and proxy_buffer_size are of this order, bytes. */
export const MAX_HEAD_BYTES = 16_384;
const HEAD_END = '\r\n\r\n';
/** Hop by hop (RFC 9110 section 7.6.1): a proxy that does not know WebSockets does not pass them on. */
const HOP_BY_HOP = /^(connection|upgrade|keep-alive|proxy-connection|te|trailer):/i;
/** Beyond those of the standard; Cloudflare's own. */
const OWN_REASONS: Record<number, string> = { 521: 'Web Server Is Down', 524: 'A Timeout Occurred' };

/** The head with its blank line, and what follows it; null: it is not whole yet. */
export function splitHead(bytes: string): { head: string; rest: string } | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const length = end + HEAD_END.length;
  return { head: bytes.slice(0, length), rest: bytes.slice(length) };
}

/** 0: not an answer. */
export function statusOf(head: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
}

/** The request as nginx sends it on by itself: HTTP/1.0, and one that wants no upgrade. */
export function withoutUpgrade(head: string): string {
  const [request, ...lines] = head.slice(0, -HEAD_END.length).split('\r\n');
  const passed = lines.filter((line) => !HOP_BY_HOP.test(line));
  return [request.replace(/HTTP\/1\.1$/, 'HTTP/1.0'), ...passed, 'Connection: close', '\r\n']
    .join('\r\n')
    .replace(/\r\n\r\n\r\n$/, HEAD_END);
}

/** A whole answer, the last on its connection. @param headers lines, each with its end */
export function answer(status: number, headers = ''): string {
  const reason = STATUS_CODES[status] ?? OWN_REASONS[status] ?? 'Error';
  const body = `<html><head><title>${status} ${reason}</title></head></html>\n`;
  return `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n${headers}Connection: close\r\n\r\n${body}`;
}
