/** What is connected to a board, and what becomes of it. */
import type { Level } from 'hal';
import type { Board } from '../../board/board.ts';
import type { FlashHealth } from '../../board/peripherals/flash.ts';
import type { MakeSensor, Place } from '../../board/peripherals/sensors.ts';
import { type Air, Surroundings } from '../../board/peripherals/surroundings.ts';
import { msFromUs } from '../../kernel/units.ts';

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
   * A sensor is there, in air that changes so; one that was made so already stays, with what it is in the
   * middle of. @param model told from others at that place @param course from what it was at this moment
   */
  connectSensor<D>(place: Place<D>, model: string, make: MakeSensor<D>, course: (before: Air) => Air): Disconnect;
  /** Any other device is there. */
  connect<D>(place: Place<D>, device: D): Disconnect;
}

export class WorldPeripherals implements PeripheralControl {
  private readonly board: Board;
  /** Made when the first sensor is. */
  private surroundings: Surroundings | null = null;
  /** What steps have connected, by place; null: no sensor. */
  private readonly connected = new Map<string, { model: string | null; device: unknown }>();

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

  connectSensor<D>(place: Place<D>, model: string, make: MakeSensor<D>, course: (before: Air) => Air): Disconnect {
    this.surroundings ??= new Surroundings();
    this.surroundings.change(course);
    const there = this.connected.get(place.name);
    const { air } = this.surroundings;
    const nowMs = (): number => msFromUs(this.board.timeline.nowUs);
    return this.plug(place, model, there?.model === model ? (there.device as D) : make(air, nowMs));
  }

  connect<D>(place: Place<D>, device: D): Disconnect {
    return this.plug(place, null, device);
  }

  private plug<D>(place: Place<D>, model: string | null, device: D): Disconnect {
    const mine = { model, device };
    this.connected.set(place.name, mine);
    place.plug(this.board.bench, device, true);
    return () => {
      if (this.connected.get(place.name) !== mine) return;
      this.connected.delete(place.name);
      place.plug(this.board.bench, device, false);
    };
  }
}
