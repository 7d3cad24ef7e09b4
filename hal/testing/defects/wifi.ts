/** Ways to break Wi-Fi: see index.ts. */
import { capability, type Defects, handlers } from '../damage.ts';
import { closeTwice, connectThrows } from './common.ts';

export const wifiDefects: Defects = {
  'a join tells its caller once, and the station is connected then': {
    'it tells twice': capability('wifi', ({ connect }) => ({
      connect: (ssid, password, done) =>
        connect(ssid, password, (failure) => {
          done(failure);
          done(failure);
        }),
    })),
    'it tells before it is true': capability('wifi', () => ({ isConnected: () => false })),
  },
  'a second join abandons the first': {
    'both are told': capability('wifi', (_wifi, { clock }) => ({
      connect: (_ssid, _password, done) => void clock.setTimeout(() => done(null), 5),
    })),
  },
  'a joined board that joins again has left, and its sockets have ended': {
    'it stays': capability('wifi', ({ connect, isConnected }, { clock }) => ({
      connect: (ssid, password, done) => {
        if (isConnected()) clock.setTimeout(() => done(null), 5);
        else connect(ssid, password, done);
      },
    })),
    'its sockets are forgotten': handlers(() => ({ onClose: () => {} })),
  },
  'the loss of Wi-Fi reaches the last handler, once': {
    'all handlers are called': capability('wifi', ({ onDisconnected }) => {
      let all = (_reason: string) => {};
      return {
        onDisconnected: (handler) => {
          const before = all;
          all = (reason) => {
            before(reason);
            handler(reason);
          };
          onDisconnected(all);
        },
      };
    }),
    'still connected afterwards': capability('wifi', () => ({ isConnected: () => true })),
  },
  'the loss of Wi-Fi ends every socket with one onClose': {
    'sockets are forgotten': handlers(() => ({ onClose: () => {} })),
    'each is told twice': closeTwice,
  },
  'a connect without Wi-Fi fails through onClose, later and without an exception': {
    'an exception': connectThrows,
    'no error': handlers(({ onClose }) => ({ onClose: () => onClose(null) })),
  },
  'power save loses nothing in either direction, and a mode or an interval that nobody has is refused': {
    'anything goes': capability('wifi', () => ({ powerSave: () => {} })),
    'any interval goes': capability('wifi', ({ powerSave }) => ({ powerSave: (mode) => powerSave(mode) })),
    'its network is left': capability('wifi', ({ powerSave, connect }) => ({
      powerSave: (mode, interval) => {
        powerSave(mode, interval);
        connect('lab', 'secret', () => {});
      },
    })),
  },
  'the radio saves power as it was told last, by a new interval from the next join on': {
    'the first word holds': capability('wifi', ({ powerSave }) => {
      let told = false;
      return {
        powerSave: (mode, interval) => {
          if (!told) powerSave(mode, interval);
          told = true;
        },
      };
    }),
    'the interval is forgotten': capability('wifi', ({ powerSave }) => ({ powerSave: (mode) => powerSave(mode) })),
  },
};
