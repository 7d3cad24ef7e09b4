/**
 * The flags of a capture: which packets of a run go to a pcapng file. What is in it, sim/capture/README.md
 * says.
 */
import { extname } from 'node:path';
import { type CommandLine, choiceFlag, valueFlag } from 'host/command-line';
import { parseInteger, within } from 'host/flag-values';
import { formatSize, parseSize } from 'host/units';
import { UsageError } from 'host/user-error';
import type { VantagePoint } from '../../capture/capture.ts';
import { groupsOf, membersOf } from '../../scenario/groups.ts';
import type { Scenario, Target } from '../../scenario/scenario.ts';
import { pickBoards, readTarget, targetProblem } from '../../scenario/target.ts';

const DEFAULT_MAX = '256MiB';
const MIN_BYTES = 1024 ** 2;
const MAX_BYTES = 1024 ** 4;

export const PCAP_FLAGS = {
  pcap: valueFlag<string>({
    about: 'Write the packets of the run, for Wireshark',
    expected: 'a file, such as run.pcapng',
    parse: (text) => (text === '' ? null : text),
  }),
  'pcap-boards': valueFlag<Target>({
    about: 'Whose packets',
    expected: 'all, a number of boards (3), or ids (board-7,board-9)',
    default: 'all',
    parse: parseBoards,
  }),
  'pcap-at': choiceFlag<VantagePoint>(
    'Where they are seen: at each board’s interface, at the relay’s, or both',
    ['board', 'relay', 'both'],
    'board',
  ),
  'pcap-max': valueFlag<number>({
    about: 'How long the file may become',
    expected: `a size from ${formatSize(MIN_BYTES)} to ${formatSize(MAX_BYTES)}`,
    default: DEFAULT_MAX,
    parse: (text) => within(parseSize(text), MIN_BYTES, MAX_BYTES),
  }),
};

type Values = Extract<CommandLine<typeof PCAP_FLAGS>, { help: null }>['values'];

const NEED_PCAP = ['pcap-boards', 'pcap-at', 'pcap-max'] as const;

export interface PcapSettings {
  file: string;
  boards: Target;
  at: VantagePoint;
  maxBytes: number;
}

/** null: no capture. */
export function pcapSettings(values: Values, given: ReadonlySet<string>): PcapSettings | null {
  const { pcap: file, 'pcap-boards': boards, 'pcap-at': at, 'pcap-max': maxBytes } = values;
  if (file !== undefined) return { file, boards, at, maxBytes };
  const alone = NEED_PCAP.find((flag) => given.has(flag));
  if (alone !== undefined) throw new UsageError(`--${alone}: expected --pcap FILE beside it`);
  return null;
}

/**
 * Indices of the boards that are captured, ascending. @throws UsageError when there is no such board in this
 * scenario
 */
export function capturedBoards({ boards }: PcapSettings, scenario: Scenario): number[] {
  const problem = targetProblem(boards, scenario.boards.count, scenario.fleet);
  if (problem !== null) throw new UsageError(`--pcap-boards: ${problem}`);
  const groups = groupsOf(scenario);
  return pickBoards(boards, { boardCount: scenario.boards.count, membersOf: (name) => membersOf(groups, name) }, () => 0);
}

/** The file of one run of several: its name before the ending. */
export function fileOfRun(file: string, run: string): string {
  const ending = extname(file);
  return `${file.slice(0, file.length - ending.length)}-${run}${ending}`;
}

/** A target of scenarios, but for a share: luck of a run is not spent on who looks at it. */
function parseBoards(text: string): Target | null {
  const count = parseInteger(text);
  const target = readTarget(count ?? text) ?? readTarget(text.split(','));
  return target?.kind === 'share' ? null : target;
}
