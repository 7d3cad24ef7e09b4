import { describe, expect, it } from 'vitest';
import type { TcpEnd, TcpEndpoint } from '../tcp/endpoint.ts';
import { LINUX, LWIP } from '../tcp/parameters.ts';
import { Wire } from '../testing/wire.ts';
import { EndpointDuplex } from './duplex.ts';

/** More than all buffers on the way together. */
const LARGE = Array.from({ length: 100_000 }, (_, index) => `${index},`).join('');
/** What Node keeps on each side of a stream before it asks its user to wait, and one read more. */
const STREAM_BYTES = 16_384 + 65_536;

/** The board's end of the connection. It reads at once unless told not to. */
class Peer {
  received = '';
  ended = false;
  end: TcpEnd | null = null;
  reads = true;
  endpoint!: TcpEndpoint;

  onConnect(): void {}

  onReadable(): void {
    if (!this.reads) return;
    this.received += this.endpoint.read(Number.POSITIVE_INFINITY);
    this.ended = this.endpoint.atEnd;
  }

  onDrain(): void {}

  onClose(end: TcpEnd): void {
    this.end = end;
  }
}

/** An open connection with the stream at its server's side, and what the stream said. */
async function open() {
  let stream!: EndpointDuplex;
  const wire = new Wire((endpoint) => {
    stream = new EndpointDuplex(wire.kernel, endpoint, 3, 1, 'board-4');
    return stream;
  });
  const peer = new Peer();
  peer.endpoint = wire.client.connect(1, peer);
  await wire.run(50);
  const said: string[] = [];
  stream.on('end', () => said.push('end'));
  stream.on('error', (error: NodeJS.ErrnoException) => said.push(`error ${error.code}`));
  stream.on('close', () => said.push('close'));
  /** Collects what the stream reads, from now on. */
  const readAll = (): { text: string } => {
    const read = { text: '' };
    stream.on('data', (chunk: Buffer) => {
      read.text += chunk.toString('latin1');
    });
    wire.kernel.touchStreams(); // a stream begins to flow in the next turn
    return read;
  };
  return { wire, peer, stream, said, readAll };
}

