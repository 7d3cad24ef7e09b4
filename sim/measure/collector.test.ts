import { describe, expect, it } from 'vitest';
import { usFromMs } from '../kernel/units.ts';
import { Collector } from './collector.ts';
import { Availability } from './measures/availability.ts';
import { ERROR_KINDS_MAX } from './measures/errors.ts';
import { METRICS } from './registry.ts';
import { boot, channel, collect, ev, leaves, linkDown, linkUp, opens, sessionClosed, tcpClosed, world } from './testing/story.ts';

const sent = (atMs: number, board = 0) => ev(atMs, 'message.sent', { subject: 'text', value: 4 }, board);
const written = (atMs: number, connection = 1, board = 0) => ev(atMs, 'message.written', { connection, value: 4 }, board);
const arrived = (atMs: number, connection = 1, board = 0) => ev(atMs, 'relay.received', { connection, subject: 'text', value: 4 }, board);
const fanned = (atMs: number, kind: 'broadcast' | 'reply', connection = 1, board = 0) =>
  ev(atMs, 'relay.sent', { connection, subject: kind, value: 4 }, board);
const got = (atMs: number, connection = 1, board = 0) => ev(atMs, 'message.received', { connection, subject: 'text', value: 4 }, board);

/** Booted at 0, open at 1 s. */
const OPEN = [boot(0), ...opens(900)];

/** The numbers of `metrics` that are not 0 and not empty. */
function counters(events: Parameters<typeof collect>[0], told?: Parameters<typeof collect>[1]) {
  const { metrics } = collect(events, told);
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => typeof value === 'number' && value !== 0));
}

describe('the metrics of a run', () => {
  it('are those of the registry, all present, in its order, also when nothing happened', () => {
    const { metrics } = collect([]);
    expect(Object.keys(metrics)).toEqual(Object.keys(METRICS));
    for (const [name, value] of Object.entries(metrics)) {
      if (METRICS[name as keyof typeof METRICS].kind === 'distribution') expect(value).toMatchObject({ count: 0, p99: null });
      else expect(value).toBe(0);
    }
  });

  it('take TCP totals from the world, and a sample of 0 for each timer that was not late', () => {
    const { metrics, boards } = collect([boot(0), ev(5, 'loop.stall', { value: 1.25 }), ev(6, 'loop.stall', { value: 0.5 })], {
      totals: { tcpSegments: 7, tcpRetransmits: 3, timersRun: 10 },
    });
    expect(metrics).toMatchObject({ tcp_segments: 7, tcp_retransmits: 3 });
    expect(metrics.main_loop_stall_ms).toMatchObject({ count: 10, min: 0, p50: 0, max: 1.25, mean: 0.175 });
    expect(boards[0].worstStallMs).toBe(1.25);
  });

  it('freeze at run.drain', () => {
    const before = [...OPEN, world(50_000, 'run.drain')];
    const after = [
      ev(50_001, 'ping.sent', { value: 6 }),
      ev(50_001, 'relay.pong', { detail: '5', value: 6 }),
      ev(50_001, 'loop.stall', { value: 9 }),
      ev(50_001, 'wifi.lost'),
      linkDown(50_001),
      ...leaves(50_002, 'reset'),
      sessionClosed(50_003, 'reset'),
      boot(50_004, 2),
      ...opens(50_005, 2),
      world(50_200, 'relay.down'),
    ];
    expect(collect([...before, ...after])).toEqual(collect(before));
  });

  it('end with the run when it is interrupted', () => {
    const { availability, boards } = collect([...OPEN], { endMs: 2000 });
    expect(availability.share).toEqual([0, 1]);
    expect(boards[0].timeline.at(-1)).toEqual({ fromMs: 1000, toMs: 2000, state: 'open', cause: '' });
  });
});

