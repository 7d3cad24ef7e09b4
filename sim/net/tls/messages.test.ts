/**
 * Handshake messages: what one side writes the other reads, however records cut it, and no bytes of a peer's
 * break the reader.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  CERTIFICATE,
  CLIENT_HELLO,
  certificate,
  certificatesOf,
  clientHello,
  finished,
  type Message,
  MessageReader,
  versionOf,
} from './messages.ts';

const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((values) => Buffer.from(values).toString('latin1'));

function messagesIn(reader: MessageReader): Message[] {
  const messages: Message[] = [];
  for (let message = reader.next(); message !== null; message = reader.next()) {
    if (message === 'too long') throw new Error('too long');
    messages.push(message);
  }
  return messages;
}

it('a chain of certificates arrives whole at every cut', () => {
  fc.assert(
    fc.property(fc.array(text(300), { maxLength: 5 }), fc.nat(), (chain, somewhere) => {
      const stream = certificate(chain) + finished();
      const cut = somewhere % stream.length;
      const reader = new MessageReader();
      reader.push(stream.substring(0, cut));
      const messages = messagesIn(reader);
      reader.push(stream.substring(cut));
      messages.push(...messagesIn(reader));
      expect(messages).toHaveLength(2);
      expect(messages[0].type).toBe(CERTIFICATE);
      expect(certificatesOf(messages[0].body)).toEqual(chain);
    }),
  );
});

it('a hello tells the version, and is longer by the name that it asks for', () => {
  const reader = new MessageReader();
  reader.push(clientHello(0x0302, 'relay.example') + clientHello(0x0303, ''));
  const [named, nameless] = messagesIn(reader);
  expect([named.type, versionOf(named.body), versionOf(nameless.body)]).toEqual([CLIENT_HELLO, 0x0302, 0x0303]);
  expect(named.body.length - nameless.body.length).toBe('relay.example'.length);
});

it.each([
  ['nothing', ''],
  ['a list that is longer than the message', '\0\0\x05\0\0\x01a'],
  ['a list that is shorter', '\0\0\x03\0\0\x01a'],
  ['a certificate that is longer than the list', '\0\0\x04\0\0\x02a'],
  ['a length that is cut off', '\0\0\x02\0\0'],
])('%s is no list of certificates', (_what, body) => {
  expect(certificatesOf(body)).toBeNull();
});

it('any bytes are a list of certificates or none', () => {
  fc.assert(
    fc.property(text(60), (body) => {
      const certificates = certificatesOf(body);
      if (certificates !== null) expect(certificate(certificates).substring(4)).toBe(body);
    }),
  );
});

it('a message that says it is over 100 KiB is refused before its bytes are there', () => {
  const reader = new MessageReader();
  reader.push('\x0b\x01\x90\x01');
  expect(reader.next()).toBe('too long');
});
