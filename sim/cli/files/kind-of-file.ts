/** What lies under a name, as far as it takes no parser of YAML to say so. */
import { readFileSync, statSync } from 'node:fs';

const GRID = /^sweep:/m;
const CAPTURE = /\.(?:pcapng|pcap|cap)(?:\.gz)?$/i;

/** Of packets, by its name. */
export function isCaptureName(file: string): boolean {
  return CAPTURE.test(file);
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A file of YAML that asks for a grid. */
export function isStudy(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true && GRID.test(readFileSync(file, 'utf8'));
}
