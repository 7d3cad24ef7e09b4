import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textWidth } from './chart.ts';
import { type Box, LabelRoom } from './label-room.ts';

const PLOT: Box = { left: 0, top: 0, right: 600, bottom: 350 };

it('labels stay within the plot, cover no point and not each other', () => {
  const point = fc.record({ x: fc.nat(600), y: fc.nat(350), text: fc.string({ minLength: 1, maxLength: 30 }) });
  fc.assert(
    fc.property(fc.array(point, { maxLength: 30 }), (points) => {
      const taken = points.map(({ x, y }) => ({ left: x - 5, top: y - 5, right: x + 5, bottom: y + 5 }));
      const room = new LabelRoom(PLOT, taken);
      const labels = points.flatMap(({ x, y, text }): Box[] => {
        const place = room.place(text, [x, y], 140);
        if (place === null) return [];
        const width = textWidth(text);
        const left = place.x - { left: 0, center: width / 2, right: width }[place.align];
        return [{ left, top: place.top, right: left + width, bottom: place.top + 11 }];
      });
      for (const [index, label] of labels.entries()) {
        expect(apart(label, taken.concat(labels.slice(0, index)))).toBe(true);
        expect(label.left >= 0 && label.right <= PLOT.right && label.top >= 0 && label.bottom <= PLOT.bottom).toBe(true);
      }
    }),
  );
});

it('a label stands right of a point that is alone, further off with a line to it in a crowd, and nowhere when that is too far', () => {
  const crowd = { left: 200, top: 50, right: 400, bottom: 250 };
  expect(new LabelRoom(PLOT, []).place('a', [300, 150], 140)).toMatchObject({ leader: null });
  expect(new LabelRoom(PLOT, [crowd]).place('a', [300, 150], 140)?.leader).not.toBeNull();
  expect(new LabelRoom(PLOT, [crowd]).place('a', [300, 150], 40)).toBeNull();
});

function apart(box: Box, others: readonly Box[]): boolean {
  return !others.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
}
