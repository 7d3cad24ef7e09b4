/**
 * Files that a program carries with it, for `storage.read` on the board (hal/espruino): as base64 for the
 * engine's own `atob`, since a program is ASCII. Of a PEM file only its first block, which is what the
 * backend would read of it, and the shorter for it.
 */

/** @param files binary strings by name */
export function embedFiles(files: Readonly<Record<string, string>>): { source: string; bytes: number } {
  const entries = Object.entries(files).map(([name, bytes]) => `${JSON.stringify(name)}:atob("${base64(bytes)}")`);
  return { source: `{${entries.join(',')}}`, bytes: entries.join('').length };
}

function base64(bytes: string): string {
  if (!bytes.includes('-----BEGIN ')) return Buffer.from(bytes, 'latin1').toString('base64');
  return bytes.slice(bytes.indexOf('-----BEGIN ')).split('-----')[2].replace(/\s/g, '');
}
