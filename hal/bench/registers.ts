/**
 * A device that is a map of registers: a write names the first and may fill them, a read goes on from there.
 */
import type { I2cDevice } from './device.ts';

const REGISTERS = 256;

export class RegisterDevice implements I2cDevice {
  private readonly registers: Uint8Array;
  private at = 0;

  /** @param registers of the device's 256, by number; the others are 0 */
  constructor(registers: Readonly<Record<number, number>> = {}) {
    this.registers = new Uint8Array(REGISTERS);
    for (const [register, value] of Object.entries(registers)) this.set(Number(register), value);
  }

  set(register: number, value: number): void {
    this.registers[register] = value;
  }

  write(bytes: string): boolean {
    this.at = bytes.charCodeAt(0);
    for (let i = 1; i < bytes.length; i++) this.registers[(this.at + i - 1) % REGISTERS] = bytes.charCodeAt(i);
    return true;
  }

  read(count: number): string {
    let bytes = '';
    for (let i = 0; i < count; i++) bytes += String.fromCharCode(this.registers[(this.at + i) % REGISTERS]);
    this.at = (this.at + count) % REGISTERS;
    return bytes;
  }
}
