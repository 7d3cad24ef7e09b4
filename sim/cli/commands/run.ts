/** `npx tsx sim [flags]`: one fleet, made of flags. */
import { type Command, readCommandLine } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { readyPrograms } from '../../sources/ready-firmware.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { meantBy } from '../files/meant-by.ts';
import { LIVE_FLAGS, liveScenario, liveSettings, liveWords } from '../flags/live.ts';
import { OUTPUT_FLAGS, outputOptions } from '../flags/output-flags.ts';
import { PCAP_FLAGS, pcapSettings } from '../flags/pcap-flags.ts';
import { givenSettings, namedBy, replayLine, SETTING_FLAGS, scenarioOf } from '../flags/setting-flags.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';

const COMMAND = {
  usage: 'npx tsx sim',
  about:
    'Runs a fleet of virtual boards against the relay in virtual time and says how they fared.\n' +
    'Other commands, each with its own --help: replay (scenario files and recordings), sweep (studies), tune, advise (which keepalive?), presets (whose defaults are known), compare, fuzz, why (what decided it?), proxy, init (a project of your own).',
  flags: { ...SETTING_FLAGS, ...LIVE_FLAGS, ...OUTPUT_FLAGS, ...PCAP_FLAGS },
  examples: [
    ['npx tsx sim --boards 50 --drop-rate 0.1', '50 boards on a link that loses every tenth packet'],
    ['npx tsx sim --boards 50 --weather train', 'tunnels and weak cells, drawn by the seed; npx tsx sim --help names the other places'],
    ['npx tsx sim --boards 50 --client esp_websocket_client --server-preset uvicorn', 'what those libraries do when nobody sets anything'],
    ['npx tsx sim --ping-interval 5s --ping-timeout 5s --seed 7 --json', 'another keepalive, other luck, for a program to read'],
    ['npx tsx sim --drop-rate 0.1 --pcap run.pcapng', 'its packets as the boards see them, for Wireshark'],
    ['npx tsx sim --boards 20 --live --listen 0.0.0.0:8000', 'on the wall clock, with a relay that real devices join'],
  ],
  meantBy,
} satisfies Command<typeof SETTING_FLAGS & typeof LIVE_FLAGS & typeof OUTPUT_FLAGS & typeof PCAP_FLAGS>;

export async function runCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const output = outputOptions(line.values, line.given);
  const pcap = pcapSettings(line.values, line.given);
  const given = givenSettings(line.values, line.given);
  const live = liveSettings(line.values, line.given);
  const named = await namedBy(line.given, line.values.weather);
  const virtual = scenarioOf(given, named);
  const scenario = live === null ? virtual : liveScenario(virtual, live, !line.given.has('duration'));
  // The world is most of the code, for which a mistake need not wait.
  const { defaultFolder, execute, toJson, WHY_COMMAND } = await import('../execute.ts');
  const app = await readyPrograms(scenario, io.err);
  const folder = output.folder ?? defaultFolder(scenario);
  const job = {
    scenario,
    app,
    replay: replayLine(given, named) + liveWords(live),
    // Its recording has the settings; of the wall clock nobody knows the luck.
    why: live !== null || output.traceLevel === 'none' ? null : `${WHY_COMMAND} ${shellQuote(folder)}`,
    output,
    live,
    pcap,
    folder,
    comparison: null,
    stop: null,
    progress: true,
  };
  const summary = await interruptible(io, (signal) => execute(job, io, signal));
  if (output.json) io.out(toJson(summary));
  return exitCodeOf(summary);
}
