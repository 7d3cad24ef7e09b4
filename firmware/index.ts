/**
 * `npx tsx firmware …`: the firmware's command line. Code that wants the firmware itself imports
 * `firmware/boot`, `firmware/config` or `firmware/channel`.
 */
import { processIo } from './cli/io.ts';
import { main } from './cli/main.ts';

main(process.argv.slice(2), processIo()).then((exitCode) => {
  process.exitCode = exitCode;
});
