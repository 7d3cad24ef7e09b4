/** The title of a figure: what it shows, in words made from the numbers. */
import { formatMetric } from '../../measure/format-metric.ts';
import { cellName } from '../labels.ts';
import type { StudyTable } from '../sweep/table.ts';

/** By metric, or by the distribution that a metric is a figure of. What is not here goes by its name. */
const PHRASES: Record<string, string> = {
  board_detect_ms: 'A board finds its dead link after',
  broadcast_latency_ms: 'A broadcast reaches a board after',
  channel_availability: 'Channels are available',
  connect_failures: 'Attempts to connect in vain:',
  connects_per_s_peak: 'Connects per second, at most:',
  detect_ms: 'The relay finds a dead link after',
  'disconnects.ping_timeout': 'Connections that the relay’s keepalive ended:',
  'disconnects.refused_duplicate': 'Boards refused as duplicates of themselves:',
  false_disconnects: 'False disconnects:',
  keepalive_bytes: 'Bytes for the keepalive:',
  main_loop_stall_ms: 'The main loop is held up for',
  message_latency_ms: 'A message reaches the relay after',
  ping_rtt_ms: 'A ping is answered after',
  reconnect_ms: 'A lost channel is open again after',
  recovery_ms: 'After an outage, boards are back after',
  tcp_retransmits: 'Segments sent again:',
};

/** `The relay finds a dead link after 3 s (2s · 2s) to 50 s (60s · 20s), mean` */
export function findingOf({ cells }: StudyTable, metric: string): string {
  const [, figure, distribution] = /^(\w+)\((.*)\)$/.exec(metric) ?? [];
  const phrase = PHRASES[distribution ?? metric] ?? `${distribution ?? metric}:`;
  const means = cells.map((cell) => cell.metrics[metric].mean).filter((mean) => mean !== null);
  if (means.length === 0) return `${metric}: no cell has a sample`;
  const [least, most] = [Math.min(...means), Math.max(...means)].map(
    (end) => `${formatMetric(metric, end)} (${whoHas(cells, metric, end)})`,
  );
  return `${phrase} ${least} to ${most}${figure === undefined ? '' : `, ${figure}`}`;
}

/** `none · 30s and 3 more` */
function whoHas(cells: StudyTable['cells'], metric: string, mean: number): string {
  const [first, ...more] = cells.filter((cell) => cell.metrics[metric].mean === mean);
  return `${cellName(first.parameters)}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}

/** Cells that a title has room for. */
const MAX_NAMED = 4;

/**
 * `Of 24 settings none beats these 3 in both …: …` @param front names of cells, in the order of the first
 * metric
 */
export function tradeOffFinding(front: readonly string[], cells: number, [x, y]: readonly [string, string]): string {
  const more = front.length > MAX_NAMED ? ` and ${front.length - MAX_NAMED} more` : '';
  return `Of ${cells} settings none beats these ${front.length} in both ${x} and ${y}: ${front.slice(0, MAX_NAMED).join(', ')}${more}`;
}
