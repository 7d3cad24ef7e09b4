/** The relay from outside: its process, and another client beside the boards. */
import { boardId } from '../../kernel/board-id.ts';
import type { Emit, RelayDownReason } from '../../kernel/events.ts';
import type { RelayMachine } from '../../net/far-end.ts';
import type { Identity } from '../../net/tls/certificates.ts';
import type { RelayChain } from '../../net/tls/chains.ts';
import type { Wan } from '../../net/wan/wan.ts';
import type { RelayHost } from '../../relay-host/relay-host.ts';
import type { OverTheAir } from '../over-the-air.ts';

export interface RelayPlace {
  address: string;
  elsewhere: 'silent' | 'refuses';
}

export interface RelayControl {
  /**
   * Kills its process (its kernel ends all connections with FIN, further SYNs are refused), or starts a new
   * one.
   */
  setRunning(on: boolean): void;
  /**
   * Stops its process in its tracks (its kernel still accepts and acknowledges, nothing answers), or lets it
   * go on. @param reason as the trace calls it; `hang` when it is left out
   */
  setHung(on: boolean, reason?: 'hang' | 'pause'): void;
  /** Its machine goes away without a word, or is there again with a new process. */
  setMachine(on: boolean): void;
  /** What its calendar says, ms since 1970. */
  readonly clockMs: number;
  /** Its calendar jumps; what measures time does not. Not of a relay of somebody else's. */
  setClock(epochMs: number): void;
  /**
   * Shows this chain to new connections from now on; open ones go on. Nothing without TLS, or at a relay of
   * somebody else's. @returns what it has shown before
   */
  setCertificate(chain: RelayChain): RelayChain;
  /**
   * It stops where it is and serves at another address; at others nobody answers, or connections are refused.
   * @returns what was so
   */
  move(to: Partial<RelayPlace>): Partial<RelayPlace>;
  /**
   * Offers these boards the firmware of a group of the fleet, as an image of so many bytes. Nothing at a
   * relay of somebody else's.
   */
  offerUpdate(boards: readonly number[], group: string, bytes: number): void;
  /** Offers them nothing any more. */
  withdrawUpdate(boards: readonly number[]): void;
  /** The group whose firmware a board is offered, or was; '': none. */
  updateFor(board: number): string;
  /** Connects a client on its own network, unless there is one. Not at a relay of somebody else's. */
  openClient(): void;
  /** That client sends so many messages of so many bytes at once; nothing while the relay is down. */
  clientBurst(messages: number, bytes: number): void;
}

export interface WorldRelayParts {
  machine: RelayMachine;
  wan: Wan;
  /** The same as the machine if it is the relay inside the world, else null. */
  own: RelayHost | null;
  /** null: no TLS. */
  identityOf: (chain: RelayChain) => Identity | null;
  /** null: nobody is offered firmware in this world. */
  updates: OverTheAir | null;
  emit: Emit;
}

export class WorldRelay implements RelayControl {
  private readonly machine: RelayMachine;
  private readonly own: RelayHost | null;
  private readonly identityOf: (chain: RelayChain) => Identity | null;
  private readonly wan: Wan;
  private readonly emit: Emit;
  private readonly updates: OverTheAir | null;
  private chain: RelayChain = 'first';

  constructor({ machine, wan, own, identityOf, updates, emit }: WorldRelayParts) {
    this.machine = machine;
    this.wan = wan;
    this.own = own;
    this.identityOf = identityOf;
    this.updates = updates;
    this.emit = emit;
  }

  offerUpdate(boards: readonly number[], group: string, bytes: number): void {
    const { own, updates } = this;
    if (own === null || updates === null) return;
    for (const board of boards) {
      updates.offer(board, group, bytes);
      own.offerUpdate(boardId(board));
    }
  }

  withdrawUpdate(boards: readonly number[]): void {
    for (const board of boards) this.updates?.withdraw(board);
  }

  updateFor(board: number): string {
    return this.updates?.offeredTo(board) ?? '';
  }

  setRunning(on: boolean): void {
    if (this.machine.running === on) return;
    if (on) {
      this.machine.start();
      this.sayUp();
    } else {
      this.sayDown('stop');
      this.machine.kill();
    }
  }

  /** A relay that is down, or restarted since it hung, is not asked. */
  setHung(on: boolean, reason: 'hang' | 'pause' = 'hang'): void {
    if (!this.machine.setHung(on)) return;
    if (on) this.sayDown(reason);
    else this.sayUp();
  }

  setMachine(on: boolean): void {
    if (this.machine.running === on) return;
    if (on) {
      this.machine.start();
      this.sayUp();
    } else {
      this.sayDown('stop');
      this.machine.vanish();
    }
  }

  get clockMs(): number {
    return this.own?.epochMs() ?? 0;
  }

  setClock(epochMs: number): void {
    this.own?.setClock(epochMs);
  }

  setCertificate(chain: RelayChain): RelayChain {
    const before = this.chain;
    this.chain = chain;
    const identity = this.identityOf(chain);
    if (identity !== null) this.own?.setIdentity(identity);
    return before;
  }

  move(to: Partial<RelayPlace>): Partial<RelayPlace> {
    const { machine, wan } = this;
    const before = { ...wan.place };
    const isAway = to.address !== undefined && to.address !== before.address && machine.running;
    if (isAway) this.setRunning(false);
    wan.place = { ...before, ...to };
    if (isAway) this.setRunning(true);
    return before;
  }

  openClient(): void {
    this.own?.wiredClient();
  }

  clientBurst(messages: number, bytes: number): void {
    this.own?.wiredClient()?.burst(messages, bytes);
  }

  private sayDown(reason: RelayDownReason): void {
    this.emit('relay.down', -1, 0, '', reason, 0);
  }

  private sayUp(): void {
    this.emit('relay.up', -1, 0, '', '', 0);
  }
}
