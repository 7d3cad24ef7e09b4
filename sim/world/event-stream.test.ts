import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Subscription } from '../kernel/rx.ts';
import { EventStream } from './event-stream.ts';

it('tells whoever has subscribed and not left, each event once and in order, and its end to all and to late comers', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('come', 'leave', 'event'), { maxLength: 40, size: 'max' }), (acts) => {
      const stream = new EventStream<number>();
      const heard: string[][] = [];
      const expected: string[][] = [];
      const present: { index: number; subscription: Subscription }[] = [];
      const come = (): void => {
        const index = heard.push([]) - 1;
        expected.push([]);
        const subscription = stream.subscribe({ next: (event) => heard[index].push(`${event}`), complete: () => heard[index].push('end') });
        present.push({ index, subscription });
      };
      acts.forEach((act, event) => {
        if (act === 'come') come();
        else if (act === 'leave') present.shift()?.subscription.unsubscribe();
        else {
          stream.next(event);
          for (const { index } of present) expected[index].push(`${event}`);
        }
      });
      stream.complete();
      come();
      for (const { index } of present) expected[index].push('end');
      stream.next(-1);
      expect(heard).toEqual(expected);
    }),
  );
});

it('leaves an event to those who were there when it came', () => {
  const stream = new EventStream<number>();
  const heard: string[] = [];
  const second: Subscription[] = [];
  stream.subscribe((event) => {
    heard.push(`first ${event}`);
    if (event === 1) stream.subscribe((later) => heard.push(`third ${later}`));
    second[0].unsubscribe();
  });
  second.push(stream.subscribe((event) => heard.push(`second ${event}`)));
  stream.next(1);
  stream.next(2);
  expect(heard).toEqual(['first 1', 'first 2', 'third 2']);
});
