/**
 * Redis (7) as the backplane of a cluster. A lease is a key of its own with a time to live that Redis counts;
 * what must happen at once is a script; what is published goes out on one channel, as each node wants all.
 *
 * Nothing waits without end: a command that is not answered in time counts as failed, and while Redis is down
 * or hangs none is sent.
 */
import type { Clock } from 'hal';
import { Redis, type RedisOptions } from 'ioredis';
import type { Acquired, Backplane, BackplaneListener, Lease } from './backplane.ts';

const CHANNEL = 'squall:notes';
const LEASES = 'squall:lease:';
const FENCE = 'squall:fence';
/** A Redis that does not answer for so long is down, ms. */
const ANSWER_MS = 2_000;
/** While it is up, it is asked so often whether it is. */
const ASK_MS = 1_000;
const RETRY_STEP_MS = 50;
const MAX_RETRY_MS = 500;

/** KEYS: lease, fence · ARGV: owner, ms. */
const ACQUIRE = `
local held = redis.call('GET', KEYS[1])
if held then
  local fence, owner = held:match('^(%d+) (.+)$')
  if owner ~= ARGV[1] then return {tonumber(fence) or 0, owner or '?'} end
end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], fence .. ' ' .. ARGV[1], 'PX', ARGV[2])
return {fence}`;

/** KEYS: fence, leases · ARGV: owner, ms, a fence for each lease. */
const RENEW = `
local fences = {}
for i = 2, #KEYS do
  local mine = tonumber(ARGV[i + 1])
  local held = redis.call('GET', KEYS[i])
  local fence, owner
  if held then fence, owner = held:match('^(%d+) (.+)$') end
  fence = tonumber(fence) or 0
  if owner == ARGV[1] and fence >= mine then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
    fences[i - 1] = fence
  elseif held and owner ~= ARGV[1] and fence >= mine then
    fences[i - 1] = 0
  else
    if mine == 0 then mine = redis.call('INCR', KEYS[1])
    elseif (tonumber(redis.call('GET', KEYS[1])) or 0) < mine then redis.call('SET', KEYS[1], mine) end
    redis.call('SET', KEYS[i], mine .. ' ' .. ARGV[1], 'PX', ARGV[2])
    fences[i - 1] = mine
  end
end
return fences`;

/** KEYS: lease · ARGV: what it is, if it still is the owner's. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

export interface RedisBackplaneOptions {
  clock: Clock;
  /** `redis://` or `rediss://`, with the number of the database; may have a user and password. */
  url: string;
  /** In place of the address's own. */
  password?: string;
  /** Of an attempt to connect or a command that failed; a message without secrets. */
  onError: (message: string) => void;
}

export class RedisBackplane implements Backplane {
  private readonly clock: Clock;
  private readonly commands: Redis;
  private readonly subscriber: Redis;
  private readonly onError: (message: string) => void;
  private listener: BackplaneListener | null = null;
  private isSubscribed = false;
  private isUp = false;

  constructor({ clock, url, password, onError }: RedisBackplaneOptions) {
    const options: RedisOptions = {
      ...(password !== undefined && { password }),
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      connectTimeout: ANSWER_MS,
      commandTimeout: ANSWER_MS,
      retryStrategy: (times) => Math.min(times * RETRY_STEP_MS, MAX_RETRY_MS),
    };
    this.clock = clock;
    this.onError = onError;
    this.commands = new Redis(url, options);
    this.subscriber = new Redis(url, options);
  }

  start(listener: BackplaneListener): void {
    this.listener = listener;
    for (const redis of [this.commands, this.subscriber]) {
      redis.on('error', ({ message }: Error) => this.onError(message));
      redis.on('close', () => this.down());
      redis.connect().catch(ignore);
    }
    this.subscriber.on('ready', () => {
      this.subscriber.subscribe(CHANNEL).then(() => {
        this.isSubscribed = true;
        this.ask();
      }, ignore);
    });
    this.subscriber.on('close', () => {
      this.isSubscribed = false;
    });
    this.subscriber.on('messageBuffer', (_channel: Buffer, bytes: Buffer) => this.listener?.backplaneOnMessage(bytes));
    this.commands.on('ready', () => this.ask());
    this.askAgain();
  }

  close(): void {
    this.listener = null;
    this.commands.quit().catch(() => this.commands.disconnect());
    this.subscriber.disconnect();
  }

  publish(bytes: Buffer): void {
    if (this.isUp) this.commands.publish(CHANNEL, bytes).catch((error: Error) => this.failed(error));
  }

  acquire(id: string, owner: string, ttlMs: number, onAnswer: (answer: Acquired) => void): void {
    this.script(ACQUIRE, [LEASES + id, FENCE], [owner, ttlMs]).then((answer) => {
      const [fence, holder] = (answer ?? []) as [number?, string?];
      onAnswer(fence === undefined ? null : ({ fence, holder: holder ?? null } as Acquired));
    });
  }

  renew(leases: readonly Lease[], owner: string, ttlMs: number, onAnswer: (fences: readonly number[] | null) => void): void {
    const keys = [FENCE, ...leases.map(({ id }) => LEASES + id)];
    this.script(RENEW, keys, [owner, ttlMs, ...leases.map(({ fence }) => fence)]).then((fences) => onAnswer(fences as number[] | null));
  }

  release({ id, fence }: Lease, owner: string, onDone: () => void): void {
    this.script(RELEASE, [LEASES + id], [`${fence} ${owner}`]).then(onDone);
  }

  /** @returns null when it failed */
  private script(lua: string, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    return this.commands.eval(lua, keys.length, ...keys, ...values).catch((error: Error) => {
      this.failed(error);
      return null;
    });
  }

  private askAgain(): void {
    this.clock.setTimeout(() => {
      if (this.listener === null) return;
      this.ask();
      this.askAgain();
    }, ASK_MS);
  }

  private ask(): void {
    if (this.commands.status !== 'ready' || !this.isSubscribed) return;
    this.commands.ping().then(
      () => this.up(),
      (error: Error) => this.failed(error),
    );
  }

  private failed(error: Error): void {
    this.onError(error.message);
    // An error of Redis itself (no memory left) is an answer.
    if (error.name !== 'ReplyError') this.down();
  }

  private up(): void {
    if (this.isUp || !this.isSubscribed) return;
    this.isUp = true;
    this.listener?.backplaneOnUp();
  }

  private down(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.listener?.backplaneOnDown();
  }
}

function ignore(): void {}
