/** Relays on a virtual clock that are the nodes of one cluster, with a backplane in memory. */
import { Cluster, type ClusterDependencies } from '../cluster/cluster.ts';
import { type MemoryBackplane, MemoryBus } from '../cluster/memory-backplane.ts';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import { createRelay, type Relay } from '../relay.ts';
import { MemoryConnection } from './memory-connection.ts';
import { TestClient } from './test-client.ts';
import { EPOCH_MS, upgradeRequest } from './test-relay.ts';
import { VirtualClock } from './virtual-clock.ts';

const LATENCY_MS = 1;
/** The nodes have met. */
const MET_MS = 3_000;

export interface TestNode {
  relay: Relay;
  cluster: Cluster;
  backplane: MemoryBackplane;
  connect(path: string): Promise<TestClient>;
}

export async function createTestCluster(
  count: number,
  config: Partial<RelayConfig> = {},
  whenDown: ClusterDependencies['whenDown'] = 'reject',
): Promise<{ clock: VirtualClock; bus: MemoryBus; nodes: TestNode[] }> {
  const clock = new VirtualClock();
  const bus = new MemoryBus(clock, LATENCY_MS);
  const whole = { ...DEFAULT_CONFIG, pingIntervalMs: 0, ...config };
  const nodes = Array.from({ length: count }, (_, index): TestNode => {
    const backplane = bus.node();
    const cluster = new Cluster({
      clock,
      backplane,
      node: `node-${index}`,
      random: () => index / count,
      duplicateId: whole.duplicateId,
      whenDown,
      maxPayloadBytes: whole.maxPayloadBytes,
      afterTurn: (flush) => clock.setTimeout(flush, 0),
    });
    const relay = createRelay({ clock, epochMs: () => EPOCH_MS, random: () => 0.5, config: whole, log: NULL_LOG, cluster });
    const connect = async (path: string) => {
      const connection = new MemoryConnection();
      relay.server.emit('connection', connection);
      const client = new TestClient(connection);
      await client.sendBytes(upgradeRequest(path));
      await clock.advance(4 * LATENCY_MS);
      return client;
    };
    return { relay, cluster, backplane, connect };
  });
  await clock.advance(MET_MS);
  return { clock, bus, nodes };
}
