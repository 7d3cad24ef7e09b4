/** Finds room for labels beside points, so that none covers another label or a point. Greedy: who comes first has the choice. */
import { FONT_SIZE, textWidth } from './chart.ts';

/** Pixels, y downwards. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Place {
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
/** Directions, right first; eighths of a turn. */
const DIRECTIONS = [0, 4, 2, 6, 1, 7, 3, 5];
/** Bold text is wider. */
const BOLD_WIDTH = 1.08;
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
        const [dx, dy] = [Math.cos((direction * Math.PI) / 4), Math.sin((direction * Math.PI) / 4)];
        // The label's middle, so that its nearest edge is `distance` away.
        const centreX = x + dx * distance + (Math.abs(dx) < 0.1 ? 0 : (Math.sign(dx) * width) / 2);
        const centreY = y + dy * (distance + LINE_HEIGHT / 2);
        const box = {
          left: centreX - width / 2,
          top: centreY - LINE_HEIGHT / 2,
          right: centreX + width / 2,
          bottom: centreY + LINE_HEIGHT / 2,
        };
        if (!this.isFree(box)) continue;
        this.taken.push(box);
        const leader: [number, number] = [x + dx * (distance - 1), y + dy * (distance - 1)];
        return { left: box.left + PADDING / 2, top: box.top + 1, leader: distance === NEAR ? null : leader };
      }
    }
    return null;
  }

  private isFree(box: Box): boolean {
    const { plot } = this;
    if (box.left < plot.left || box.right > plot.right || box.top < plot.top || box.bottom > plot.bottom) return false;
    return !this.taken.some(
      (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
    );
  }
}
