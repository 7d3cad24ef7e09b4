/** `--trust-proxy` of the relay's command line: whose word about the clients behind them counts. */
import { listFlag } from 'host/command-line';
import { parseNetwork } from '../admission/forwarded.ts';

export const PROXY_FLAG = listFlag<string[]>({
  about: 'Reverse proxies that are believed who their clients are (X-Forwarded-For, -Host, -Proto); again for more',
  expected: 'addresses or networks such as 127.0.0.1 or 10.0.0.0/8 with commas between them',
  parse: parseList,
});

function parseList(text: string): string[] | null {
  const networks = text.split(',').map((word) => word.trim());
  return networks.every((network) => parseNetwork(network) !== null) ? networks : null;
}
