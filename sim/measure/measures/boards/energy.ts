/**
 * What boards draw, and for what: metered by whoever watches them (run/energy-watch.ts), and taken from there
 * at the end.
 */
import { gauge, measure } from '../measure.ts';

const mah = (meaning: string) => gauge('mAh', meaning);

export const energy = measure({
  metrics: {
    energy_mah_per_day: mah(
      'Charge that a board draws, as by its profile’s currents; the mean of all since each was powered up, for a day.',
    ),
    'energy_mah_per_day.boot': mah('Of energy_mah_per_day: power-on to the first line of the firmware.'),
    'energy_mah_per_day.joins': mah('Of energy_mah_per_day: what scanning and joining a network take more than doing nothing.'),
    'energy_mah_per_day.connects': mah('Of energy_mah_per_day: the same of TCP, TLS and the opening handshake, from SYN to FIN.'),
    'energy_mah_per_day.keepalive': mah(
      'Of energy_mah_per_day: the same of pings and pongs, with the time that a radio in power save stays awake after each.',
    ),
    'energy_mah_per_day.messages': mah('Of energy_mah_per_day: the same of messages, both ways.'),
    'energy_mah_per_day.computing': mah('Of energy_mah_per_day: the same of the CPU while it runs handlers.'),
    'energy_mah_per_day.listening': mah('Of energy_mah_per_day: the same of a radio that is joined and listens, or wakes for beacons.'),
    'energy_mah_per_day.idle': mah('Of energy_mah_per_day: all that is drawn whatever happens, waiting or asleep.'),
    radio_on_share: gauge('share', 'Time in which a board’s radio is up ÷ time since its power-up; the mean of all.'),
    battery_days: {
      ...gauge('days', 'How long 80 % of the capacity of `boards.battery` lasts at energy_mah_per_day; 0 without a battery.'),
      betterHigh: true,
    },
  },
  create: ({ values }) => ({
    finish(_, { energy }) {
      Object.assign(values, energy);
      return {};
    },
  }),
});
