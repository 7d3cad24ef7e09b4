/** Ways to break how sockets begin and end: see index.ts. */
import { capability, type Defects, handlers, socket } from '../damage.ts';
import { closeTwice, connectThrows } from './common.ts';

const nameless = handlers(({ onClose }) => ({ onClose: (error) => onClose(error && { kind: 'other', message: '' }) }));
const destroyOnlyEnds = socket(({ end }) => ({ destroy: end }));

export const connectDefects: Defects = {
  'connect calls no handler from within, then onConnect once and first': {
    'from within': capability('net', ({ connect }) => ({
      connect: (host, port, given) => {
        given.onConnect();
        return connect(host, port, given);
      },
    })),
    'onConnect comes twice': handlers(({ onConnect }) => ({
      onConnect: () => {
        onConnect();
        onConnect();
      },
    })),
  },
  'a refused connect ends with one onClose and nothing else, without an exception': {
    'an exception': connectThrows,
    'onClose comes twice': closeTwice,
    'no error': handlers(({ onClose }) => ({ onClose: () => onClose(null) })),
  },
  'an unknown host ends with one onClose and nothing else, without an exception': {
    'an exception': connectThrows,
    'onConnect comes first': handlers(({ onConnect, onClose }) => ({
      onClose: (error) => {
        onConnect();
        onClose(error);
      },
    })),
  },
  'a refused connect says refused, an unknown host says dns': { 'all errors are other': nameless },
  'a connect that nobody answers can be given up in silence': {
    'it gives up at once': capability('net', ({ connect }, { clock }) => ({
      connect: (host, port, given) => {
        clock.setTimeout(() => given.onClose({ kind: 'timeout', message: '' }), 10);
        return connect(host, port, given);
      },
    })),
  },
  'a FIN of the peer gives onClose(null) once and last, after all data, and the peer sees the end': {
    'a FIN is an error': handlers(({ onClose }) => ({ onClose: () => onClose({ kind: 'other', message: '' }) })),
    'the last read is lost': handlers(({ onData }) => ({ onData: (bytes) => (bytes.length < 1440 ? undefined : onData(bytes)) })),
    'the last read comes after the end': handlers(({ onData, onClose }) => ({
      onClose: (error) => {
        onClose(error);
        onData('');
      },
    })),
  },
  'end sends FIN after everything written, and gives onClose(null) once and last when the peer has ended too': {
    'end destroys': socket(({ destroy }) => ({ end: destroy })),
    'end does nothing': socket(() => ({ end: () => {} })),
    'onClose comes twice': closeTwice,
  },
  'after end, onClose(null) waits for the peer, whose data still arrives': {
    'end destroys': socket(({ destroy }) => ({ end: destroy })),
    'end stops the reading': socket(({ end, pause }) => ({
      end: () => {
        end();
        pause();
      },
    })),
  },
  'a reset by the peer gives onClose once and last': { 'onClose comes twice': closeTwice },
  'a reset by the peer says reset': { 'all errors are other': nameless },
  'a closed socket takes every call in silence': {
    'end throws': socket(() => ({
      end: () => {
        throw new Error('socket is closed');
      },
    })),
  },
  'destroy right after connect means silence': { 'destroy only ends': destroyOnlyEnds },
  'destroy within onConnect means silence': { 'destroy only ends': destroyOnlyEnds },
  'destroy within onData means silence, with more data and a FIN on the way': { 'destroy only ends': destroyOnlyEnds },
};
