/** The capture of a run: its file, from before the run to after it, and what there is to say of it. */
import { parseServerUrl } from 'firmware/server-url';
import { fileProblem } from 'host/file-problem';
import { formatMs, plural } from 'host/format';
import { formatSize } from 'host/units';
import { UsageError } from 'host/user-error';
import { Capture } from '../../capture/capture.ts';
import { CaptureFile } from '../../capture/capture-file.ts';
import { msFromUs } from '../../kernel/units.ts';
import type { PacketTap } from '../../net/wire/packet-tap.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { capturedBoards, type PcapSettings } from '../flags/pcap-flags.ts';

export interface RunCapture {
  tap: PacketTap;
  /** Where it is, once it is finished. */
  readonly about: string;
  /** What is not in it, once it is finished; null: nothing. */
  readonly problem: string | null;
  /** Writes what still waits. @throws UsageError when the file could not be written */
  finish(): void;
  /** Leaves the file whole, whatever has happened. Safe to call at any time. */
  close(): void;
}

export type OpenCapture = typeof openCapture;

/** Of a relay whose URL nobody can read: that of ws. */
const NO_PORT = 80;

/**
 * @param onFailure the file cannot be written further @throws UsageError for a path that cannot be written
 *   to, or boards that are not there
 */
export function openCapture(settings: PcapSettings, scenario: Scenario, onFailure: () => void): RunCapture {
  const boards = capturedBoards(settings, scenario);
  const file = attempt(settings.file, () => new CaptureFile(settings.file, settings.maxBytes, onFailure));
  const capture = new Capture({
    seed: scenario.seed,
    boards,
    at: settings.at,
    relayPort: parseServerUrl(scenario.boards.config.server)?.port ?? NO_PORT,
    comment: `${scenario.name}, seed ${scenario.seed}`,
    sink: file,
  });
  const close = (): void => {
    process.off('exit', close);
    capture.finish();
    file.close();
  };
  process.on('exit', close);
  return {
    tap: capture,
    get about() {
      return `Captured to ${settings.file} (${plural(file.packets, 'packet')})`;
    },
    get problem() {
      if (file.fullAtUs === null) return null;
      const end = `it ends ${formatMs(msFromUs(file.fullAtUs))} into the run`;
      const after = `${plural(file.packetsLeftOut, 'packet')} after that ${file.packetsLeftOut === 1 ? 'is' : 'are'} not in it`;
      return `--pcap: ${settings.file} is full (--pcap-max ${formatSize(settings.maxBytes)}): ${end}, and ${after}`;
    },
    finish() {
      close();
      attempt(settings.file, () => {
        if (file.failure !== null) throw file.failure;
      });
    },
    close,
  };
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    throw new UsageError(`--pcap: cannot write to ${JSON.stringify(path)}: ${problem}`);
  }
}
