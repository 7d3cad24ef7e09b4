/** AWS's common runtime, MQTT 5, as its SDKs for devices use it. */
import { seconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const AWS_CRT_MQTT5: ClientPreset = {
  about: 'AWS CRT, MQTT 5 (awslabs/aws-c-mqtt d699fe4e)',
  settings: {
    board_ping_interval: ['1200s', 'include/aws/mqtt/private/v5/mqtt5_utils.h:78, keep alive'],
    board_ping_timeout: ['30s', 'include/aws/mqtt/private/v5/mqtt5_utils.h:80, ping timeout'],
    'backoff.kind': ['exponential', 'source/v5/mqtt5_client.c:1322'],
    'backoff.min': ['1s', 'include/aws/mqtt/private/v5/mqtt5_utils.h:81'],
    'backoff.max': ['120s', 'include/aws/mqtt/private/v5/mqtt5_utils.h:82'],
    'backoff.jitter': ['full', 'source/v5/mqtt5_client.c:1340, AWS_EXPONENTIAL_BACKOFF_JITTER_FULL'],
  },
  keepaliveMs: (intervalMs) => intervalMs,
  cannot: {},
  seconds: ['board_ping_interval'],
  notModelled: [
    'full jitter begins at 0 there, at the least wait here',
    'it pings every keepalive, also when it has heard something; here only after silence',
    'MQTT’s packets: a ping is 2 bytes there, 6 and an id here',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'device.py',
    lines: [
      'mqtt5_client_builder.mtls_from_path(',
      `    connect_options=mqtt5.ConnectPacket(keep_alive_interval_sec=${seconds(keepalive.ping_interval_ms)}),`,
      `    ping_timeout_ms=${keepalive.ping_timeout_ms},`,
      `    retry_jitter_mode=mqtt5.ExponentialBackoffJitterMode.${backoff.jitter === 'equal' ? 'FULL' : backoff.jitter.toUpperCase()},`,
      `    min_reconnect_delay_ms=${backoff.min_ms},`,
      `    max_reconnect_delay_ms=${backoff.kind === 'fixed' ? backoff.min_ms : backoff.max_ms},`,
      '    …)',
    ],
  }),
};
