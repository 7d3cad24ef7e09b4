/** Entry point of `npm run fidelity`. */
import { main } from './cli.ts';

main(
  process.argv.slice(2),
  (text) => process.stdout.write(text),
  (text) => process.stderr.write(text),
).then((exitCode) => {
  process.exitCode = exitCode;
});
