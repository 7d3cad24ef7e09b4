/**
 * Firmware of groups as images that boards fetch from the relay, and the boot code that boots them.
 *
 * An image stands for the program and config of its group: its bytes mean nothing, but are other bytes for
 * each group and length, and checked as bytes are. What a board executes is the group's program.
 */
import { createHash } from 'node:crypto';
import { BOOT_RECORD, CONFIRM_WITHIN_MS, chooseImage, isPending } from 'firmware/ota/boot-record';
import { UpdateShelf } from 'relay/updates/update-shelf';
import type { BootCode, BootingBoard, ChosenFirmware, Firmware } from '../board/runtime.ts';
import { boardId } from '../kernel/board-id.ts';
import type { Scenario } from '../scenario/scenario.ts';

const sha1 = (bytes: string): string => createHash('sha1').update(bytes, 'latin1').digest('binary');

/**
 * For a fleet in which a board may get the firmware of another group.
 *
 * @param moreSteps steps may come that the scenario does not have
 */
export function updatesFor({ fleet, steps }: Scenario, moreSteps: boolean): OverTheAir | undefined {
  const mayUpdate = fleet.length > 0 && (moreSteps || steps.some(({ action }) => action === 'board.update'));
  return mayUpdate ? new OverTheAir() : undefined;
}

export class OverTheAir {
  /** What the relay offers. */
  readonly shelf = new UpdateShelf();
  /** Of images, by their bytes. */
  private readonly groups = new Map<string, string>();
  private readonly offered = new Map<number, string>();

  /** Puts a group's image on the shelf for a board. */
  offer(board: number, group: string, bytes: number): void {
    const image = imageOf(group, bytes);
    this.groups.set(image, group);
    this.offered.set(board, group);
    this.shelf.offer(this.shelf.add(Buffer.from(image, 'latin1')), boardId(board));
  }

  withdraw(board: number): void {
    this.offered.delete(board);
    this.shelf.withdraw(boardId(board));
  }

  offeredTo(board: number): string {
    return this.offered.get(board) ?? '';
  }

  /** @param firmwareOf a group's, as this board has it */
  bootCodeOf(firmwareOf: (group: string) => Firmware): BootCode {
    return {
      choose: (board) => this.choose(board, firmwareOf),
      forget: ({ storage }) => storage.remove(BOOT_RECORD),
    };
  }

  private choose(board: BootingBoard, firmwareOf: (group: string) => Firmware): ChosenFirmware | null {
    const { storage, log } = board;
    const { slot, what } = chooseImage(storage, sha1);
    const rolledBack = what === 'rolled_back';
    if (what === 'trial') board.later(CONFIRM_WITHIN_MS, () => isPending(storage) && this.giveUp(board));
    if (slot === '') return { firmware: board.installed, rolledBack };
    const group = this.groups.get(storage.read(slot) ?? '');
    if (group === undefined) {
      log.say('board.unbootable', '', `${slot} holds no program`, 0);
      return null;
    }
    return { firmware: firmwareOf(group), rolledBack };
  }

  private giveUp(board: BootingBoard): void {
    board.log.say('board.restart', '', 'the update was not confirmed in time', 0);
    board.boot('restart');
  }
}

function imageOf(group: string, bytes: number): string {
  const head = `image of ${group}, ${bytes} bytes\n`;
  return head.repeat(Math.ceil(bytes / head.length)).slice(0, bytes);
}
