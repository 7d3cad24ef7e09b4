/**
 * Captures judged by Wireshark's own dissectors. Each end's packets are judged in a file of their own, since
 * the analysis of TCP takes what two interfaces have seen for sent twice.
 *
 * On the sender's interface nothing comes out of order: what Wireshark up to 4.0 calls so there, because a
 * newer segment has left within the first round trip, is sent again too.
 */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratch } from '../cli/testing/scratch.ts';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import { usFromMs } from '../kernel/units.ts';
import type { Summary } from '../measure/result.ts';
import { LINUX } from '../net/tcp/parameters.ts';
import { Pair } from '../net/tcp/testing/pair.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { Capture } from './capture.ts';
import { captureToFile } from './testing/captured-run.ts';
import { countOf, fieldsOf, HAS_TSHARK, splitOff } from './testing/tshark.ts';

const SENT_AGAIN = ['retransmission', 'fast_retransmission', 'out_of_order'].map((kind) => `tcp.analysis.${kind}`);
const WRONG = [
  '_ws.malformed',
  '_ws.expert.severity == error',
  'ip.checksum.status == "Bad" or tcp.checksum.status == "Bad" or udp.checksum.status == "Bad"',
  'tcp.analysis.ack_lost_segment',
].join(' or ');
const PING = '9';
/** Of the run's own count. */
const TOLERANCE = 0.02;

function expectNothingWrong(file: string): void {
  expect(fieldsOf(file, WRONG, 'frame.number', '_ws.col.Info', '_ws.expert.message')).toEqual([]);
}

/** The two ends, each with what it sent. */
async function captured(document: ScenarioDocument) {
  const folder = scratch();
  const file = folder.path('both.pcapng');
  const summary = await captureToFile(document, 'both', file);
  const isRelay = 'frame.interface_name == "relay eth"';
  return [
    { file: splitOff(file, `not (${isRelay})`, folder.path('boards.pcapng')), own: 'ip.dst == 10.0.255.1' },
    { file: splitOff(file, isRelay, folder.path('relay.pcapng')), own: 'ip.src == 10.0.255.1' },
  ].map((end) => ({ ...end, summary }));
}

/** Within the measured time, which the drain is not. */
function measured({ virtual_ms }: Summary): string {
  return `frame.time_epoch <= ${(WORLD_EPOCH_MS + virtual_ms) / 1000}`;
}

/** In the last, connections die with pings that were written and never left. */
const CASES: [name: string, pings: 'all' | 'those that left', document: ScenarioDocument][] = [
  ['10 % loss', 'all', { boards: { count: 8, device: 'espruino-esp32' }, duration: 120_000, link: { loss: 0.1 } }],
  [
    'boards that ping on shared air',
    'all',
    {
      boards: { count: 8, board_ping_interval: 500 },
      relay: { mode: 'echo', ping_interval: 7_000 },
      duration: 120_000,
      air: { medium: 'shared' },
      link: { loss: 0.05 },
    },
  ],
  [
    'loss in bursts, outages, resets and a relay that restarts',
    'those that left',
    {
      boards: { count: 6, device: 'espruino-esp32' },
      duration: 180_000,
      link: { loss: 0.05, burst: 3 },
      steps: [
        { at: 30_000, action: 'link.blackhole', for: 40_000, parameters: {} },
        { at: 90_000, action: 'relay.restart', for: 5_000, parameters: {} },
        { at: 120_000, action: 'link.reset', parameters: {} },
        { at: 140_000, action: 'ap.down', for: 10_000, parameters: {} },
      ],
    },
  ],
];

