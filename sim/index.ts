/** `npx tsx sim …`: the simulator's command line. */
import { setFlagsFromString } from 'node:v8';
import { processIo } from './cli/io.ts';
import { main } from './cli/main.ts';

// Most runs last a second or two, half of it V8's optimizing compiler. Smaller inlining budgets save a tenth of a short run and cost a long one nothing.
setFlagsFromString('--max-inlined-bytecode-size=150');
setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');

main(process.argv.slice(2), processIo()).then((exitCode) => {
  process.exitCode = exitCode;
});
