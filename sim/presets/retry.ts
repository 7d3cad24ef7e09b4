/** The loop that reconnects, for libraries that leave it to the application. */
import type { BackoffSettings } from 'firmware/channel/backoff';
import { ARDUINO, backoffWords, waitCode } from './code.ts';

/** Of a sketch. @param isOpen, connect expressions of the library */
export function arduinoRetry(backoff: BackoffSettings, isOpen: string, connect: string): string[] {
  const { before, wait } = waitCode(backoff, ARDUINO);
  return [
    `// Reconnects after ${backoffWords(backoff)}; call it from loop().`,
    'void keepConnected() {',
    '  static unsigned long triedAt = 0, wait = 0, n = 0;',
    `  if (${isOpen}) { n = 0; return; }`,
    '  if (millis() - triedAt < wait) return;',
    `  ${connect};`,
    '  triedAt = millis();',
    ...before.map((line) => `  ${line}`),
    `  wait = ${wait};`,
    '  n++;',
    '}',
  ];
}
