/** One direction of a connection that is ended here and carried on: what one end reads, the other sends. */
import type { TcpEndpoint } from '../tcp/endpoint.ts';

/** One read, bytes. */
const READ_BYTES = 65_536;

export class Pipe {
  private readonly from: TcpEndpoint;
  private readonly to: TcpEndpoint;
  private full = false;

  constructor(from: TcpEndpoint, to: TcpEndpoint) {
    this.from = from;
    this.to = to;
  }

  /** Passes on what there is room for. @returns whether something passed */
  pump(): boolean {
    let passed = false;
    while (!this.full && this.from.readableBytes > 0) {
      this.full = !this.to.write(this.from.read(READ_BYTES));
      passed = true;
    }
    return passed;
  }

  /** There is room again. @returns whether something passed */
  drain(): boolean {
    this.full = false;
    return this.pump();
  }

  /** What the source still holds, whether there is room or not: it is closed, and so is the other end next. */
  flush(): void {
    if (this.from.readableBytes > 0) this.to.write(this.from.read(Number.POSITIVE_INFINITY));
  }

  /** All of it has passed, and no more will come. */
  get atEnd(): boolean {
    return this.from.atEnd && this.from.readableBytes === 0;
  }
}
