import { describe, expect, it } from 'vitest';
import { MessageAssembler } from './message.ts';

describe('MessageAssembler', () => {
  it('joins fragments, and starts afresh with the next message', () => {
    const message = new MessageAssembler();
    expect([message.add(false, 1, 'he'), message.add(false, 0, 'll'), message.add(true, 0, 'o')]).toEqual(['part', 'part', 'done']);
    expect([message.payload, message.binary]).toEqual(['hello', false]);
    expect([message.add(true, 2, '\xff'), message.payload, message.binary]).toEqual(['done', '\xff', true]);
  });

  it('counts what is pending, so that the limit is one of the message', () => {
    const message = new MessageAssembler();
    message.add(false, 2, 'abc');
    message.add(false, 0, 'de');
    expect(message.pendingBytes).toBe(5);
    message.add(true, 0, '');
    expect(message.pendingBytes).toBe(0);
  });

  it('accepts a character that is cut by a fragment, and refuses one that is never finished', () => {
    const whole = new MessageAssembler();
    expect([whole.add(false, 1, '\xe2\x82'), whole.add(true, 0, '\xac')]).toEqual(['part', 'done']);
    const cut = new MessageAssembler();
    expect([cut.add(false, 1, '\xe2'), cut.add(true, 0, '\x82'), cut.closeCode]).toEqual(['part', 'bad', 1007]);
  });

  it('refuses bad text in the fragment that holds it', () => {
    const message = new MessageAssembler();
    expect([message.add(false, 1, 'a\xff'), message.closeCode]).toEqual(['bad', 1007]);
  });

  it('refuses bad text in a frame that is still arriving, whatever came before', () => {
    const first = new MessageAssembler();
    expect([first.arrive(1, 'a\xe2'), first.arrive(1, '\x41'), first.closeCode]).toEqual(['part', 'bad', 1007]);
    const second = new MessageAssembler();
    expect([second.add(false, 1, '\xe2'), second.arrive(0, '\x82'), second.arrive(0, '\xff')]).toEqual(['part', 'part', 'bad']);
  });

  it('refuses a frame out of place before it has arrived', () => {
    const nothing = new MessageAssembler();
    expect([nothing.arrive(0, 'x'), nothing.closeCode]).toEqual(['bad', 1002]);
    const inside = new MessageAssembler();
    expect([inside.add(false, 2, 'x'), inside.arrive(1, 'y'), inside.closeCode]).toEqual(['part', 'bad', 1002]);
  });

  it('takes a frame that arrived in pieces like one that came at once', () => {
    const message = new MessageAssembler();
    expect([message.arrive(1, 'a\xe2'), message.arrive(1, '\x82'), message.add(true, 1, 'a\xe2\x82\xac')]).toEqual([
      'part',
      'part',
      'done',
    ]);
    expect([message.payload, message.pendingBytes]).toEqual(['a\xe2\x82\xac', 0]);
    expect([message.arrive(1, '\xe2'), message.add(true, 1, '\xe2\x82'), message.closeCode]).toEqual(['part', 'bad', 1007]);
  });

  it('lets binary be anything', () => {
    const message = new MessageAssembler();
    expect([message.add(false, 2, '\xff'), message.add(true, 0, '\xc0')]).toEqual(['part', 'done']);
  });

  it('refuses a continuation of nothing and a message inside another', () => {
    const nothing = new MessageAssembler();
    expect([nothing.add(true, 0, 'x'), nothing.closeCode]).toEqual(['bad', 1002]);
    const inside = new MessageAssembler();
    expect([inside.add(false, 1, 'x'), inside.add(true, 1, 'y'), inside.closeCode]).toEqual(['part', 'bad', 1002]);
  });
});
