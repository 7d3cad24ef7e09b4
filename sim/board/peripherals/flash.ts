/**
 * A board's flash as a file system that writes elsewhere and then forgets the old place, as LittleFS and
 * SPIFFS do: a file takes whole sectors, each is erased before it is written, and of the free ones the least
 * worn is taken. What is not written to its end when power goes is as if it had never begun.
 *
 * Not modelled: sectors that hold the file system's own data, sectors that break one by one when they are
 * worn out (the count is told), bits that flip.
 */
import type { Storage } from 'hal';
import { checkFile } from 'hal/limits';
import type { Cpu } from '../cpu.ts';
import type { BoardLog } from '../log.ts';

const SECTOR_BYTES = 4_096;
const PAGE_BYTES = 256;
/** What is known of a file beside its bytes: a header as Espruino has one (src/jsflash.h). */
const HEADER_BYTES = 32;
/** Of 896 KiB, the Storage of Espruino's ESP32 build (boards/ESP32.py). */
const SECTORS = 224;

/** Times of a flash chip, µs. */
export interface FlashCosts {
  /** Erasing a sector of 4 KiB. */
  readonly sectorEraseUs: number;
  /** Programming a page of 256 bytes. */
  readonly pageProgramUs: number;
}

/** Asked before each write. */
export interface FlashHealth {
  readonly fails: () => boolean;
}

export const SOUND_FLASH: FlashHealth = { fails: () => false };

export interface FlashParts {
  costs: FlashCosts;
  nowUs: () => number;
  /** What came with the program that runs: binary strings by name. It never wore the flash. */
  files: () => ReadonlyMap<string, string>;
  cpu: Cpu;
  say: BoardLog['say'];
  /** Whether the next write fails: flash that is worn out, or broken. */
  fails: () => boolean;
}

/** A file that was written; null bytes: erased. */
interface Place {
  bytes: string | null;
  sectors: readonly number[];
}

/** A write that power may still cut. */
interface Unfinished {
  name: string;
  before: Place | undefined;
  doneAtUs: number;
}

export class Flash implements Storage {
  private readonly parts: FlashParts;
  private readonly places = new Map<string, Place>();
  private readonly wear: number[] = [];
  private unfinished: Unfinished[] = [];

  constructor(parts: FlashParts) {
    this.parts = parts;
  }

  /** Erases of the sector that has had most. */
  get mostErases(): number {
    return this.wear.reduce((most, erases) => Math.max(most, erases ?? 0), 0);
  }

  read(name: string): string | null {
    const place = this.places.get(name);
    return place === undefined ? (this.parts.files().get(name) ?? null) : place.bytes;
  }

  write(name: string, bytes: string): boolean {
    checkFile('write', name, bytes);
    if (this.read(name) === bytes) return true;
    const outcome = this.put(name, bytes);
    this.parts.say('flash.write', name, outcome, bytes.length);
    return outcome === '';
  }

  erase(name: string): void {
    checkFile('erase', name);
    if (this.read(name) === null) return;
    this.replace(name, { bytes: null, sectors: [] }, this.parts.costs.pageProgramUs);
    this.parts.say('flash.write', name, 'erased', 0);
  }

  /** From outside, as whoever flashes a board does it. */
  remove(name: string): void {
    this.places.delete(name);
  }

  list(): string[] {
    const names = new Set([...this.parts.files().keys(), ...this.places.keys()]);
    return [...names].filter((name) => !name.startsWith('.') && this.read(name) !== null).sort();
  }

  /** Power is gone, or the chip was reset. */
  cut(nowUs: number): void {
    for (const { name, before, doneAtUs } of this.unfinished.reverse()) {
      if (doneAtUs <= nowUs) continue;
      if (before === undefined) this.places.delete(name);
      else this.places.set(name, before);
    }
    this.unfinished = [];
  }

  /** @returns why not, or '' */
  private put(name: string, bytes: string): string {
    const sectors = this.freeSectors(Math.ceil((bytes.length + HEADER_BYTES) / SECTOR_BYTES));
    if (sectors === null) return 'no room';
    const pages = Math.ceil((bytes.length + HEADER_BYTES) / PAGE_BYTES);
    for (const sector of sectors) this.wearOut(sector);
    const { costs, cpu, fails } = this.parts;
    const tookUs = sectors.length * costs.sectorEraseUs + pages * costs.pageProgramUs;
    if (fails()) {
      cpu.charge(tookUs, 'flash');
      return 'failed';
    }
    this.replace(name, { bytes, sectors }, tookUs);
    return '';
  }

  private replace(name: string, place: Place, tookUs: number): void {
    const { cpu } = this.parts;
    cpu.charge(tookUs, 'flash');
    this.unfinished.push({ name, before: this.places.get(name), doneAtUs: cpu.freeAtUs });
    this.places.set(name, place);
  }

  /**
   * The least worn, the lower number first; null: there are not so many. What power may bring back is not
   * free.
   */
  private freeSectors(count: number): number[] | null {
    this.unfinished = this.unfinished.filter(({ doneAtUs }) => doneAtUs > this.parts.nowUs());
    const held = new Set(
      [...this.places.values(), ...this.unfinished.map(({ before }) => before)].flatMap((place) => place?.sectors ?? []),
    );
    const free = Array.from({ length: SECTORS }, (_, sector) => sector).filter((sector) => !held.has(sector));
    if (free.length < count) return null;
    return free.sort((a, b) => (this.wear[a] ?? 0) - (this.wear[b] ?? 0) || a - b).slice(0, count);
  }

  private wearOut(sector: number): void {
    const erases = (this.wear[sector] ?? 0) + 1;
    if (erases > this.mostErases) this.parts.say('flash.wear', '', '', erases);
    this.wear[sector] = erases;
  }
}
