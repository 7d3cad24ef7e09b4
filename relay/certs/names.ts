/**
 * What a certificate may be made out to. Names become folders and files too, so they hold nothing that means
 * something in a path: a host is an IP address or a DNS name (RFC 1123 section 2.1), a client's name is a
 * client id of the relay, as `--authorize cn` compares the two.
 */
import { isIP } from 'node:net';
import { isId } from '../admission/ids.ts';

/**
 * A DNS name has at most 253 characters; with `.key` behind it, it must still be a file's name of 255 bytes.
 */
const MAX_HOST_CHARACTERS = 250;
const DNS_LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** The other folders beside those of the hosts. */
const RESERVED = ['ca', 'clients'];

/** One certificate is valid for all of them. */
export const MAX_HOSTS = 100;

export const HOSTS_EXPECTED = `1 to ${MAX_HOSTS} IP addresses or host names with commas between them, each of at most ${MAX_HOST_CHARACTERS} characters`;
export const CLIENT_NAME_EXPECTED = 'a client id: 1 to 64 of A-Z a-z 0-9 . _ - and space, no space or point at its end, none before it';

export function parseHosts(text: string): string[] | null {
  const hosts = text.split(',').map((host) => host.trim());
  return hosts.length <= MAX_HOSTS && hosts.every(isHost) && !RESERVED.includes(hosts[0].toLowerCase()) ? [...new Set(hosts)] : null;
}

/** Some file systems drop a space or a point at the end of a name, so that two names could become one. */
export function parseClientName(text: string): string | null {
  return isId(text) && text.trim() === text && !text.endsWith('.') ? text : null;
}

/** An IPv6 address has colons, which mean something in paths on some systems. */
export function folderNameOf(host: string): string {
  return host.replaceAll(':', '_');
}

function isHost(text: string): boolean {
  if (isIP(text) !== 0) return !text.includes('%');
  if (text.length > MAX_HOST_CHARACTERS || /^[\d.]+$/.test(text)) return false;
  return text.split('.').every((label) => DNS_LABEL.test(label));
}
