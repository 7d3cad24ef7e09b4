/**
 * The scenario and the settings that `tune` takes when it is given none.
 *
 * The world holds what the usual goals are about: links that lose packets in bursts, connections that die in
 * silence (`detect_ms`), a relay that restarts (`recovery_ms`). An outage lasts longer than any of the
 * settings takes to notice: what heals unnoticed has no detection time.
 */

/** A document (scenario/document/schema.ts). */
export const TUNE_WORLD: Record<string, unknown> = {
  version: 1,
  name: 'bad-wifi',
  about: 'Links lose packets in bursts, connections die in silence, and the relay restarts once.',
  duration: '6m',
  relay: { mode: 'echo' },
  boards: { count: 10 },
  link: { latency: '40ms', jitter: '20ms', loss: 0.05, burst: 4 },
  // Ten boards that echo take two hundredths of an air: what is searched for is not there.
  air: 'private',
  steps: [
    { at: '1m', action: 'link.blackhole', boards: '50%', for: '75s' },
    { at: '3m', action: 'link.blackhole', boards: '50%', for: '75s' },
    { at: '5m', action: 'relay.restart', for: '5s' },
  ],
  checks: ['one-session-per-id'],
};

/**
 * From what is nervous to what libraries have as their default, about half as much again from one to the
 * next.
 */
export const TUNE_SPACE: Record<string, readonly unknown[]> = {
  'relay.ping_interval': ['2s', '3s', '5s', '7s', '10s', '15s', '20s', '30s'],
  'relay.ping_timeout': ['1s', '2s', '3s', '5s', '7s', '10s', '15s', '20s'],
  'boards.board_ping_interval': ['15s', '25s', '45s'],
  'boards.board_ping_timeout': ['5s', '10s'],
  'boards.backoff.max': ['10s', '60s'],
};
