/**
 * What a person sees of what a command wrote: the lines of a real terminal's screen and of what has scrolled
 * off it (xterm.js without a window).
 */
import { Terminal } from '@xterm/headless';

export interface ScreenLine {
  text: string;
  /** It was too long for the terminal, which broke it wherever the edge was. */
  isBroken: boolean;
}

const ROWS = 40;
const SCROLLBACK_LINES = 5_000;

/** @param written with its colour and cursor codes */
export async function screenLines(written: string, columns: number): Promise<ScreenLine[]> {
  const terminal = new Terminal({ cols: columns, rows: ROWS, scrollback: SCROLLBACK_LINES, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const { active } = terminal.buffer;
  const lines: ScreenLine[] = [];
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    const text = line?.translateToString(true) ?? '';
    const last = lines.at(-1);
    if (line?.isWrapped && last !== undefined) {
      last.text += text;
      last.isBroken = true;
    } else lines.push({ text, isBroken: false });
  }
  terminal.dispose();
  return lines;
}