describe('a TCP endpoint as a stream', () => {
  it('carries bytes of every value both ways', async () => {
    const { wire, peer, stream, readAll } = await open();
    const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
    const read = readAll();
    peer.endpoint.write(bytes);
    stream.write(Buffer.from(bytes, 'latin1'));
    await wire.run(1000);
    expect(read.text).toBe(bytes);
    expect(peer.received).toBe(bytes);
  });

  it('carries much, both ways at once, in order', async () => {
    const { wire, peer, stream, readAll } = await open();
    const read = readAll();
    peer.endpoint.write(LARGE);
    stream.write(LARGE);
    await wire.run(600_000);
    expect(read.text === LARGE).toBe(true);
    expect(peer.received === LARGE).toBe(true);
  });

  it('knows whose connection it is', async () => {
    const { stream } = await open();
    expect([stream.board, stream.connection, stream.remoteAddress]).toEqual([3, 1, 'board-4']);
  });

  it('ends at the FIN of the peer, after its data, and may go on writing', async () => {
    const { wire, peer, stream, said, readAll } = await open();
    const read = readAll();
    peer.endpoint.write('last words');
    peer.endpoint.end();
    await wire.run(1000);
    expect([read.text, said]).toEqual(['last words', ['end']]);
    stream.end('answer');
    await wire.run(1000);
    expect([peer.received, peer.ended, peer.end]).toEqual(['answer', true, '']);
    expect(said).toEqual(['end', 'close']);
  });

  it('sends FIN after everything written when it is ended, and still reads', async () => {
    const { wire, peer, stream, said, readAll } = await open();
    const read = readAll();
    stream.write(LARGE);
    stream.end();
    await wire.run(600_000);
    expect(peer.received === LARGE).toBe(true);
    expect([peer.ended, said]).toEqual([true, []]);
    peer.endpoint.write('more');
    peer.endpoint.end();
    await wire.run(1000);
    expect([read.text, peer.end, said]).toEqual(['more', '', ['end', 'close']]);
  });

  it('fails with ECONNRESET when the peer resets', async () => {
    const { wire, peer, said, readAll } = await open();
    readAll();
    peer.endpoint.abort();
    await wire.run(1000);
    expect(said).toEqual(['error ECONNRESET', 'close']);
  });

  it('fails with ETIMEDOUT when what it wrote is never acknowledged', async () => {
    const { wire, stream, said, readAll } = await open();
    readAll();
    wire.cut = true;
    stream.write('into the void');
    await wire.run(900_000);
    expect(said).toEqual([]);
    await wire.run(300_000);
    expect(said).toEqual(['error ETIMEDOUT', 'close']);
  });

  it('closes the window of a peer when its reader pauses, in bounded memory, and loses nothing', async () => {
    const { wire, peer, stream, readAll } = await open();
    const read = readAll();
    peer.endpoint.write(LARGE.slice(0, 1000));
    await wire.run(1000);
    expect(read.text).toHaveLength(1000);
    stream.pause();
    expect(peer.endpoint.write(LARGE.slice(1000))).toBe(false);
    await wire.run(60_000);
    const held = stream.readableLength;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual(STREAM_BYTES);
    expect(peer.endpoint.flushed).toBe(false);
    await wire.run(60_000);
    expect(stream.readableLength).toBe(held);
    stream.resume();
    wire.kernel.touchStreams();
    await wire.run(600_000);
    expect(read.text === LARGE).toBe(true);
  });

  it('reads nothing before somebody asks for it, and then everything', async () => {
    const { wire, peer, stream, readAll } = await open();
    peer.endpoint.write(LARGE);
    await wire.run(60_000);
    expect([stream.readableLength, peer.endpoint.flushed]).toEqual([0, false]);
    const read = readAll();
    await wire.run(600_000);
    expect(read.text === LARGE).toBe(true);
  });

  it('makes its writer wait for a peer that does not read, and drains when it does', async () => {
    const { wire, peer, stream } = await open();
    const acknowledgements: number[] = [];
    peer.reads = false;
    let drained = 0;
    stream.on('drain', () => drained++);
    let written = 0;
    while (stream.write(LARGE.slice(written, written + 1000), () => acknowledgements.push(1))) {
      written += 1000;
      await wire.run(10);
    }
    written += 1000;
    expect(written).toBeLessThanOrEqual(LINUX.sendBufferBytes + LWIP.receiveBufferBytes + STREAM_BYTES);
    await wire.run(60_000);
    expect(acknowledgements.length).toBeLessThan(written / 1000); // what waits is not called back
    expect(drained).toBe(0);
    peer.reads = true;
    peer.onReadable();
    await wire.run(60_000);
    expect(drained).toBe(1);
    expect(acknowledgements).toHaveLength(written / 1000);
    expect(peer.received === LARGE.slice(0, written)).toBe(true);
  });

  it('ends the connection in order when it is destroyed, and says only close', async () => {
    const { wire, peer, stream, said, readAll } = await open();
    const read = readAll();
    stream.write('before');
    stream.destroy();
    peer.endpoint.write('too late');
    await wire.run(1000);
    expect(peer.received).toBe('before');
    expect([read.text, said]).toEqual(['', ['close']]);
  });

  it('answers with RST when it is destroyed with data unread', async () => {
    const { wire, peer, stream, said } = await open();
    peer.endpoint.write(LARGE);
    await wire.run(10_000);
    stream.destroy();
    await wire.run(1000);
    expect(peer.end).toBe('reset');
    expect(said).toEqual(['close']);
  });

  it('forgets what waited to be written when it is destroyed', async () => {
    const { wire, peer, stream, said } = await open();
    peer.reads = false;
    stream.write(LARGE);
    stream.write('waits behind it');
    await wire.run(1000);
    stream.destroy();
    peer.reads = true;
    peer.onReadable();
    await wire.run(60_000);
    expect(said).toEqual(['close']);
    expect(peer.received).not.toContain('waits behind it');
  });

  it('takes the calls that http makes of a socket', async () => {
    const { stream } = await open();
    expect([stream.setTimeout(), stream.setNoDelay(), stream.setKeepAlive()]).toEqual([stream, stream, stream]);
  });
});
