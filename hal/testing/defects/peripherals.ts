/** Ways to break pins, analogue inputs, buses and ports: see index.ts. */
import { capability, type Defects } from '../damage.ts';
import { utf8 } from './common.ts';

export const peripheralDefects: Defects = {
  'a pin reads what others drive it to, and what it drives itself before that': {
    'inputs are low': capability('gpio', () => ({ read: () => 0 })),
    'an output is read from outside': capability('gpio', ({ write, pull }) => ({
      write: (pin, level) => void (level === 0 ? pull(pin, 'up') : write(pin, level)),
    })),
  },
  'a watch tells the edges that it was asked for, and never from within a call': {
    'both edges always': capability('gpio', ({ watch }) => ({ watch: (pin, _edge, ms, handler) => watch(pin, 'both', ms, handler) })),
    'the first edge only': capability('gpio', ({ watch }) => ({
      watch: (pin, edge, ms, handler) => {
        let told = false;
        watch(pin, edge, ms, (level) => {
          if (!told) handler?.(level);
          told = true;
        });
      },
    })),
    'the level before': capability('gpio', ({ watch }) => ({
      watch: (pin, edge, ms, handler) => watch(pin, edge, ms, (level) => handler?.(level === 1 ? 0 : 1)),
    })),
  },
  'a watch with a debounce tells what was steady for so long, not before': {
    'it is left out': capability('gpio', ({ watch }) => ({ watch: (pin, edge, _ms, handler) => watch(pin, edge, 0, handler) })),
    'it is halved': capability('gpio', ({ watch }) => ({ watch: (pin, edge, ms, handler) => watch(pin, edge, ms / 2, handler) })),
  },
  'a watch ends when another takes its place, or null does': {
    'both are told': capability('gpio', ({ watch }) => {
      const all: ((level: 0 | 1) => void)[] = [];
      return {
        watch: (pin, edge, ms, handler) => {
          if (handler !== null) all.push(handler);
          watch(pin, edge, ms, handler && ((level) => all.map((one) => one(level))));
        },
      };
    }),
    'null is nobody': capability('gpio', ({ watch }) => ({
      watch: (pin, edge, ms, handler) => void (handler !== null && watch(pin, edge, ms, handler)),
    })),
  },
  'pulses have the duty and the frequency that were asked for, and end with the next level': {
    percent: capability('gpio', ({ pwm }) => ({ pwm: (pin, duty, hz) => pwm(pin, duty / 100, hz) })),
    'the frequency is fixed': capability('gpio', ({ pwm }) => ({ pwm: (pin, duty) => pwm(pin, duty, 1000) })),
    'they go on': capability('gpio', ({ write, pwm }) => {
      const pulses = new Map<number, [number, number]>();
      return {
        pwm: (pin, duty, hz) => {
          pulses.set(pin, [duty, hz]);
          pwm(pin, duty, hz);
        },
        write: (pin, level) => {
          write(pin, level);
          const going = pulses.get(pin);
          if (going) pwm(pin, ...going);
        },
      };
    }),
  },
  'pins, buses and ports refuse what is out of range': {
    'a duty is cut': capability('gpio', ({ pwm }) => ({ pwm: (pin, duty, hz) => pwm(pin, Math.min(duty, 1), hz) })),
    'nobody asks whether a bus is set up': capability('i2c', () => ({ transfer: () => null })),
    'any port is opened': capability('uart', ({ open }) => ({ open: (_port, pins, onData) => open(1, pins, onData) })),
  },
  'an analogue input gives millivolts': {
    'its steps': capability('adc', ({ read }) => ({ read: (pin) => (read(pin) / 3300) * 4096 })),
    '10 bits': capability('adc', ({ read }) => ({ read: (pin) => Math.floor(read(pin) / 3.22) * 3.22 })),
  },
  'a device on the I2C bus gets what is written, and gives what is read after it': {
    'bytes are taken for text': capability('i2c', ({ transfer }) => ({
      transfer: (address, bytes, count) => transfer(address, utf8(bytes), count),
    })),
    'a write reads as well': capability('i2c', ({ transfer }) => ({
      transfer: (address, bytes, count) => transfer(address, bytes, Math.max(count, 1)),
    })),
    'addresses have eight bits': capability('i2c', ({ transfer }) => ({
      transfer: (address, bytes, count) => transfer(address << 1, bytes, count),
    })),
    'long writes are cut': capability('i2c', ({ transfer }) => ({
      transfer: (address, bytes, count) => transfer(address, bytes.slice(0, 2), count),
    })),
  },
  'nobody on the I2C bus is null, and so is a device that is busy': {
    'an idle bus is high': capability('i2c', ({ transfer }) => ({
      transfer: (address, bytes, count) => transfer(address, bytes, count) ?? '\xff'.repeat(count),
    })),
    'an exception': capability('i2c', ({ transfer }) => ({
      transfer: (address, bytes, count) => {
        const read = transfer(address, bytes, count);
        if (read === null) throw new Error('I2C: no ACK');
        return read;
      },
    })),
  },
  'a search finds who is on a 1-Wire bus, each is addressed by its code, and nobody is null': {
    'the first is found only': capability('oneWire', ({ search }) => ({ search: (pin) => search(pin).slice(0, 1) })),
    'codes are not heeded': capability('oneWire', ({ transfer }) => ({
      transfer: (pin, _rom, bytes, count) => transfer(pin, '', bytes, count),
    })),
    'an idle bus is high': capability('oneWire', ({ transfer }) => ({
      transfer: (pin, rom, bytes, count) => transfer(pin, rom, bytes, count) ?? '\xff'.repeat(count),
    })),
    'all pins are one bus': capability('oneWire', ({ search }) => ({ search: (pin) => search(pin === 2 ? 4 : pin) })),
  },
  'a sensor on a 1-Wire bus gets every byte that is written to it': {
    'bytes are taken for text': capability('oneWire', ({ transfer }) => ({
      transfer: (pin, rom, bytes, count) => transfer(pin, rom, utf8(bytes), count),
    })),
    'only the command gets there': capability('oneWire', ({ transfer }) => ({
      transfer: (pin, rom, bytes, count) => transfer(pin, rom, bytes.slice(0, 1), count),
    })),
    'any code is taken': capability('oneWire', ({ transfer }) => ({
      transfer: (pin, rom, bytes, count) => transfer(pin, rom.length === 16 ? rom.toLowerCase() : '', bytes, count),
    })),
  },
  'as many bytes come back by SPI as were sent, in order': {
    'the first byte is lost': capability('spi', ({ transfer }) => ({ transfer: (bytes) => transfer(bytes).slice(1) })),
    'zeros end it': capability('spi', ({ transfer }) => ({ transfer: (bytes) => transfer(bytes).split('\x00')[0] })),
  },
  'a serial port carries bytes both ways, in order, and its handler is the last one': {
    'seven bits': capability('uart', ({ open }) => ({
      open: (port, pins, onData) => open(port, pins, (bytes) => onData(bytes.replace(/[\x80-\xff]/g, '?'))),
    })),
    'lines only': capability('uart', ({ write }) => ({ write: (port, bytes) => void (bytes.endsWith(';') && write(port, bytes)) })),
    'the first handler stays': capability('uart', ({ open }) => {
      let first: ((bytes: string) => void) | null = null;
      return {
        open: (port, pins, onData) => {
          first ??= onData;
          open(port, pins, first);
        },
      };
    }),
  },
  'the address is one of four bytes once the board has joined': {
    'it is forgotten': capability('wifi', () => ({ address: () => '' })),
    'as a number': capability('wifi', () => ({ address: () => '3232235783' })),
    'a quality in percent': capability('wifi', () => ({ rssi: () => 80 })),
  },
  'a board that has left its network has no address and no signal': {
    'the last address': capability('wifi', () => ({ address: () => '192.168.1.7' })),
    'the last signal': capability('wifi', () => ({ rssi: () => -50 })),
  },
};
