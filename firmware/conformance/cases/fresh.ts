/**
 * What a client draws at random: its key for every handshake (RFC 6455 section 4.1), its mask for every frame
 * (section 5.3). And the rest of its request.
 *
 * Finds repetition, counting and bits that stick. Cannot tell a strong generator from a weak one.
 */
import { verdict } from '../exchange.ts';
import { closeFrame, frame, PING, TEXT } from '../frames.ts';
import { textOf } from '../payload.ts';
import { keyOf, listValues, onlyValue, parseRequest } from '../request.ts';
import type { ProtocolCase, Rig, Verdict } from '../rig.ts';
import { Server } from '../server.ts';

const FRAMES = 256;
/** Frames between which the client gets to answer. */
const BURST = 32;
const CONNECTIONS = 48;
/** Standard deviations from the mean at which chance is no longer believed: once in 10^8 fair bits. */
const SIGMAS_MAX = 6;

/** Throws when a bit of the samples, or of the difference between neighbours, is nearly always the same. */
function judgeChance(samples: readonly string[], what: string): void {
  if (new Set(samples).size < samples.length) throw new Error(`client uses a ${what} twice`);
  const differences = samples.slice(1).map((sample, i) => xor(sample, samples[i]));
  for (const group of [samples, differences]) {
    const ones = countOnes(group);
    const slack = (SIGMAS_MAX * Math.sqrt(group.length)) / 2;
    const stuck = ones.findIndex((count) => Math.abs(count - group.length / 2) > slack);
    if (stuck >= 0) throw new Error(`bit ${stuck} of the client's ${what}s is set ${ones[stuck]} times in ${group.length}`);
  }
}

function xor(a: string, b: string): string {
  return Array.from(a, (byte, i) => String.fromCharCode(byte.charCodeAt(0) ^ b.charCodeAt(i))).join('');
}

/** For each bit how many of the samples have it set. */
function countOnes(samples: readonly string[]): number[] {
  return Array.from({ length: samples[0].length * 8 }, (_, bit) => {
    return samples.filter((sample) => (sample.charCodeAt(bit >> 3) >> (7 - (bit & 7))) & 1).length;
  });
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(text: string): string {
  let [bytes, bits, held] = ['', 0, 0];
  for (const character of text.replace(/=+$/, '')) {
    held = ((held << 6) | ALPHABET.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >> bits) & 255);
  }
  return bytes;
}

/** The server writes these frames; the client answers each with one. */
async function judgeMasks(rig: Rig, frames: readonly string[]): Promise<Verdict> {
  const server = await Server.open(rig);
  for (let i = 0; i < frames.length; i += BURST) {
    for (const bytes of frames.slice(i, i + BURST)) server.wire.write(bytes);
    await server.wire.settle();
  }
  const { maskKeys } = server.answers();
  if (maskKeys.length !== frames.length) throw new Error(`client answers ${maskKeys.length} times, not ${frames.length}`);
  judgeChance(maskKeys, 'masking key');
  return 'strict';
}

const MASKED: readonly [name: string, frames: string[]][] = [
  ['every message', Array(FRAMES).fill(frame(TEXT, 'the same again'))],
  ['every pong and close frame', [...Array(FRAMES - 1).fill(frame(PING, 'the same again')), closeFrame(1000)]],
  ['every frame without a payload', [frame(TEXT), frame(PING)].flatMap((bytes) => Array(FRAMES / 2).fill(bytes))],
];

const keys: ProtocolCase[] = [
  ...MASKED.map(([name, frames]) => ({ name: `chance: a fresh masking key for ${name}`, run: (rig: Rig) => judgeMasks(rig, frames) })),
  {
    name: 'chance: a fresh Sec-WebSocket-Key, and fresh masking keys, for every connection',
    run: async (rig) => {
      const [handshakes, masks]: [string[], string[]] = [[], []];
      for (let i = 0; i < CONNECTIONS; i++) {
        const server = await Server.open(rig);
        handshakes.push(fromBase64(keyOf(server.wire.received)));
        server.wire.write(frame(TEXT, textOf(9)));
        await server.wire.settle();
        masks.push(...server.answers().maskKeys);
        await server.close();
      }
      judgeChance(handshakes, 'Sec-WebSocket-Key');
      judgeChance(masks, 'masking key');
      return 'strict';
    },
  },
];

type ParsedRequest = ReturnType<typeof parseRequest>;

/** Each throws, or returns a reason why the request is only loosely right. */
const REQUEST: readonly [name: string, judge: (request: ParsedRequest) => string][] = [
  ['is a GET of the path, over HTTP/1.1', ({ requestLine }) => must(requestLine === 'GET /conformance HTTP/1.1', requestLine)],
  ['names the host', (request) => must(onlyValue(request, 'host') !== '', 'empty Host')],
  ['asks to upgrade to websocket', (request) => must(listValues(request, 'upgrade').includes('websocket'), 'no Upgrade: websocket')],
  ['holds upgrade in Connection', (request) => must(listValues(request, 'connection').includes('upgrade'), 'no Connection: Upgrade')],
  ['asks for version 13 of the protocol', (request) => must(onlyValue(request, 'sec-websocket-version') === '13', 'another version')],
  ['has one key of 16 bytes', (request) => must(fromBase64(onlyValue(request, 'sec-websocket-key')).length === 16, 'another size')],
  ['announces no body', ({ headers }) => must(!('content-length' in headers || 'transfer-encoding' in headers), 'a body')],
  [
    'offers no extension and no subprotocol',
    ({ headers }) => must(!Object.keys(headers).some((name) => /extensions|protocol$/.test(name)), 'an offer'),
  ],
];

function must(holds: boolean, otherwise: string): string {
  if (!holds) throw new Error(`request of the client: ${otherwise}`);
  return '';
}

const request = REQUEST.map(
  ([name, judge]): ProtocolCase => ({
    name: `request: ${name}`,
    run: async (rig) => {
      const server = await Server.meet(rig);
      const fault = judge(parseRequest(server.wire.received));
      await server.endTcp();
      return verdict(fault);
    },
  }),
);

export const FRESHNESS_CASES: readonly ProtocolCase[] = [...request, ...keys];
