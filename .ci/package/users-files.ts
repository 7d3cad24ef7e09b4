/** What somebody writes who uses the kit: an app, scenarios, a test, programs, and strict settings for the compiler. */

const APP = `import { createChannel, type DeviceConfig } from 'squall-kit/firmware';
import type { Hal } from 'squall-kit/hal';

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  let count = 0;
  channel.onMessage((text) => hal.gpio.write(2, text === 'on' ? 1 : 0));
  function tick(): void {
    count++;
    if (!channel.send(\`count \${count}\`)) hal.log.line('refused');
    hal.clock.setTimeout(tick, 10000);
  }
  tick();
}
`;

const SCENARIO = `version: 1
duration: 1m
boards: { count: 3, firmware: ../firmware/app.ts }
`;

const RELAY_BODY = `
const relay = createRelay({ clock: createRealClock(), epochMs: Date.now, random: Math.random, config: DEFAULT_CONFIG, log: NULL_LOG });
listen(relay.server, '127.0.0.1', 0)
  .then(({ port }) => fetch('http://127.0.0.1:' + port + '/healthz'))
  .then(({ status }) => { if (status !== 200) throw new Error('status ' + status); })
  .then(() => relay.close());
`;
const RELAY_NAMES = '{ createRelay, createRealClock, DEFAULT_CONFIG, listen, NULL_LOG }';

export const USERS_FILES: Readonly<Record<string, string>> = {
  'firmware/app.ts': APP,
  'firmware/wrong.ts': `${APP}export const later = () => new Intl.DateTimeFormat();\n`,
  'scenarios/calm.yaml': `${SCENARIO}name: calm\n`,
  'scenarios/loss.yaml': `${SCENARIO}name: loss\nlink: { loss: 5% }\n`,
  'studies/keepalive.yaml': `${SCENARIO}name: keepalive\nsweep: { parameters: { relay.ping_interval: [10s, 20s] }, seeds: 2 }\n`,
  'app.test.ts': `import { expect, it } from 'vitest';
import { DEFAULT_CONFIG, utf8Encode } from 'squall-kit/firmware';
import { app } from './firmware/app.ts';

it('is a function of a board and its config', () => {
  expect(app.length).toBe(2);
  expect([DEFAULT_CONFIG.outbox > 0, utf8Encode('é')]).toEqual([true, '\\u00c3\\u00a9']);
});
`,
  'relay.mjs': `import ${RELAY_NAMES} from 'squall-kit/relay';\n${RELAY_BODY}`,
  'relay.cjs': `const ${RELAY_NAMES} = require('squall-kit/relay');\n${RELAY_BODY}`,
  'relay.ts': `import { createRelay, type Relay, type RelayDependencies } from 'squall-kit/relay';\nexport const make = (given: RelayDependencies): Relay => createRelay(given);\n`,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: true,
      verbatimModuleSyntax: false,
      allowImportingTsExtensions: true,
      skipLibCheck: false,
      noEmit: true,
    },
    include: ['relay.ts', 'firmware/app.ts', 'app.test.ts'],
  }),
};
