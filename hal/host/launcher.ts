/**
 * Whether who started this process is still there. `npx` that is sent SIGTERM ends its shell and nothing
 * below it, so the program would go on as an orphan, holding its port. The parent is tsx, whose own parent is
 * that shell: either going is the end.
 *
 * The shell is seen on Linux only (proc(5)); elsewhere only a parent that is gone is noticed. A program that
 * nobody launched so is left alone.
 */
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/** Calls back once when the launcher is gone. Keeps no process alive. @returns stops looking */
export function onLauncherGone(callback: () => void): () => void {
  const parent = process.ppid;
  // Set by npm for what npx starts.
  if (process.env.npm_command !== 'exec') return () => {};
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** null where there is no such process, or no /proc. */
function parentOf(pid: number): number | null {
  try {
    // The name, in parentheses, may hold anything; state and parent follow the last one.
    return Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return null;
  }
}
