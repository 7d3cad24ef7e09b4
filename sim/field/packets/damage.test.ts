/** Captures with a wrong byte, or without their end: none of them does more than say what is wrong. */
import { UsageError } from 'host/user-error';
import { beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, packetsOf } from '../../capture/testing/blocks.ts';
import { captureRun } from '../../capture/testing/captured-run.ts';
import { pcap, pcapng } from '../../capture/testing/frames.ts';
import { readDocument } from '../../scenario/document/read-document.ts';
import { describeField } from '../describe-field.ts';
import { planField } from '../field-plan.ts';
import { PacketReader } from './packet-reader.ts';
import { recordingOf } from './read-packets.ts';

/** What a command does with it. @returns its words, or what it refuses it with */
function describeBytes(bytes: Buffer): string {
  const reader = new PacketReader([]);
  reader.push(bytes);
  try {
    const plan = planField(recordingOf('x.pcap', reader.finish()));
    const { scenario, problems } = readDocument(plan.document, []);
    return scenario === null ? `refused: ${JSON.stringify(problems)}` : describeField(plan, undefined).join('\n');
  } catch (error) {
    if (error instanceof UsageError) return `refused: ${error.message}`;
    throw error;
  }
}

const WORDS = /^(x\.pcap is a capture of packets from \d{4}-.* |refused: (x\.pcap: (byte \d+: )?expected |\[\{))/;

let files: [name: string, bytes: Buffer][] = [];
beforeAll(async () => {
  const { bytes } = await captureRun({ boards: { count: 1 }, duration: 9_000 }, 'relay');
  const packets = packetsOf(bytes).slice(0, 14);
  files = [
    ['pcapng as the kit writes it', Buffer.concat([bytes.subarray(0, headBytes(bytes)), ...packetBlocks(bytes).slice(0, 14)])],
    ['pcapng in big-endian', pcapng(packets, false)],
    ['pcap', pcap(packets)],
  ];
});

function packetBlocks(bytes: Buffer): Buffer[] {
  let at = 0;
  return blocksOf(bytes).flatMap(({ type, body }) => {
    const block = bytes.subarray(at, at + body.length + 12);
    at += block.length;
    return type === 6 ? [block] : [];
  });
}

function headBytes(bytes: Buffer): number {
  return bytes.length - packetBlocks(bytes).reduce((sum, block) => sum + block.length, 0);
}

describe.each([0, 1, 2])('a small capture (%i)', { timeout: 120_000 }, (index) => {
  it('of which one byte is wrong is read as far as it makes sense, or refused with what was expected where', () => {
    const [, whole] = files[index];
    expect(describeBytes(whole)).toMatch(/^x\.pcap is a capture/);
    for (const flip of [0xff, 0x01, 0x80]) {
      for (let at = 0; at < whole.length; at++) {
        const damaged = Buffer.from(whole);
        damaged[at] ^= flip;
        expect(describeBytes(damaged), `byte ${at}`).toMatch(WORDS);
      }
    }
  });

  it('that ends anywhere is read up to there', () => {
    const [, whole] = files[index];
    const words = Array.from({ length: whole.length }, (_, bytes) => describeBytes(whole.subarray(0, bytes)));
    for (const said of words) expect(said).toMatch(WORDS);
    expect(words.filter((said) => said.includes('It is cut off within a packet')).length).toBeGreaterThan(whole.length / 4);
  });
});
