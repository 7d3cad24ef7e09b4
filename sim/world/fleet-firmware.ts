/** What each group of a fleet runs: its program and its config, as each of its boards has them. */
import type { Firmware, FirmwareImage, Programs } from '../board/runtime.ts';
import { imagesOf } from '../board/runtimes/javascript.ts';
import { boardId } from '../kernel/board-id.ts';
import type { FleetGroup } from '../scenario/scenario.ts';

export class FleetFirmware {
  /** By group. */
  readonly images: readonly FirmwareImage[];
  private readonly groups: readonly FleetGroup[];
  private readonly filesOf: (board: number) => Iterable<readonly [string, string]>;

  /** @param filesOf what a board has in flash beside its config */
  constructor(groups: readonly FleetGroup[], programs: Programs, filesOf: (board: number) => Iterable<readonly [string, string]>) {
    this.groups = groups;
    this.images = imagesOf(programs, groups.length);
    this.filesOf = filesOf;
  }

  get usesPromises(): boolean {
    return this.images.some(({ hosted }) => hosted?.usesPromises);
  }

  of(group: string, board: number): Firmware {
    const number = this.groups.findIndex(({ name }) => name === group);
    const config = JSON.stringify({ ...this.groups[number].boards.config, client_id: boardId(board) });
    return { group, image: this.images[number], files: new Map([['config.json', config], ...this.filesOf(board)]) };
  }

  /** Indices of the boards that began in a group, ascending; empty also when there is no such group. */
  deliveredIn(group: string): number[] {
    const own = this.groups.find(({ name }) => name === group);
    return own === undefined ? [] : Array.from({ length: own.boards.count }, (_, member) => own.first + member);
  }
}
