/**
 * The engine's end of the link to peers.ts: servers and connections on the computer, played from within the
 * engine. One line a message.
 *
 * The link is itself a socket of the backend under test, but one of its own: if that cannot carry lines,
 * every case fails.
 */
import type { Hal, Socket } from 'hal';
import type { PeerConnection, PeerServer } from 'hal/conformance';

export class PeerLink {
  private readonly socket: Socket;
  private readonly servers: Record<string, RemoteConnection[]> = {};
  private readonly connections: Record<string, RemoteConnection> = {};
  private unfinished: string = '';
  /** Waits for the answer to the one question that is open. */
  private answered: (answer: string) => void = () => {};

  constructor(hal: Hal, host: string, port: number) {
    this.socket = hal.net.connect(host, port, {
      onConnect() {},
      onData: (bytes) => this.receive(bytes),
      onDrain() {},
      onClose: (error) => hal.log.line(`the link has ended: ${error === null ? 'FIN' : error.message}`),
    });
  }

  async listen(): Promise<PeerServer> {
    const port = await this.ask('listen');
    this.servers[port] = [];
    return { port: Number(port), connections: this.servers[port] };
  }

  /** Ends all servers and connections. */
  async closeAll(): Promise<void> {
    await this.ask('close');
  }

  tell(message: string): void {
    this.socket.write(`${message}\n`);
  }

  private ask(question: string): Promise<string> {
    return new Promise((resolve) => {
      this.answered = resolve;
      this.tell(question);
    });
  }

  private receive(bytes: string): void {
    const lines = (this.unfinished + bytes).split('\n');
    this.unfinished = lines[lines.length - 1];
    for (let i = 0; i < lines.length - 1; i++) this.hear(lines[i].split(' '));
  }

  private hear([word, name, argument]: string[]): void {
    switch (word) {
      case 'answer':
        this.answered(name);
        break;
      case 'accepted':
        this.connections[argument] = new RemoteConnection(this, argument);
        this.servers[name].push(this.connections[argument]);
        break;
      case 'data':
        this.connections[name].received += atob(argument);
        break;
      case 'ended':
        this.connections[name].ended = true;
        break;
      case 'closed':
        this.connections[name].closed = true;
        break;
    }
  }
}

class RemoteConnection implements PeerConnection {
  received = '';
  ended = false;
  closed = false;
  private readonly link: PeerLink;
  private readonly name: string;

  constructor(link: PeerLink, name: string) {
    this.link = link;
    this.name = name;
  }

  write(bytes: string): void {
    this.link.tell(`write ${this.name} ${btoa(bytes)}`);
  }

  end(): void {
    this.link.tell(`end ${this.name}`);
  }

  reset(): void {
    this.link.tell(`reset ${this.name}`);
  }
}