describe('messages', () => {
  it('are matched by order, from the app through the outbox to the relay', () => {
    const { metrics, boards } = collect([...OPEN, sent(2000), sent(2100), written(2100), written(2100), arrived(2150), arrived(2160)]);
    expect(metrics).toMatchObject({ messages_sent: 2, messages_delivered: 2, messages_lost: 0 });
    expect(metrics.message_latency_ms).toMatchObject({ count: 2, min: 60, max: 150 });
    expect(boards[0]).toMatchObject({ messagesSent: 2, messagesLost: 0 });
  });

  it('count as sent, as lost, and by reason when the channel refuses them', () => {
    const dropped = (atMs: number, detail: string) => ev(atMs, 'message.dropped', { detail });
    const story = [
      ...OPEN,
      dropped(2000, 'not_utf8'),
      dropped(2001, 'not_utf8'),
      dropped(2002, 'outbox_full'),
      dropped(2003, 'of its own'),
    ];
    const { metrics, boards } = collect([...story, ev(3000, 'run.drain', {}, -1), dropped(3001, 'not_utf8')]);
    const told = Object.entries(metrics).filter(([name, value]) => name.startsWith('messages_') && value !== 0);
    expect(Object.fromEntries(told)).toEqual({
      messages_sent: 4,
      messages_refused: 4,
      'messages_refused.not_utf8': 2,
      'messages_refused.outbox_full': 1,
      messages_lost: 4,
    });
    expect(boards[0]).toMatchObject({ messagesSent: 4, messagesLost: 4 });
  });

  it('in the outbox outlive the connection, those on it do not', () => {
    const story = [
      ...OPEN,
      sent(2000),
      written(2000),
      sent(2500),
      ...leaves(3000, 'reset'),
      sessionClosed(3000, 'reset'),
      ...opens(4000, 2),
      written(4100, 2),
      arrived(4150, 2),
    ];
    const { metrics, pending } = collect(story);
    expect(metrics).toMatchObject({ messages_sent: 2, messages_delivered: 1, messages_lost: 1 });
    expect(metrics.message_latency_ms).toMatchObject({ count: 1, max: 1650 });
    expect(pending).toBe(0);
  });

  it('still arrive over a connection that is over for the board only', () => {
    const { metrics, pending } = collect([...OPEN, sent(2000), written(2000), ...leaves(2001, 'board_ping_timeout'), arrived(2050)]);
    expect(metrics.messages_delivered).toBe(1);
    expect(pending).toBe(0);
  });

  it('do not arrive at a session that is closed, nor count as pending there', () => {
    const { metrics, pending } = collect([
      ...OPEN,
      sent(2000),
      written(2000),
      sessionClosed(2001, 'ping_timeout'),
      sent(2002),
      written(2002),
      arrived(2003),
    ]);
    expect(metrics).toMatchObject({ messages_sent: 2, messages_delivered: 0, messages_lost: 2 });
    expect(pending).toBe(0);
  });

  it('in the outbox die with a reboot', () => {
    const { metrics, pending } = collect([
      ...OPEN,
      sent(2000),
      boot(3000, 2),
      ...opens(3100, 2),
      sent(4000),
      written(4000, 2),
      arrived(4010, 2),
    ]);
    expect(metrics).toMatchObject({ messages_sent: 2, messages_delivered: 1 });
    expect(metrics.message_latency_ms).toMatchObject({ max: 10 });
    expect(pending).toBe(0);
  });

  it('sent before the drain still count when they arrive, those sent in it never', () => {
    const story = [
      ...OPEN,
      sent(49_000),
      sent(49_500),
      world(50_000, 'run.drain'),
      sent(50_001),
      written(50_010),
      written(50_010),
      written(50_010),
    ];
    expect(collect(story).pending).toBe(2);
    const { metrics, pending } = collect([...story, arrived(50_100), arrived(50_100), arrived(50_100)]);
    expect(metrics).toMatchObject({ messages_sent: 2, messages_delivered: 2, messages_lost: 0 });
    expect(metrics.message_latency_ms).toMatchObject({ count: 2, max: 1100 });
    expect(pending).toBe(0);
  });
});

