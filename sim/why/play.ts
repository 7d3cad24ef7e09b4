/** One run of those that are compared: the scenario with other luck from a time on, and what came of it. */
import { createHash } from 'node:crypto';
import type { Programs } from '../board/runtime.ts';
import type { FleetCertificates } from '../certificates/fleet.ts';
import { usFromMs } from '../kernel/units.ts';
import { momentOf } from '../measure/checks/violations.ts';
import { BoardView } from '../measure/fleet/board-view.ts';
import type { Summary } from '../measure/result.ts';
import type { PacketTap } from '../net/wire/packet-tap.ts';
import { Run } from '../run/run.ts';
import type { OtherLuck } from '../scenario/drawn-steps.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { judgedBy, type Outcome, type Verdict } from './outcome.ts';

export interface Trial {
  scenario: Scenario;
  outcome: Outcome;
  /** null: its own luck throughout. */
  otherLuck: OtherLuck | null;
  /** Up to when the digest of the trace is wanted, ms; null: it is not. */
  digestUntilMs: number | null;
}

/** What is heard of the run beside. */
export interface Listening {
  /** Of each line of the trace, with packets. @param atMs its time */
  onLine?(line: string, atMs: number): void;
  tap?: PacketTap;
  signal?: AbortSignal;
}

export async function playTrial(
  { scenario, outcome, otherLuck, digestUntilMs }: Trial,
  app: Programs,
  certificates: FleetCertificates | undefined,
  { onLine, tap, signal }: Listening = {},
): Promise<Verdict> {
  const hash = digestUntilMs === null ? null : createHash('sha256');
  const wantsLines = onLine !== undefined || hash !== null;
  const one = await Run.open(judgedBy(scenario, outcome), app, {
    certificates,
    otherLuck: otherLuck ?? undefined,
    tap,
    signal,
    ...(wantsLines && {
      traceLevel: 'packet',
      onTraceLine: (line) => {
        const atMs = timeOf(line);
        onLine?.(line, atMs);
        if (digestUntilMs !== null && atMs <= digestUntilMs) hash?.update(line);
      },
    }),
  });
  const judged = await one.supervised(() => (outcome.kind === 'offline' ? isOffline(one, outcome) : judgeWhole(one, outcome, scenario)));
  return { ...judged, digest: hash?.digest('hex') ?? '' };
}

/** Of a line of a trace, which begins with it, ms. */
export function timeOf(line: string): number {
  return Number.parseFloat(line.slice('{"t":'.length));
}

type Judged = Omit<Verdict, 'digest'>;

async function judgeWhole(one: Run, outcome: Outcome, { durationMs }: Scenario): Promise<Judged> {
  one.start();
  await one.advance(durationMs);
  return judgedIn(one.result(await one.end()).summary, outcome, durationMs);
}

function judgedIn({ checks, thresholds: [threshold] }: Summary, outcome: Outcome, durationMs: number): Judged {
  if (outcome.kind !== 'check') return { happened: !threshold.ok, detail: '', knownAtMs: durationMs };
  // What a step expects is no check any more when the step is left away.
  const { ok, detail = '' } = checks.find(({ name }) => name === outcome.name) ?? { ok: true };
  return { happened: !ok, detail: ok ? '' : detail, knownAtMs: ok ? durationMs : Math.min(momentOf(detail) ?? durationMs, durationMs) };
}

async function isOffline(one: Run, { board, atMs }: Outcome & { kind: 'offline' }): Promise<Judged> {
  const view = new BoardView();
  one.world.events$.subscribe((event) => {
    if (event.board === board && event.atUs <= usFromMs(atMs)) view.apply(event);
  });
  one.start();
  await one.advance(atMs);
  one.world.abandon();
  const happened = view.channel !== 'open';
  return { happened, detail: happened ? `its channel was in the state "${view.channel}"` : '', knownAtMs: atMs };
}
