/**
 * The other side of a board that this computer plays, by hand: lines of the standard input are what happens
 * to its pins and ports, and what the firmware does with them is told on standard error.
 */
import { createInterface, type Interface } from 'node:readline';
import type { Level } from 'hal';
import type { BenchListeners, NodeBench } from 'hal/node';
import { nearest } from 'host/nearest';
import type { Io } from '../io.ts';

/** The ESP32's highest GPIO. */
const MAX_PIN = 39;
const MAX_MV = 3_300;
/** Of a line; what is longer was not typed. */
const LINE_CHARACTERS_MAX = 4_096;

interface ConsoleCommand {
  /** What stands behind its name. */
  usage: string;
  about: string;
  /** @returns false when the words are not of its usage */
  act(words: readonly string[], rest: string): boolean;
}

export class PinConsole implements BenchListeners {
  private readonly bench: NodeBench;
  private readonly io: Io;
  private readonly levels = new Map<number, Level>();
  private lines: Interface | null = null;
  private readonly commands: Record<string, ConsoleCommand>;

  constructor(bench: NodeBench, io: Io) {
    this.bench = bench;
    this.io = io;
    this.commands = this.makeCommands();
  }

  /** Reads until `stop`, or the input's end. */
  start(input: NodeJS.ReadableStream): void {
    this.lines = createInterface({ input });
    this.lines.on('line', (line) => this.onLine(line));
    this.tell('pins: a line such as "pin 14 0" moves one, "help" says what else there is');
  }

  stop(): void {
    this.lines?.close();
  }

  onPin(pin: number, level: Level): void {
    if (this.levels.get(pin) === level) return;
    this.levels.set(pin, level);
    this.tell(`pin ${pin} is ${level}`);
  }

  onPwm(pin: number, duty: number, frequencyHz: number): void {
    this.levels.delete(pin);
    this.tell(`pin ${pin} has pulses of ${frequencyHz} Hz, high ${Math.round(duty * 1_000) / 10} % of the time`);
  }

  onUart(port: number, bytes: string): void {
    this.tell(`uart ${port} sends ${JSON.stringify(bytes)}`);
  }

  private onLine(line: string): void {
    const [name, ...words] = line.slice(0, LINE_CHARACTERS_MAX).trim().split(/\s+/);
    if (name === '') return;
    const names = Object.keys(this.commands);
    if (!names.includes(name)) {
      this.tell(`unknown word ${JSON.stringify(name)}; the nearest is ${nearest(name, names)}, and "help" says what there is`);
      return;
    }
    const rest = line.trimStart().replace(/^\S+\s+\S+\s?/, '');
    const { act, usage } = this.commands[name];
    if (!act(words, rest)) this.tell(`expected ${name} ${usage}, got ${JSON.stringify(line.trim())}`);
  }

  private makeCommands(): Record<string, ConsoleCommand> {
    const { bench } = this;
    return {
      pin: {
        usage: `PIN 0|1|free (PIN 0 to ${MAX_PIN})`,
        about: 'drives a pin from outside, or nobody does any more',
        act: ([pin, to, ...more]) => {
          if (!isWhole(pin, MAX_PIN) || !['0', '1', 'free'].includes(to) || more.length > 0) return false;
          bench.pins.drive(Number(pin), to === 'free' ? null : (Number(to) as Level));
          return true;
        },
      },
      adc: {
        usage: `PIN MILLIVOLTS (0 to ${MAX_MV})`,
        about: 'puts a voltage on an analogue input',
        act: ([pin, mv, ...more]) => {
          if (!isWhole(pin, MAX_PIN) || !isNumber(mv, 0, MAX_MV) || more.length > 0) return false;
          bench.adc.connect(Number(pin), () => Number(mv));
          return true;
        },
      },
      uart: {
        usage: 'PORT TEXT (PORT 1 or 2; \\r and \\n as in JSON)',
        about: 'sends bytes to a serial port that the firmware has opened',
        act: ([port], rest) => {
          const bytes = unescaped(rest);
          if (!['1', '2'].includes(port) || bytes === null || bytes === '') return false;
          bench.uart.receive(Number(port), bytes);
          return true;
        },
      },
      air: {
        usage: 'CELSIUS [HUMIDITY_PERCENT [HECTOPASCAL]]',
        about: 'what an SHT31 at 0x44, a BME280 at 0x76 and a DS18B20 on pin 4 measure; they are there from then on',
        act: ([temperature, humidity = '45', pressure = '1013.25', ...more]) => {
          if (!isNumber(temperature, -40, 85) || !isNumber(humidity, 0, 100) || !isNumber(pressure, 300, 1_100) || more.length > 0)
            return false;
          bench.setAir({ temperatureC: Number(temperature), humidityPercent: Number(humidity), pressureHpa: Number(pressure) });
          return true;
        },
      },
      help: {
        usage: 'alone',
        about: 'says this',
        act: (words) => {
          if (words.length > 0) return false;
          for (const [name, { usage, about }] of Object.entries(this.commands)) this.tell(`${name} ${usage}: ${about}`);
          return true;
        },
      },
    };
  }

  private tell(words: string): void {
    this.io.err(`${words}\n`);
  }
}

function isWhole(text: string | undefined, max: number): boolean {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= max;
}

function isNumber(text: string | undefined, min: number, max: number): boolean {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) && Number(text) >= min && Number(text) <= max;
}

/** Bytes of a text, in which \r, \n and the like stand for themselves; null: it is not well-formed. */
function unescaped(text: string): string | null {
  try {
    return Buffer.from(JSON.parse(`"${text.replaceAll('"', '\\"')}"`), 'utf8').toString('latin1');
  } catch {
    return null;
  }
}
