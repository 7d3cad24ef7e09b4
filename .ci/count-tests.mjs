/**
 * Prints `N passed, N failed`, and `, N skipped` if there are any, from vitest's JSON report. A file that
 * could not be loaded is one failure, and so is a report that was never written.
 */
import { readFileSync } from 'node:fs';

let report;
try {
  report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
} catch {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const isBroken = (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
const failed = report.numFailedTests + report.testResults.filter(isBroken).length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
