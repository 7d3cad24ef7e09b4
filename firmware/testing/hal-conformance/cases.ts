/**
 * What runs in the engine: every case of the HAL's contract on a backend of its own, one after the other, and
 * a line on the console for each.
 */
import type { Hal, Level } from 'hal';
import type { I2cDevice, OneWireDevice } from 'hal/bench/device';
import { CONFORMANCE, type ConformanceCase, RIG_FILES, type Rig, runCase } from 'hal/conformance';
import { connectI2c, connectOneWire, drivePin, loopSpi, pwmOf, sendUart, setVoltage, uartHeard } from './engine-hardware.ts';
import { PeerLink } from './peer-link.ts';

export interface Settings {
  /** Where peers.ts listens. */
  linkPort: number;
  /** Where nobody does. */
  refusedPort: number;
  /** Of the cases to play. */
  names: readonly string[];
}

const HOST = '127.0.0.1';

/**
 * Without what an engine on a computer has no way to do; the test says why. Buses that it has no hardware for
 * are played below the engine's own objects (engine-hardware.ts), so that what runs is the backend in the
 * engine.
 */
class EngineRig implements Rig {
  readonly hal: Hal;
  readonly host = HOST;
  readonly unknownHost = 'nobody.invalid';
  readonly accessPoint = { ssid: 'any', password: '' };
  readonly pins = [2, 4] as const;
  readonly refusedPort: number;
  private readonly link: PeerLink;

  constructor(hal: Hal, link: PeerLink, refusedPort: number) {
    this.hal = hal;
    this.link = link;
    this.refusedPort = refusedPort;
  }

  advance(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.hal.clock.setTimeout(resolve, ms);
    });
  }

  listen() {
    return this.link.listen();
  }

  drivePin(pin: number, level: Level): void {
    drivePin(pin, level);
  }

  pwmOf(pin: number) {
    return pwmOf(pin);
  }

  setVoltage(pin: number, mv: number): void {
    setVoltage(pin, mv);
  }

  connectI2c(address: number, device: I2cDevice): void {
    connectI2c(address, device);
  }

  connectOneWire(pin: number, device: OneWireDevice): void {
    connectOneWire(pin, device);
  }

  loopSpi(): void {
    loopSpi();
  }

  sendUart(_port: number, bytes: string): void {
    sendUart(bytes);
  }

  get uartSent(): Record<number, string> {
    return { 1: uartHeard.bytes };
  }

  close(): Promise<void> {
    uartHeard.bytes = '';
    return this.link.closeAll();
  }
}

/** @param createHal the backend, with the files that it shall have */
export async function runConformance(
  createHal: (files: Record<string, string>) => Hal,
  { linkPort, refusedPort, names }: Settings,
): Promise<void> {
  const hal = createHal({});
  const link = new PeerLink(hal, HOST, linkPort);
  for (const testCase of CONFORMANCE) {
    if (names.indexOf(testCase.name) < 0) continue;
    const outcome = await outcomeOf(testCase, async () => new EngineRig(createHal({ ...RIG_FILES }), link, refusedPort));
    hal.log.line(outcome);
  }
  hal.log.line('all cases were played');
}

async function outcomeOf(testCase: ConformanceCase, makeRig: () => Promise<Rig>): Promise<string> {
  try {
    const played = await runCase(testCase, makeRig);
    return `${played ? 'ok' : 'left out'} ${testCase.name}`;
  } catch (error) {
    return `FAILED ${testCase.name}: ${(error as Error).message}`;
  }
}
