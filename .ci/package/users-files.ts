/** What somebody adds to the project of `squall init`: a mistake, a study, programs, and a compiler that is strict. */

const RELAY = '{ createRelay, createRealClock, DEFAULT_CONFIG, listen, NULL_LOG }';

/** Serves a relay of its own, asks it whether it is well, and simulates a fleet. */
const PROGRAM = `
async function main() {
  const relay = createRelay({ clock: createRealClock(), epochMs: Date.now, random: Math.random, config: DEFAULT_CONFIG, log: NULL_LOG });
  const { port } = await listen(relay.server, '127.0.0.1', 0);
  const { status } = await fetch('http://127.0.0.1:' + port + '/healthz');
  await relay.close();
  const { trace_hash } = await simulate({ boards: 20, dropRate: 0.1 });
  console.log(JSON.stringify({ status, trace_hash }));
}
main();
`;

const TYPED = `import { createChannel, type DeviceConfig, type FirmwareApp } from 'squall-kit/firmware';
import type { Hal } from 'squall-kit/hal';
import { createRelay, type Relay, type RelayDependencies } from 'squall-kit/relay';
import { simulate } from 'squall-kit/sim';

export const app: FirmwareApp = (hal: Hal, config: DeviceConfig) => {
  createChannel(hal, config).onMessage((text) => hal.log.line(text));
};
export const serve = (given: RelayDependencies): Relay => createRelay(given);
export const hash = async (): Promise<string> => (await simulate({ boards: 1, firmware: app, duration: '1m' })).trace_hash;
// @ts-expect-error: there is no such setting
export const wrong = () => simulate({ bords: 1 });
`;

export const USERS_FILES: Readonly<Record<string, string>> = {
  'firmware/wrong.ts': `export function app(): void {
  new Intl.DateTimeFormat();
}
`,
  'studies/keepalive.yaml': `version: 1
name: keepalive
duration: 1m
boards: { count: 3, firmware: ../firmware/app.ts }
sweep: { parameters: { relay.ping_interval: [10s, 20s] }, seeds: 2 }
`,
  'program.mjs': `import ${RELAY} from 'squall-kit/relay';\nimport { simulate } from 'squall-kit/sim';\n${PROGRAM}`,
  'program.cjs': `const ${RELAY} = require('squall-kit/relay');\nconst { simulate } = require('squall-kit/sim');\n${PROGRAM}`,
  'typed.mts': TYPED,
  'typed.cts': TYPED,
  'strict.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      types: ['node'],
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noPropertyAccessFromIndexSignature: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      skipLibCheck: false,
    },
    include: ['typed.mts', 'typed.cts'],
  }),
};
