/** `describe`, and captures of packets on the command line. What is inferred from them is tested in sim/field. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { captureRun } from '../../capture/testing/captured-run.ts';
import { ethernet, ipPacket, pcap } from '../../capture/testing/frames.ts';
import type { Summary } from '../../measure/result.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const STEPS = [{ at: 30_000, action: 'link.blackhole', for: 20_000, parameters: {} }] as const;
let capture: Buffer;
beforeAll(async () => {
  const relay = { ping_interval: 5_000, ping_timeout: 5_000 };
  ({ bytes: capture } = await captureRun({ duration: 70_000, boards: { count: 3 }, relay, steps: [...STEPS] }, 'relay'));
});

const joined = (text: string) => text.replaceAll(/\n\s*/g, ' ');

describe('a capture of packets', () => {
  it('is described, and nothing is run', async () => {
    const file = scratch().write('field.pcapng', capture);
    const { exitCode, out, err } = await sim('describe', file);
    expect([exitCode, err]).toEqual([0, '']);
    expect(joined(out)).toMatch(/field\.pcapng is a capture of packets from .* 3 clients of 10\.0\.255\.1:8000, seen at the server\. /);
    expect(joined(out)).toMatch(/Fleet: delay \S+ ± \S+, loss 0% \(.*\); 1 outage of the network/);
    expect(out).toMatch(/board-1 is board-\d: /);
    expect(joined(out)).toMatch(/sends [\d,]+ messages of 4 B, one every 3\.2\d* s; gets /);
    expect(out).not.toContain('Again:');
  });

  it('is the same when it is packed', async () => {
    const files = scratch();
    const [plain, packed] = [files.write('field.pcapng', capture), files.write('field.pcapng.gz', gzipSync(capture))];
    const [one, two] = [await sim('describe', plain, '--json'), await sim('describe', packed, '--json')];
    expect(one).toEqual(two);
    const document = JSON.parse(one.out);
    expect(document).toMatchObject({
      version: 1,
      kind: 'capture',
      seen_at: 'server',
      is_cut: false,
      not_shown: [],
      scenario: { name: 'field', version: 1 },
    });
    expect(document.outages).toHaveLength(1);
    expect(document.boards).toHaveLength(3);
  });

  it('whose packing ends in the middle is read up to there, and says so', async () => {
    const packed = gzipSync(capture);
    const file = scratch().write('cut.pcapng.gz', packed.subarray(0, packed.length / 2));
    const { exitCode, out } = await sim('describe', file);
    expect(exitCode).toBe(0);
    expect(joined(out)).toMatch(/What it does not show: At byte [\d,]+ of what was unpacked its gzip ends in the middle\./);
  });

  it('is played as what was inferred from it, before and after a change', async () => {
    const files = scratch();
    const file = files.write('field.pcapng', capture);
    const words = [
      'replay',
      file,
      '--port',
      '8000',
      '--set',
      'relay.ping_interval=20s',
      '--no-report',
      '--no-trace',
      '--out',
      files.path('runs'),
    ];
    const { exitCode, out } = await sim(...words, '--json');
    expect(exitCode).toBe(0);
    const { runs } = JSON.parse(out) as { runs: Summary[] };
    expect(runs.map(({ replay, boards }) => [replay, boards])).toEqual([
      [`npx tsx sim replay ${file} --port 8000`, 3],
      [`npx tsx sim replay ${file} --port 8000 --set relay.ping_interval=20s`, 3],
    ]);
    const people = await sim('replay', file, '--no-report', '--no-trace', '--out', files.path('run'));
    expect(joined(people.out)).toContain('as a relay sees it, they are available for');
    expect(joined(people.out)).toMatch(/At \d+s packets vanish \(all boards\) for \d+s\./);
  });

  it.each([
    ['', 'byte 0: expected a capture (pcapng or pcap), the file is empty'],
    ['GET / HTTP/1.1\r\n', 'byte 0: expected a capture: pcapng (0a 0d 0d 0a) or pcap (d4 c3 b2 a1 and the like), got 47 45 54 20'],
    [pcap([]), 'byte 24: expected a packet, the file ends'],
    [pcap([]).subarray(0, 20), 'byte 0: expected a packet, the file ends within it'],
    [Buffer.from([0x1f, 0x8b, 8, 0]), 'its gzip ends in the middle, before the first packet'],
    [pcap([{ epochUs: 1, frame: ethernet(ipPacket()) }]), 'expected a TCP connection that carries WebSocket, got 1 packet, 1 of TCP'],
    [
      pcap(
        [1, 2].map((seq) => ({
          epochUs: seq,
          frame: ethernet(
            ipPacket({ seq, toPort: 443, flags: seq === 1 ? 2 : 16, payload: Buffer.from(seq === 1 ? '' : '\x16\x03\x01hello') }),
          ),
        })),
      ),
      'expected a TCP connection that carries WebSocket, got 2 packets, 2 of TCP; 1 connection to port 443 used TLS: if they are the ones, --port 443',
    ],
  ])('%#: in which nothing can be read is refused by describe and replay, with where and what was expected', async (content, message) => {
    const file = scratch().write('x.pcap', content);
    for (const command of ['describe', 'replay']) {
      expect(await sim(command, file)).toEqual({ exitCode: 2, out: '', err: `${file}: ${message}\n` });
    }
  });
});

describe('describe', () => {
  it('says what a scenario and the recording of a run would run', async () => {
    const files = scratch();
    const scenario = files.write('short.yaml', 'version: 1\nname: short\nduration: 20s\nboards: { count: 2 }\n');
    const plan = /Scenario "short", seed 1: 2 boards/;
    expect((await sim('describe', scenario)).out).toMatch(plan);
    await sim('replay', scenario, '--quiet', '--no-report', '--out', files.path('run'));
    const { out } = await sim('describe', files.path('run/trace.jsonl'));
    expect(joined(out)).toMatch(/trace\.jsonl is the recording of a run: \d+ events, trace_hash sha256:[0-9a-f]{64}\. Scenario "short"/);
    expect(JSON.parse((await sim('describe', scenario, '--json')).out)).toMatchObject({ version: 1, kind: 'scenario', name: 'short' });
  });

  it.each([
    ['describe: expected one FILE (.yaml, .jsonl, .pcapng or .pcap)', ['describe']],
    ['describe: expected one FILE (.yaml, .jsonl, .pcapng or .pcap)', ['describe', 'a.pcap', 'b.pcap']],
    ['--port: expected a capture among the files (.pcapng, .pcap)', ['describe', 'scenarios/half-open.yaml', '--port', '80']],
    ['--port: expected a capture among the files (.pcapng, .pcap)', ['replay', 'scenarios/half-open.yaml', '--port', '80']],
    ['--port: expected a port from 1 to 65535, got "0"', ['describe', 'a.pcap', '--port', '0']],
    ['none.pcapng: cannot be read: no such file or directory', ['describe', 'none.pcapng']],
    ['none.pcapng is a capture: npx tsx sim replay none.pcapng', ['none.pcapng']],
  ])('%s', async (message, words) => {
    expect(await sim(...words)).toEqual({ exitCode: 2, out: '', err: `${message}\n` });
  });
});
