/**
 * Finds room for labels beside points, so that none covers another label or a point. Greedy: who comes first
 * has the choice.
 */
import { FONT_SIZE, textWidth } from './chart.ts';

/** Pixels, y downwards. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Place {
  /** The end of the text that is nearest to the point, or its middle. */
  x: number;
  align: 'left' | 'center' | 'right';
  /** The same for who knows no alignment: where a text as wide as the widest of fonts makes it begins. */
  left: number;
  top: number;
  /** Where a line to the point ends, for a label that stands off; null beside its point. */
  leader: [x: number, y: number] | null;
}

/** Pixels. */
const LINE_HEIGHT = FONT_SIZE + 2;
/** From the point to the label: beside it, and where a line is needed. */
const NEAR = 9;
const FAR = [18, 28, 40, 54, 70, 90, 115, 140];
/** Directions, right first; sixteenths of a turn. */
const DIRECTIONS = [0, 8, 4, 12, 2, 14, 6, 10, 1, 15, 7, 9, 3, 13, 5, 11];
const SIXTEENTH = Math.PI / 8;
/** Bold text is wider. */
const BOLD_WIDTH = 1.17;
/** Pixels that keep two labels of one line apart. */
const PADDING = 6;

export class LabelRoom {
  private readonly plot: Box;
  private readonly taken: Box[];

  /** @param taken what labels must not cover */
  constructor(plot: Box, taken: readonly Box[]) {
    this.plot = plot;
    this.taken = [...taken];
  }

  /** Takes the room it finds. @param furthest pixels from the point */
  place(text: string, [x, y]: readonly [number, number], furthest: number): Place | null {
    const width = textWidth(text) * BOLD_WIDTH + PADDING;
    for (const distance of [NEAR, ...FAR].filter((one) => one <= furthest)) {
      for (const direction of DIRECTIONS) {
        const [dx, dy] = [Math.cos(direction * SIXTEENTH), Math.sin(direction * SIXTEENTH)];
        const align = Math.abs(dx) < 0.1 ? 'center' : dx > 0 ? 'left' : 'right';
        // A centred label may move aside to stay within the plot.
        const ideal = { left: x + dx * distance, center: this.within(x, width), right: x + dx * distance }[align];
        const left = ideal - { left: 0, center: width / 2, right: width }[align];
        const top = y + dy * (distance + LINE_HEIGHT / 2) - LINE_HEIGHT / 2;
        const box = { left, top, right: left + width, bottom: top + LINE_HEIGHT };
        if (!this.isFree(box)) continue;
        this.taken.push(box);
        const leader: [number, number] = [x + dx * (distance - 1), y + dy * (distance - 1)];
        const inwards = { left: PADDING / 2, center: 0, right: -PADDING / 2 }[align];
        return { x: ideal + inwards, align, left: left + PADDING / 2, top: top + 1, leader: distance === NEAR ? null : leader };
      }
    }
    return null;
  }

  private within(x: number, width: number): number {
    return Math.min(Math.max(x, this.plot.left + width / 2), this.plot.right - width / 2);
  }

  private isFree(box: Box): boolean {
    const { plot } = this;
    if (box.left < plot.left || box.right > plot.right || box.top < plot.top || box.bottom > plot.bottom) return false;
    return !this.taken.some(
      (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
    );
  }
}
