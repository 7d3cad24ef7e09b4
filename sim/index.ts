/** `npx tsx sim …`: the simulator's command line. */
import { processIo } from './cli/io.ts';
import { main } from './cli/main.ts';

main(process.argv.slice(2), processIo()).then((exitCode) => {
  process.exitCode = exitCode;
});