describe.skipIf(!HAS_TSHARK)('Wireshark (tshark)', { timeout: 120_000 }, () => {
  it.for(CASES)('finds nothing wrong, and counts what the run counts: %s', async ([, pings, document]) => {
    const ends = await captured(document);
    const [{ summary }] = ends;
    const { tcp_retransmits, pings_sent } = summary.metrics as Record<string, number>;
    for (const { file } of ends) expectNothingWrong(file);
    const packets = ends.flatMap(({ file, own }) =>
      fieldsOf(file, `${own} and ${measured(summary)}`, 'frame.comment', 'websocket.opcode', ...SENT_AGAIN),
    );
    const again = packets.filter(([, , ...kinds]) => kinds.some((kind) => kind !== ''));
    expect(tcp_retransmits).toBeGreaterThan(50);
    expect(Math.abs(again.length - tcp_retransmits)).toBeLessThanOrEqual(tcp_retransmits * TOLERANCE);
    expect(packets.filter(([comments]) => comments.split(',').includes('sent again'))).toHaveLength(tcp_retransmits);
    const pinged = packets.flatMap(([, opcodes]) => opcodes.split(',')).filter((opcode) => opcode === PING);
    expect(pinged.length).toBeGreaterThan(20);
    expect(pings === 'all' ? pinged.length : Math.max(pinged.length, pings_sent)).toBe(pings_sent);
  });

  it('reads what boards have masked, with a key for each frame', async () => {
    const file = scratch().path('board.pcapng');
    await captureToFile({ boards: { count: 2 } }, 'board', file);
    const frames = fieldsOf(file, 'websocket.opcode == 1 and ip.dst == 10.0.255.1', 'websocket.mask', 'websocket.masking_key', 'text');
    expect(frames.length).toBeGreaterThan(10);
    expect(frames.map(([mask]) => mask)).toEqual(frames.map(() => '1'));
    expect(new Set(frames.map(([, key]) => key)).size).toBe(frames.length);
  });

  it('sees handshakes, certificates and records of a run with TLS, and the time that boards ask for before', async () => {
    const [{ file }] = await captured({ boards: { count: 2 }, tls: 'mutual', link: { loss: 0.05 } });
    expectNothingWrong(file);
    const types = fieldsOf(file, 'tls.handshake.type', 'tls.handshake.type').flat().join(',').split(',');
    expect(new Set(types)).toEqual(new Set(['1', '2', '11', '13', '14', '15', '16']));
    expect(countOf(file, 'x509sat.printableString or x509sat.uTF8String')).toBeGreaterThan(0);
    expect(countOf(file, 'tls.app_data')).toBeGreaterThan(20);
    expect(countOf(file, 'ntp.flags.mode == 3 and ip.dst == 10.0.255.123')).toBeGreaterThanOrEqual(2);
    const times = fieldsOf(file, 'ntp.flags.mode == 4 and ip.src == 10.0.255.123', 'ntp.xmt').flat();
    expect(times.length).toBeGreaterThan(0);
    for (const time of times) expect(time).toMatch(/^Jan +1, 2026 00:0/);
  });

  it('takes the selective acknowledgements and timestamps of two Linux machines', async () => {
    const pair = await new Pair(LINUX, LINUX).connected();
    pair.fate = (_packet, from, number) => from === 'server' || number % 9 !== 5;
    pair.clientEnd.endpoint?.write('x'.repeat(80_000));
    await pair.run(60_000);
    expect(pair.serverEnd.received).toHaveLength(80_000);
    const blocks: Buffer[] = [];
    const sink = { begin: (block: Buffer) => blocks.push(block), take: (block: Buffer) => blocks.push(block) };
    const capture = new Capture({ seed: 1, boards: [1], at: 'both', relayPort: 80, comment: '', sink });
    for (const { atMs, from, packet } of pair.sent) capture.sent(packet, from === 'client' ? 'up' : 'down', usFromMs(atMs));
    capture.finish();
    const file = scratch().path('linux.pcapng');
    writeFileSync(file, Buffer.concat(blocks));
    expectNothingWrong(file);
    expect(countOf(file, 'tcp.flags.syn == 1 and tcp.options.sack_perm and tcp.options.mss_val == 1448')).toBe(2);
    expect(countOf(file, 'tcp.options.timestamp.tsval')).toBe(pair.sent.length);
    expect(countOf(file, 'tcp.options.sack.count >= 1')).toBeGreaterThan(5);
  });
});
