/**
 * The CPU of boards whose firmware is watched, or uses promises: a class of its own, so that the others pay
 * for neither.
 *
 * What a handler has put off (the continuations of promises) runs before virtual time moves on, as JavaScript
 * engines do it, and before the board's next handler, also where handlers take no time. It is not charged to
 * the CPU: a continuation costs what it writes.
 */
import type { Timeline } from '../kernel/timeline.ts';
import { Cpu, type Task } from './cpu.ts';
import type { FirmwareImage, HostedCode } from './runtime.ts';

export class SupervisedCpu extends Cpu {
  private readonly code: HostedCode;
  private readonly onHandler: (() => boolean) | null;
  private readonly onRun: (cpu: SupervisedCpu) => void;
  private readonly onHang: (where: unknown) => void;
  /** The event of the kernel in which a handler ran last: what it put off runs after it. */
  private lastEvent = -1;

  /** @param onRun called before each handler @param onHang when one had to be stopped */
  constructor(
    kernel: Timeline,
    handlerUs: number,
    onError: (error: unknown) => void,
    code: HostedCode,
    onRun: (cpu: SupervisedCpu) => void,
    onHang: (where: unknown) => void,
  ) {
    super(kernel, handlerUs, onError);
    this.code = code;
    this.onHandler = code.supervision?.onHandler ?? null;
    this.onRun = onRun;
    this.onHang = onHang;
  }

  override run(task: Task): boolean {
    return this.lastEvent === this.kernel.eventCount ? this.defer(task) : super.run(task);
  }

  /** What a handler of this board put off has failed, and nobody caught it. */
  fail(error: unknown): void {
    this.onError(error);
    this.lookForHang();
  }

  /**
   * Whether what it ran last, promises included, came back; to be called before another board runs anything.
   */
  lookForHang(): void {
    const where = this.code.supervision?.takeHang() ?? null;
    if (where !== null) this.onHang(where);
  }

  protected override execute(task: Task): void {
    if (this.onHandler !== null && !this.onHandler()) return;
    this.onRun(this);
    super.execute(task);
    this.lookForHang();
    if (!this.code.usesPromises) return;
    this.lastEvent = this.kernel.eventCount;
    this.kernel.touchStreams();
  }
}

/** What programs together ask of the CPU: one watches all of them. null: nothing. */
export function demandsOf(images: readonly FirmwareImage[]): HostedCode | null {
  const all = images.flatMap(({ hosted }) => hosted ?? []);
  if (all.length <= 1) return all[0] ?? null;
  const supervision = all.map((one) => one.supervision).find((one) => one !== null) ?? null;
  return { usesPromises: all.some(({ usesPromises }) => usesPromises), supervision };
}
