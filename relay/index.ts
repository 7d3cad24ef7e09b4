/**
 * Entry point of `npx tsx relay`. Code that wants a relay imports `relay/relay`, which loads nothing of the
 * command line.
 */
import { main } from './cli/cli.ts';

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