describe('broadcasts', () => {
  it('are counted and timed, replies only keep their place in the order', () => {
    const story = [...OPEN, fanned(2000, 'reply'), fanned(2010, 'broadcast'), got(2030)];
    expect(collect(story).metrics).toMatchObject({ broadcasts_sent: 1, broadcasts_delivered: 0 });
    const { metrics } = collect([...story, got(2040)]);
    expect(metrics).toMatchObject({ broadcasts_sent: 1, broadcasts_delivered: 1 });
    expect(metrics.broadcast_latency_ms).toMatchObject({ count: 1, max: 30 });
  });

  it('to a board whose end of the connection is over are lost at once', () => {
    const { metrics, pending } = collect([...OPEN, fanned(2000, 'broadcast'), ...leaves(2001, 'reset'), fanned(2002, 'broadcast')]);
    expect(metrics).toMatchObject({ broadcasts_sent: 2, broadcasts_delivered: 0 });
    expect(pending).toBe(0);
  });

  it('sent before the session closed may still arrive after it', () => {
    const { metrics } = collect([...OPEN, fanned(2000, 'broadcast'), sessionClosed(2001, 'shutdown'), got(2010)]);
    expect(metrics.broadcasts_delivered).toBe(1);
  });

  it('sent before the drain still count when they arrive, those sent in it never', () => {
    const story = [...OPEN, fanned(49_000, 'broadcast'), world(50_000, 'run.drain'), fanned(50_001, 'broadcast')];
    expect(collect(story).pending).toBe(1);
    expect(collect([...story, got(50_010), got(50_010)]).metrics).toMatchObject({ broadcasts_sent: 1, broadcasts_delivered: 1 });
  });
});

describe('connects', () => {
  it('are channels that became open, timed from the TCP connect', () => {
    const { metrics, boards } = collect(OPEN);
    expect(metrics).toMatchObject({ connects: 1, connect_failures: 0 });
    expect(metrics.connect_ms).toMatchObject({ count: 1, max: 100 });
    expect(boards[0].connects).toBe(1);
  });

  it('fail once per attempt, however many events say so', () => {
    const attempt = (atMs: number, connection: number) => [
      ev(atMs, 'tcp.connect', { connection }),
      tcpClosed(atMs + 10, connection),
      channel(atMs + 10, 'waiting', 'refused', connection),
    ];
    expect(counters([boot(0), ...attempt(100, 1), ...attempt(200, 2), channel(300, 'waiting', 'unreachable')])).toEqual({
      connect_failures: 2,
    });
  });

  it('fail when a reboot ends the attempt', () => {
    expect(counters([boot(0), ev(100, 'tcp.connect', { connection: 1 }), boot(200, 2)])).toEqual({ connect_failures: 1, board_resets: 1 });
  });

  it('per second peak in the second with the most, wherever it begins', () => {
    const opened = (atMs: number) => ev(atMs, 'ws.open', { connection: atMs });
    const { metrics, connectsPerSecond } = collect([opened(500), opened(1600), opened(2400), opened(2599), opened(2600), opened(9000)], {
      endMs: 9500,
    });
    expect(metrics.connects_per_s_peak).toBe(3);
    expect(connectsPerSecond).toEqual([1, 1, 3, 0, 0, 0, 0, 0, 0, 1]);
  });
});

