/** Ways to break a backend that several cases notice. */
import { capability, handlers } from '../damage.ts';

export const closeTwice = handlers(({ onClose }) => ({
  onClose: (error) => {
    onClose(error);
    onClose(error);
  },
}));
export const connectThrows = capability('net', () => ({
  connect: () => {
    throw new Error('Unable to create socket');
  },
}));
export const utf8 = (bytes: string) => Buffer.from(bytes).toString('latin1');
