/** `npx tsx sim …`: the simulator's command line. */
import './cli/source-maps.ts';

import { EXIT } from './cli/exit-code.ts';
import { processIo } from './cli/io.ts';
import { main } from './cli/main.ts';

let isFinished = false;
// Whatever ends the process before its command has: nobody may take that for a success.
process.on('exit', (code) => {
  if (isFinished || code !== EXIT.ok) return;
  process.stderr.write('The command was ended before it was finished.\n');
  process.exitCode = EXIT.bug;
});

main(process.argv.slice(2), processIo()).then((exitCode) => {
  isFinished = true;
  process.exitCode = exitCode;
});