describe('disconnects', () => {
  it.each(['ping_timeout', 'board_ping_timeout', 'wifi_lost', 'peer_closed', 'reset', 'protocol_error', 'tls'])(
    'have the cause %s of the board when it speaks first, once',
    (cause) => {
      const { metrics, boards } = collect([...OPEN, ...leaves(3000, cause), sessionClosed(3500, 'reset')]);
      expect(metrics).toMatchObject({ disconnects: 1, [`disconnects.${cause}`]: 1 });
      expect(boards[0].disconnects).toBe(1);
    },
  );

  it.each([
    ['ping_timeout', 'ping_timeout'],
    ['peer_closed', 'peer_closed'],
    ['reset', 'reset'],
    ['protocol_error', 'protocol_error'],
    ['takeover', 'peer_closed'],
    ['shutdown', 'peer_closed'],
    ['policy', 'peer_closed'],
  ])('have the cause %s of the relay when it speaks first, as %s', (detail, cause) => {
    expect(counters([...OPEN, sessionClosed(3000, detail), ...leaves(3500, 'wifi_lost')])).toMatchObject({
      disconnects: 1,
      [`disconnects.${cause}`]: 1,
    });
  });

  it('count a session that the board never knew was open, and the failed attempt too', () => {
    const story = [
      boot(0),
      ev(100, 'tcp.connect', { connection: 1 }),
      ev(150, 'ws.open', { connection: 1 }),
      tcpClosed(200),
      channel(200, 'waiting', 'timeout', 1),
    ];
    expect(counters(story)).toEqual({ connect_failures: 1, connects_per_s_peak: 1 });
    expect(counters([...story, sessionClosed(900, 'reset')])).toMatchObject({
      connect_failures: 1,
      disconnects: 1,
      'disconnects.reset': 1,
    });
  });

  it('count a session that opened after the board had given up', () => {
    const story = [
      boot(0),
      ev(100, 'tcp.connect', { connection: 1 }),
      tcpClosed(200),
      ev(250, 'ws.open', { connection: 1 }),
      sessionClosed(900, 'peer_closed'),
    ];
    expect(counters(story)).toMatchObject({ connect_failures: 1, disconnects: 1, 'disconnects.peer_closed': 1 });
  });

  it('count a refused duplicate, which is a failed attempt as well', () => {
    const story = [
      boot(0),
      ev(100, 'tcp.connect', { connection: 1 }),
      ev(150, 'ws.refused', { value: 403 }),
      tcpClosed(160),
      channel(160, 'waiting', 'refused_duplicate', 1),
    ];
    expect(counters(story)).toEqual({ connect_failures: 1, disconnects: 1, 'disconnects.refused_duplicate': 1 });
  });

  it('count a refusal by status, and an RST in answer to the SYN as no more than a failed attempt', () => {
    const refused = (atMs: number, connection: number, status: number) => [
      ev(atMs, 'tcp.connect', { connection }),
      ...(status > 0 ? [ev(atMs + 50, 'ws.refused', { connection, value: status })] : []),
      tcpClosed(atMs + 60, connection),
      channel(atMs + 60, 'waiting', 'refused', connection),
    ];
    const { metrics, refusedByStatus } = collect([
      boot(0),
      ...refused(100, 1, 503),
      ...refused(200, 2, 403),
      ...refused(300, 3, 403),
      ...refused(400, 4, 0),
    ]);
    expect(metrics).toMatchObject({ connect_failures: 4, disconnects: 3, 'disconnects.refused': 3, 'disconnects.refused_duplicate': 0 });
    expect(refusedByStatus).toEqual({ 403: 2, 503: 1 });
  });

  it('count a reboot with an open connection as reset', () => {
    expect(counters([...OPEN, boot(3000, 2), sessionClosed(9000, 'ping_timeout')])).toMatchObject({
      disconnects: 1,
      'disconnects.reset': 1,
      board_resets: 1,
    });
  });

  it('are the sum of their causes', () => {
    const story = [
      ...OPEN,
      ...leaves(3000, 'reset'),
      ...opens(4000, 2),
      sessionClosed(5000, 'takeover', 2),
      ...leaves(5001, 'a new word', 2),
      ...opens(6000, 3),
      ...leaves(7000, 'a new word', 3),
    ];
    const { metrics } = collect(story);
    const causes = Object.entries(metrics).filter(([name]) => name.startsWith('disconnects.'));
    expect(causes).toHaveLength(9);
    expect(metrics.disconnects).toBe(3);
    expect(causes.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(3);
  });
});

describe('false disconnects', () => {
  it('are keepalives that kill a channel whose link had been up for their timeout', () => {
    expect(counters([...OPEN, sessionClosed(30_000, 'ping_timeout')])).toMatchObject({ false_disconnects: 1 });
    expect(counters([...OPEN, ...leaves(30_000, 'board_ping_timeout')])).toMatchObject({ false_disconnects: 1 });
  });

  it.each([
    ['the link is down', [linkDown(9000), sessionClosed(30_000, 'ping_timeout')]],
    ['the link has been up for less than the timeout', [linkDown(9000), linkUp(10_001), sessionClosed(30_000, 'ping_timeout')]],
    ['the link came back after the board died', [linkDown(9000), linkUp(20_001), ...leaves(30_000, 'board_ping_timeout')]],
    [
      'the relay has been up for less than the timeout',
      [world(9000, 'relay.down'), world(20_001, 'relay.up'), ...leaves(30_000, 'board_ping_timeout')],
    ],
    ['the board had left the connection', [...leaves(9000, 'wifi_lost'), sessionClosed(30_000, 'ping_timeout')]],
    ['the relay had left the connection', [sessionClosed(9000, 'reset'), ...leaves(30_000, 'board_ping_timeout')]],
    ['the cause is another', [...leaves(30_000, 'reset')]],
  ])('are not counted when %s', (_, story) => {
    expect(collect([...OPEN, ...story]).metrics).toMatchObject({ disconnects: 1, false_disconnects: 0 });
  });

  it('are counted from the timeout on', () => {
    expect(counters([...OPEN, linkDown(9000), linkUp(10_000), sessionClosed(30_000, 'ping_timeout')])).toMatchObject({
      false_disconnects: 1,
    });
  });
});

describe('stalls', () => {
  it('are counted by cause, the worst first, and not in the drain', () => {
    const stall = (atMs: number, cause: string, lateMs: number, board = 0) =>
      ev(atMs, 'loop.stall', { detail: cause, value: lateMs }, board);
    const { stalls } = collect(
      [
        ...[stall(1, 'handler', 1), stall(2, 'connect', 2850), stall(3, 'connect', 40, 1), stall(4, 'handler', 0.5, 1)],
        ...[world(5, 'run.drain'), stall(6, 'handler', 9000)],
      ],
      { settings: { boards: 2 } },
    );
    expect(stalls).toEqual([
      { cause: 'connect', count: 2, worstMs: 2850 },
      { cause: 'handler', count: 2, worstMs: 1 },
    ]);
  });
});

describe('keepalives', () => {
  it('count pings, pongs, bytes and round trips of both sides', () => {
    const { metrics } = collect([
      ...OPEN,
      ev(2000, 'relay.ping', { connection: 1, value: 6 }),
      ev(2030, 'relay.pong', { connection: 1, value: 10, detail: '30.5' }),
      ev(3000, 'ping.sent', { connection: 1, value: 11 }),
      ev(3010, 'relay.ping_answered', { connection: 1, value: 7 }),
      ev(3020, 'pong.received', { connection: 1, value: 20 }),
      ev(4000, 'relay.ping', { connection: 1, value: 6 }),
    ]);
    expect(metrics).toMatchObject({ pings_sent: 3, pongs_received: 2, keepalive_bytes: 40 });
    expect(metrics.ping_rtt_ms).toMatchObject({ count: 2, min: 20, max: 30.5 });
  });
});

describe('Wi-Fi and boots', () => {
  it('count joins, losses, and boots after the first', () => {
    const story = [
      boot(0),
      ev(1000, 'wifi.joined'),
      ev(2000, 'wifi.lost'),
      ev(3000, 'wifi.joined'),
      ev(3500, 'wifi.failed'),
      boot(4000, 2),
      boot(5000, 3),
    ];
    expect(counters(story)).toEqual({ wifi_joins: 2, wifi_losses: 1, board_resets: 2 });
  });
});

describe('detection', () => {
  const noticed = (events: Parameters<typeof collect>[0]) => {
    const { detect_ms, board_detect_ms } = collect(events).metrics;
    return [detect_ms, board_detect_ms].map((value) => (typeof value === 'object' ? [value.count, value.max] : value));
  };

  it('is timed from the silence to either side noticing', () => {
    expect(noticed([...OPEN, linkDown(5000), sessionClosed(20_000, 'ping_timeout'), ...leaves(33_000, 'board_ping_timeout')])).toEqual([
      [1, 15_000],
      [1, 28_000],
    ]);
  });

  it('is not needed for a link that was not silent', () => {
    expect(noticed([...OPEN, sessionClosed(20_000, 'ping_timeout'), ...leaves(33_000, 'reset')])).toEqual([
      [0, null],
      [0, null],
    ]);
  });

  it('is forgotten when the link heals with both ends open', () => {
    expect(noticed([...OPEN, linkDown(5000), linkUp(6000), sessionClosed(20_000, 'ping_timeout'), ...leaves(21_000, 'reset')])).toEqual([
      [0, null],
      [0, null],
    ]);
  });

  it('begins when somebody on the path forgot the connection, which no healing undoes, and is no false disconnect', () => {
    const forgotten = ev(30_000, 'connection.forgotten', { connection: 1, value: 10_000 });
    const { metrics } = collect([...OPEN, forgotten, linkDown(31_000), linkUp(32_000), sessionClosed(60_000, 'ping_timeout')]);
    expect(metrics.detect_ms).toMatchObject({ count: 1, max: 40_000 });
    expect(metrics.false_disconnects).toBe(0);
  });

  it('goes on for the other side when the link heals with one end over', () => {
    expect(
      noticed([...OPEN, linkDown(5000), ...leaves(10_000, 'board_ping_timeout'), linkUp(11_000), sessionClosed(12_000, 'reset')]),
    ).toEqual([
      [1, 7000],
      [1, 5000],
    ]);
    expect(noticed([...OPEN, linkDown(5000), sessionClosed(10_000, 'ping_timeout'), linkUp(11_000), ...leaves(12_000, 'reset')])).toEqual([
      [1, 5000],
      [1, 7000],
    ]);
  });

  it('begins with the first of several reasons and heals with the last', () => {
    const story = [...OPEN, linkDown(5000, 'ap'), linkDown(6000, 'blackhole'), linkUp(7000, 'ap')];
    expect(noticed([...story, sessionClosed(20_000, 'ping_timeout')])[0]).toEqual([1, 15_000]);
    expect(noticed([...story, linkUp(8000, 'blackhole'), sessionClosed(20_000, 'ping_timeout')])[0]).toEqual([0, null]);
  });

  it('begins when the board loses its access point, which it notices at once', () => {
    expect(
      noticed([...OPEN, ev(5000, 'wifi.lost'), ...leaves(5000, 'wifi_lost'), ev(7000, 'wifi.joined'), sessionClosed(9000, 'reset')]),
    ).toEqual([
      [1, 4000],
      [1, 0],
    ]);
  });

  it('begins with a reboot, of which the board knows nothing', () => {
    expect(noticed([...OPEN, boot(5000, 2), sessionClosed(9000, 'reset')])).toEqual([
      [1, 4000],
      [0, null],
    ]);
  });

  it('is not what a relay does that stops', () => {
    expect(noticed([...OPEN, linkDown(5000), world(6000, 'relay.down', 'stop'), sessionClosed(6000, 'shutdown')])[0]).toEqual([0, null]);
  });
});

describe('coming back', () => {
  const timed = (name: 'reconnect_ms' | 'recovery_ms', events: Parameters<typeof collect>[0]) => {
    const value = collect(events).metrics[name];
    return typeof value === 'object' ? [value.count, value.max] : value;
  };

  it('takes from the loss at the board until the channel is open again', () => {
    expect(timed('reconnect_ms', OPEN)).toEqual([0, null]);
    expect(timed('reconnect_ms', [...OPEN, ...leaves(3000, 'reset'), channel(4000, 'waiting', 'refused'), ...opens(6900, 2)])).toEqual([
      1, 4000,
    ]);
    expect(timed('reconnect_ms', [...OPEN, boot(3000, 2), ...opens(3900, 2)])).toEqual([1, 1000]);
  });

  it('takes, after an outage, from the moment the link is up', () => {
    expect(timed('recovery_ms', [...OPEN, linkDown(5000), ...leaves(9000, 'wifi_lost'), linkUp(20_000), ...opens(22_900, 2)])).toEqual([
      1, 3000,
    ]);
  });

  it('takes from the moment the relay is up for all boards', () => {
    const story = [
      ...OPEN,
      world(5000, 'relay.down'),
      sessionClosed(5000, 'shutdown'),
      ...leaves(5010, 'peer_closed'),
      world(8000, 'relay.up'),
      ...opens(8900, 2),
    ];
    expect(timed('recovery_ms', story)).toEqual([1, 1000]);
  });

  it('is measured from the later when link and relay were both down, and from the last when the link flaps', () => {
    const lost = [...OPEN, linkDown(5000), world(6000, 'relay.down'), ...leaves(9000, 'reset')];
    expect(timed('recovery_ms', [...lost, linkUp(10_000), world(12_000, 'relay.up'), ...opens(12_900, 2)])).toEqual([1, 1000]);
    expect(timed('recovery_ms', [...lost, world(10_000, 'relay.up'), linkUp(12_000), ...opens(12_900, 2)])).toEqual([1, 1000]);
    expect(
      timed('recovery_ms', [
        ...OPEN,
        linkDown(5000),
        ...leaves(9000, 'reset'),
        linkUp(10_000),
        linkDown(10_500),
        linkUp(14_000),
        ...opens(14_900, 2),
      ]),
    ).toEqual([1, 1000]);
  });

  it('is not measured for a board that was not down', () => {
    expect(timed('recovery_ms', [...OPEN, ...leaves(9000, 'reset'), linkUp(10_000), ...opens(11_000, 2)])).toEqual([0, null]);
  });

  it('is not measured for a board that slept through the outage, even if it is lost later', () => {
    const slept = [...OPEN, linkDown(5000), linkUp(6000), ev(6500, 'relay.pong', { connection: 1, detail: '5' })];
    expect(timed('recovery_ms', [...slept, ...leaves(50_000, 'reset'), ...opens(51_000, 2)])).toEqual([0, null]);
  });

  it('is measured for a board whose open channel turns out dead before anything got through', () => {
    const woke = [...OPEN, linkDown(5000), linkUp(6000)];
    expect(
      timed('recovery_ms', [...woke, sessionClosed(7000, 'ping_timeout'), ...leaves(7100, 'ping_timeout'), ...opens(8900, 2)]),
    ).toEqual([1, 3000]);
    const gone = [...OPEN, linkDown(5000), sessionClosed(5500, 'ping_timeout'), linkUp(6000), got(6100)];
    expect(timed('recovery_ms', [...gone, ...leaves(7100, 'ping_timeout'), ...opens(8900, 2)])).toEqual([1, 3000]);
  });
});

describe('availability', () => {
  const share = (events: Parameters<typeof collect>[0], boards = 1) =>
    collect(events, { settings: { boards }, endMs: 11_000 }).metrics.channel_availability;

  it('counts from the first open channel to the end', () => {
    expect(share(OPEN)).toBe(1);
    expect(share([...OPEN, ...leaves(6000, 'reset')])).toBe(0.5);
  });

  it.each([
    ['the link is down', [linkDown(2000), linkUp(7000)]],
    ['the relay is down', [world(2000, 'relay.down'), world(7000, 'relay.up')]],
    ['the session is gone', [sessionClosed(2000, 'reset'), ...leaves(2000, 'reset'), ...opens(6900, 2)]],
    ['the session is gone and the board does not know', [sessionClosed(6000, 'reset')]],
    ['the station is lost', [ev(2000, 'wifi.lost'), ev(7000, 'wifi.joined')]],
    ['the connection is forgotten on the way', [ev(6000, 'connection.forgotten', { connection: 1 })]],
    ['the board has rebooted', [boot(2000, 2), ...opens(6900, 2)]],
  ])('counts only time in which data can pass: not while %s', (_, story) => {
    expect(share([...OPEN, ...story])).toBe(0.5);
  });

  it('counts boards that never opened from their boot, as nothing', () => {
    // 10 s of 10 s and 0 s of 10 s; the third never ran.
    expect(share([...OPEN, boot(1000, 1, 1)], 3)).toBe(0.5);
    expect(share([boot(0)])).toBe(0);
    expect(share([])).toBe(0);
  });

  it('is told per board, and as a curve over all boards', () => {
    const { boards, availability } = collect([...OPEN, boot(0, 1, 1), ...opens(2400, 1, 1), ...leaves(3000, 'reset')], {
      settings: { boards: 2 },
      endMs: 4500,
    });
    expect(boards.map((board) => board.availability)).toEqual([0.571429, 1]);
    expect(availability).toEqual({ stepMs: 1000, share: [0, 0.5, 0.75, 0.5, 0.5] });
  });

  it('has a curve of at most 600 points, whatever the duration', () => {
    const day = 86_400_000;
    for (const durationMs of [1, 600_000, 600_001, day, 30 * day, 5000 * day]) {
      const availability = new Availability(1, durationMs);
      availability.set(0, 0, true);
      const { stepMs, share } = availability.curve(usFromMs(durationMs));
      expect(share.length).toBeLessThanOrEqual(600);
      expect(share.length * stepMs).toBeGreaterThanOrEqual(durationMs);
      expect(new Set(share)).toEqual(new Set([1]));
    }
  });
});

describe('the timeline of a board', () => {
  it('tells its states and why each ended', () => {
    const { boards } = collect(
      [boot(500), ...opens(900), linkDown(5000), ...leaves(9000, 'board_ping_timeout'), linkUp(9500), ...opens(9900, 2)],
      { endMs: 12_000 },
    );
    expect(boards[0].timeline.map(({ fromMs, state, cause }) => [fromMs, state, cause])).toEqual([
      [0, 'off', ''],
      [500, 'wifi', ''],
      [900, 'tcp', ''],
      [940, 'handshake', ''],
      [1000, 'open', ''],
      [5000, 'dead', 'blackhole'],
      [9000, 'waiting', 'board_ping_timeout'],
      [9900, 'tcp', ''],
      [9940, 'handshake', ''],
      [10_000, 'open', ''],
    ]);
    expect(boards[0].timeline.at(-1)?.toMs).toBe(12_000);
  });
});

describe('outages', () => {
  it('span all boards that share a reason, and count them', () => {
    const { outages } = collect(
      [linkDown(1000, 'ap', 0), linkDown(1000, 'ap', 1), linkDown(1500, 'blackhole', 1), linkUp(2000, 'ap', 0), linkUp(2500, 'ap', 1)],
      {
        settings: { boards: 2 },
        endMs: 3000,
      },
    );
    expect(outages).toEqual([
      { fromMs: 1000, toMs: 2500, label: 'ap', boards: 2 },
      { fromMs: 1500, toMs: 3000, label: 'blackhole', boards: 1 },
    ]);
  });

  it('include the relay, which touches everyone', () => {
    const { outages } = collect([world(1000, 'relay.down', 'stop'), world(2000, 'relay.up'), world(2500, 'relay.down')], {
      settings: { boards: 5 },
      endMs: 3000,
    });
    expect(outages).toEqual([
      { fromMs: 1000, toMs: 2000, label: 'relay stop', boards: 5 },
      { fromMs: 2500, toMs: 3000, label: 'relay down', boards: 5 },
    ]);
  });
});

describe('errors', () => {
  const threw = (atMs: number, detail: string, board = 0, subject = 'app.ts:4') => ev(atMs, 'board.error', { subject, detail }, board);

  it('are told apart by message and place, the most frequent first, and count during the drain too', () => {
    const { errors, metrics } = collect(
      [
        threw(10, 'a'),
        threw(20, 'b', 0),
        threw(30, 'b', 1),
        threw(40, 'b', 1),
        threw(50, 'b', 1, 'app.ts:9'),
        world(60, 'run.drain'),
        threw(70, 'a', 1),
      ],
      { settings: { boards: 2 }, endMs: 100 },
    );
    expect(errors).toEqual([
      { message: 'b', at: 'app.ts:4', count: 3, boards: 2, board: 0, first_ms: 20 },
      { message: 'a', at: 'app.ts:4', count: 2, boards: 2, board: 0, first_ms: 10 },
      { message: 'b', at: 'app.ts:9', count: 1, boards: 1, board: 1, first_ms: 50 },
    ]);
    expect(metrics.board_errors).toBe(6);
  });

  it('of more kinds than are told apart are all counted', () => {
    const { errors, metrics } = collect(
      Array.from({ length: 50 }, (_, index) => threw(index, `value ${index}`)),
      { endMs: 100 },
    );
    expect(errors).toHaveLength(ERROR_KINDS_MAX);
    expect(metrics.board_errors).toBe(50);
  });

  it('that end a board end its connections, which nobody takes for lost by a keepalive', () => {
    const { metrics } = collect([...OPEN, threw(5000, 'a'), ev(5000, 'board.ended'), sessionClosed(30_000, 'ping_timeout')], {
      endMs: 40_000,
    });
    expect(metrics['disconnects.reset']).toBe(1);
    expect(metrics.false_disconnects).toBe(0);
    expect(metrics.detect_ms).toMatchObject({ count: 1, max: 25_000 });
  });
});

describe('progress', () => {
  it('tells boards whose channel carries data, and reconnects', () => {
    const collector = new Collector({ boards: 1, durationMs: 1000, relayPingTimeoutMs: 0, boardPingTimeoutsMs: [0] });
    for (const event of OPEN) collector.on(event);
    expect(collector.progress()).toEqual({ boardsOnline: 1, reconnects: 0 });
    for (const event of leaves(3000, 'reset')) collector.on(event);
    expect(collector.progress()).toEqual({ boardsOnline: 0, reconnects: 0 });
    for (const event of opens(4000, 2)) collector.on(event);
    expect(collector.progress()).toEqual({ boardsOnline: 1, reconnects: 1 });
  });
});
