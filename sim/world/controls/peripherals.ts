/** What is connected to a board, and what becomes of it. */
import type { Level } from 'hal';
import type { Board } from '../../board/board.ts';
import type { FlashHealth } from '../../board/peripherals/flash.ts';
import type { I2cDevice, MakeSensor } from '../../board/peripherals/sensors.ts';
import { type Air, Surroundings } from '../../board/peripherals/surroundings.ts';

/** Takes off what was connected, unless something else is there by now. */
type Disconnect = () => void;

export interface PeripheralControl {
  /** Somebody outside drives a pin. */
  setPin(pin: number, level: Level): void;
  /** Whether its flash takes what is written. @returns how it was before */
  setFlash(health: FlashHealth): FlashHealth;
  /** The voltage at a pin, mV. @param course of it, from what it was at this moment */
  setVoltage(pin: number, course: (beforeMv: number) => number): void;
  /** Bytes come to a serial port. */
  sendUart(port: number, bytes: string): void;
  /**
   * A sensor is on the I²C bus, in air that changes so. @param course of it, from what it was at this moment
   */
  connectSensor(make: MakeSensor, address: number, course: (before: Air) => Air): Disconnect;
  /** Any other device is there. */
  connect(address: number, device: I2cDevice): Disconnect;
}

export class WorldPeripherals implements PeripheralControl {
  private readonly board: Board;
  /** Made when the first sensor is. */
  private surroundings: Surroundings | null = null;

  constructor(board: Board) {
    this.board = board;
  }

  setPin(pin: number, level: Level): void {
    this.board.bench.pins.drive(pin, level);
  }

  setFlash(health: FlashHealth): FlashHealth {
    const before = this.board.flashHealth;
    this.board.flashHealth = health;
    return before;
  }

  setVoltage(pin: number, course: (beforeMv: number) => number): void {
    const { adc } = this.board.bench;
    const beforeMv = adc.voltageOf(pin);
    adc.connect(pin, () => course(beforeMv));
  }

  sendUart(port: number, bytes: string): void {
    this.board.bench.uart.receive(port, bytes);
  }

  connectSensor(make: MakeSensor, address: number, course: (before: Air) => Air): Disconnect {
    this.surroundings ??= new Surroundings();
    this.surroundings.change(course);
    return this.connect(address, make(this.surroundings.air));
  }

  connect(address: number, device: I2cDevice): Disconnect {
    const { i2c } = this.board.bench;
    i2c.connect(address, device);
    return () => {
      if (i2c.deviceAt(address) === device) i2c.connect(address, null);
    };
  }
}
