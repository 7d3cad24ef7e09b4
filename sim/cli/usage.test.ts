import { describe, expect, it } from 'vitest';
import { sim } from './testing/capture.ts';
import { scratch } from './testing/scratch.ts';

const DURATION = 'a duration with its unit (500ms, 20s, 10m, 1h)';
const PLAYS_HALF_OPEN = 'scenarios/half-open.yaml is a scenario: npx tsx sim replay scenarios/half-open.yaml';
const MODULE = 'expected a module that exports a function app(hal, config)';

describe('a wrong command line ends with exit code 2 and says', () => {
  it.each<[string[], string]>([
    [['--boards', '0'], '--boards: expected a whole number from 1 to 10000, got "0"'],
    [['--boards', '10001'], '--boards: expected a whole number from 1 to 10000, got "10001"'],
    [['--boards', '1.5'], '--boards: expected a whole number from 1 to 10000, got "1.5"'],
    [['--boards'], '--boards: expected a whole number from 1 to 10000, got ""'],
    [['--boards', '5', '--boards', '6'], '--boards is given 2 times; expected once'],
    [['--drop-rate', '1.1'], '--drop-rate: expected a number from 0 to 1 (10 % is 0.1), got "1.1" (did you mean 0.011?)'],
    [['--drop-rate', '10%'], '--drop-rate: expected a number from 0 to 1 (10 % is 0.1), got "10%" (did you mean 0.1?)'],
    [['--drop-rate', '10'], '--drop-rate: expected a number from 0 to 1 (10 % is 0.1), got "10" (did you mean 0.1?)'],
    [['--drop-rate', '0,5'], '--drop-rate: expected a number from 0 to 1 (10 % is 0.1), got "0,5" (did you mean 0.5?)'],
    [['--drop-rate=-0.1'], '--drop-rate: expected a number from 0 to 1 (10 % is 0.1), got "-0.1"'],
    [['--burst', '0.5'], '--burst: expected a number from 1 to 1000, got "0.5"'],
    [['--latency', '10'], `--latency: expected ${DURATION} from 0s to 1m, got "10" (did you mean 10ms?)`],
    [['--ping-interval', '5'], `--ping-interval: expected ${DURATION} from 0s to 24h, got "5" (did you mean 5s?)`],
    [['--ping-interval', '2 min'], `--ping-interval: expected ${DURATION} from 0s to 24h, got "2 min" (did you mean 2m?)`],
    [['--jitter', '2h'], `--jitter: expected ${DURATION} from 0s to 1m, got "2h"`],
    [['--rate', '20'], '--rate: expected a bit rate with its unit (250kbit, 2mbit) from 1kbit to 10gbit, got "20" (did you mean 20mbit?)'],
    [
      ['--rate', '2 Mbps'],
      '--rate: expected a bit rate with its unit (250kbit, 2mbit) from 1kbit to 10gbit, got "2 Mbps" (did you mean 2mbit?)',
    ],
    [['--duration', '0s'], `--duration: expected ${DURATION} from 1ms to 720h, got "0s"`],
    [['--duration', '31d'], `--duration: expected ${DURATION} from 1ms to 720h, got "31d"`],
    [['--seed', '-1'], '--seed: expected a whole number from 0 to 4294967295, got "-1"'],
    [['--seed', '4294967296'], '--seed: expected a whole number from 0 to 4294967295, got "4294967296"'],
    [['--ping-timeout', '0s'], `--ping-timeout: expected ${DURATION} from 1ms to 24h, got "0s"`],
    [['--board-ping-interval', 'off'], `--board-ping-interval: expected ${DURATION} from 0s to 24h, got "off" (did you mean 0s?)`],
    [
      ['--device', 'esp32'],
      '--device: expected one of espruino-esp32, micropython-esp32, espruino-esp32c3, micropython-esp32c3, ideal, got "esp32"',
    ],
    [['--mode', 'Echo'], '--mode: expected one of broadcast, echo, got "Echo" (did you mean echo?)'],
    [['--duplicate-id', 'refuse'], '--duplicate-id: expected one of reject, takeover, got "refuse"'],
    [['--trace', 'all'], '--trace: expected one of none, state, message, packet, got "all"'],
    [['--trace', 'packet', '--no-trace'], '--no-trace contradicts --trace packet; expected one of them'],
    [['--drop-rat', '0.1'], 'unknown flag --drop-rat; the nearest legal flag is --drop-rate'],
    [['--tlss', 'mutual'], 'unknown flag --tlss; the nearest legal flag is --tls'],
    [['--tls', 'full'], '--tls: expected one of none, encrypt, server, mutual, got "full"'],
    [
      ['--tls', 'mutual', '--relay', 'ws://127.0.0.1:1/'],
      '--tls: its certificates are known to the relay of this run only; for another one that speaks TLS use --relay wss://…',
    ],
    [['--listen', '127.0.0.1:0'], '--listen: expected --live beside it'],
    [['--allow-origin', '*'], '--allow-origin: expected --live beside it'],
    [['--relay', 'http://x'], '--relay: scheme: expected ws:// or wss://, as in "ws://192.168.1.10:8000/", got "http://"'],
    [
      ['--relay', 'ws://127.0.0.1:1/', '--live'],
      '--relay contradicts --live and --listen: the boards talk to that relay, or to one of this run',
    ],
    [['--json=yes'], '--json: takes no value'],
    [['--quiet', 'stray'], 'unexpected argument "stray"'],
    [['--quiet', 'scenarios/half-open.yaml'], `unexpected argument "scenarios/half-open.yaml"; ${PLAYS_HALF_OPEN}`],
    [['scenarios/half-open.yaml'], PLAYS_HALF_OPEN],
    [['scenarios/half-open.yaml', '--seed', '2'], PLAYS_HALF_OPEN],
    [
      ['scenarios/studies/power-save.yaml'],
      'scenarios/studies/power-save.yaml is a study: npx tsx sim sweep scenarios/studies/power-save.yaml',
    ],
    [['runs/x/trace.jsonl'], 'runs/x/trace.jsonl is a recording: npx tsx sim replay runs/x/trace.jsonl'],
    [['my-app.ts'], 'my-app.ts is a program: npx tsx sim --firmware my-app.ts'],
    [['ws://127.0.0.1:8000/'], 'ws://127.0.0.1:8000/ is an address: npx tsx sim --relay ws://127.0.0.1:8000/'],
    [['scenarios'], 'scenarios is a folder: npx tsx sim replay scenarios plays the scenarios (.yaml) in it'],
    [['swep', 'x.yaml'], 'unknown command "swep"; the nearest legal command is sweep'],
    [['repaly'], 'unknown command "repaly"; the nearest legal command is replay'],
    [['--firmware', 'no-such.ts'], `--firmware: no such file: "no-such.ts"; ${MODULE}`],
    [['--firmware', 'sos.ts'], `--firmware: no such file: "sos.ts"; did you mean firmware/apps/sos.ts?; ${MODULE}`],
    [['--firmware', 'firmware'], `--firmware: not a file: "firmware"; ${MODULE}`],
    [['--config', 'no-such.json'], '--config: no-such.json: cannot be read: no such file or directory'],
    [['--config', 'sim'], '--config: sim: cannot be read: it is a directory'],
    [['replay'], 'replay: expected at least one FILE (.yaml, .jsonl, .pcapng or .pcap) or DIR'],
    [
      ['replay', 'no-such.yaml', 'none.jsonl'],
      'no-such.yaml: cannot be read: no such file or directory\nnone.jsonl: cannot be read: no such file or directory',
    ],
    [
      ['replay', 'scenarios/half-opn.yaml'],
      'scenarios/half-opn.yaml: cannot be read: no such file or directory; did you mean scenarios/half-open.yaml?',
    ],
    [['replay', 'half-open'], 'half-open: cannot be read: no such file or directory; did you mean scenarios/half-open.yaml?'],
    [
      ['sweep', 'scenarios/study/power-save.yaml'],
      'scenarios/study/power-save.yaml: cannot be read: no such file or directory; did you mean scenarios/studies/power-save.yaml?',
    ],
    [
      ['replay', 'scenarios/studies'],
      'scenarios/studies: no scenario in this folder; its studies are for sweep: npx tsx sim sweep scenarios/studies/backoff-herd.yaml',
    ],
    [
      ['replay', 'relay'],
      'relay: no scenario in this folder; expected a scenario (.yaml), a recording (.jsonl) or a capture (.pcapng, .pcap)',
    ],
    [['fuzz', '--scenario', 'scenarios'], 'scenarios: it is a folder; expected one of its files, such as scenarios/ap-full.yaml'],
    [['replay', 'scenarios', '--workers', '0'], '--workers: expected a whole number from 1 to 256, got "0"'],
    [
      ['replay', 'scenarios/smoke.yaml', '--live', '--workers', '2'],
      '--workers contradicts --live and --relay: live runs are one after another',
    ],
    [['replay', 'scenarois/*.yaml'], 'scenarois/*.yaml: no file is called so; did you mean scenarios?'],
    [['replay', 'package.json'], 'package.json: expected a scenario (.yaml), a recording (.jsonl) or a capture (.pcapng, .pcap)'],
    [['replay', 'x.yaml', '--set', 'loss'], '--set: expected path=value (link.loss=0.1), got "loss"'],
    [['replay', 'x.yaml', '--boards', '5'], 'unknown flag --boards; here it is --set boards.count=5'],
    [['replay', 'x.yaml', '--ping-interval', '5s'], 'unknown flag --ping-interval; here it is --set relay.ping_interval=5s'],
    [['replay', 'x.yaml', '--drop-rate', '10%'], 'unknown flag --drop-rate; here it is --set link.loss=0.1'],
  ])('%j', async (words, message) => {
    expect(await sim(...words)).toEqual({ exitCode: 2, out: '', err: `${message}\n` });
  });

  it.each([
    ['fixed,mn=1s', 'unknown key "mn" (did you mean "min"?)'],
    ['fixed,min', 'expected key=value after the first comma, got "min"'],
    ['fixed,min=1s,min=2s', 'min is given twice'],
    ['fixed,min=1', `min: expected ${DURATION} from 100ms to 24h, got "1" (did you mean 1s?)`],
    ['exponential,min_ms=1500', 'unknown key "min_ms" (here it is min=1500ms; min_ms is config.json\'s)'],
    ['exponential,max_ms=1m', 'unknown key "max_ms" (here it is max=1s; max_ms is config.json\'s)'],
    ['linear', 'kind: expected one of fixed, exponential, got "linear"'],
    ['exponential,jitter=some', 'jitter: expected one of none, equal, full, decorrelated, got "some"'],
    ['', 'kind: expected one of fixed, exponential, got ""'],
  ])('what is wrong with the backoff %j', async (spec, problem) => {
    const { exitCode, err } = await sim('--backoff', spec);
    expect(exitCode).toBe(2);
    expect(err).toBe(
      `--backoff: expected fixed or exponential, then any of min=1s, max=60s, jitter=none|equal|full|decorrelated, with commas between, got ${JSON.stringify(spec)}: ${problem}\n`,
    );
  });

  it.each([
    ['{ "outboxx": 1 }', 'outboxx: unknown key, did you mean outbox?'],
    ['{ "keepalive": { "ping_interval_ms": "20s" } }', 'keepalive.ping_interval_ms: expected an integer from 0 to 86400000, got "20s"'],
    ['{ "wifi": 3 }', 'wifi: expected an object, got a number'],
    ['[]', 'config: expected an object, got an array'],
    ['{ "backoff": { "min": "1s" } }', 'backoff.min: unknown key, did you mean backoff.min_ms?'],
  ])('what is wrong with the config %j', async (text, problem) => {
    const file = scratch().write('config.json', text);
    expect(await sim('--config', file)).toEqual({ exitCode: 2, out: '', err: `--config: ${file}: ${problem}\n` });
  });

  it.each([
    ['{ "wifi": { "password": "secret', '1:25', 'a text without its closing quote'],
    ['{\n  "outbox": 16\n  "client_id": "x"\n}', '3:3', 'expected a comma'],
    ['{\n  outbox: 16\n}', '2:3', 'expected JSON, got something else'],
    ['', '1:1', 'expected a value'],
  ])('where the config %j is no JSON, and no word of it', async (text, place, problem) => {
    const file = scratch().write('config.json', text);
    expect(await sim('--config', file)).toEqual({ exitCode: 2, out: '', err: `--config: ${file}:${place}: ${problem}\n` });
  });

  it('everything that is wrong at once', async () => {
    const file = scratch().write('config.json', '{ "a": 1, "outbox": -1 }');
    const { err } = await sim('--boards', '0', '--sed', '1', '--config', file, '--seed', 'x');
    expect(
      err
        .trimEnd()
        .split('\n')
        .map((line) => line.split(': ')[0]),
    ).toEqual(['unknown flag --sed; the nearest legal flag is --seed', '--boards', '--config', '--config', '--seed']);
  });

  it.each([
    ['not-an-app.ts', 'export const x = 1;', `it has no export called app; ${MODULE}`],
    ['number.ts', 'export const app = 3;', `app is not a function; ${MODULE}`],
  ])('what is wrong with the firmware %s', async (name, text, problem) => {
    const file = scratch().write(name, text);
    expect(await sim('--firmware', file, '--no-trace')).toEqual({ exitCode: 2, out: '', err: `${file}: ${problem}\n` });
  });

  it('what the firmware threw when it was loaded, and where', async () => {
    const file = scratch().write('throws.ts', 'throw new Error("boom");');
    const { exitCode, err } = await sim('--firmware', file, '--no-trace');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/throws\.ts: cannot be loaded: boom \(.*throws\.ts:1:7\)\n$/);
  });

  it('that a place cannot be written to, before it runs', async () => {
    const file = scratch().write('file', '');
    const { exitCode, err } = await sim('--out', `${file}/x`, '--quiet');
    expect(exitCode).toBe(2);
    expect(err).toBe(`--out: cannot write to ${JSON.stringify(`${file}/x`)}: a part of the path is not a directory\n`);
  });
});

describe('--help', () => {
  it.each([[[]], [['replay']]])('of %j has an example, says every flag, and wins over mistakes', async (command) => {
    const { exitCode, out, err } = await sim(...command, '--boards', 'x', '--help');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('npx tsx sim');
    for (const flag of ['--trace', '--out', '--json', '--quiet', '--no-report', '--no-trace']) expect(out).toContain(flag);
  });
});
