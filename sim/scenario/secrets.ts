/**
 * What of a device's config must not get into recordings and command lines, which are made to be passed on:
 * user info and query of its server's URL, and the values of its headers. In their places stand as many
 * asterisks, so that requests are as long as before and a recording gives the same run again.
 */
import { parseServerUrl } from 'firmware/server-url';
import { isMapping } from 'host/is-mapping';
import type { BoardSettings, Scenario } from './scenario.ts';

/** Lower-case names whose values are no secrets, and may decide whether a relay lets the boards in. */
const PUBLIC_HEADERS: readonly string[] = ['origin', 'user-agent'];

export function withoutSecrets(config: Record<string, unknown>): Record<string, unknown> {
  const { server, headers } = config;
  return {
    ...config,
    ...(typeof server === 'string' ? { server: urlWithoutSecrets(server) } : {}),
    ...(isMapping(headers) ? { headers: Object.fromEntries(Object.entries(headers).map(maskedHeader)) } : {}),
  };
}

/** The same run, but for what its boards say of secrets: for a file that shows what they say. */
export function scenarioWithoutSecrets(scenario: Scenario): Scenario {
  const { boards, fleet } = scenario;
  return { ...scenario, boards: masked(boards), fleet: fleet.map((group) => ({ ...group, boards: masked(group.boards) })) };
}

function masked(boards: BoardSettings): BoardSettings {
  return { ...boards, config: { ...boards.config, ...withoutSecrets({ ...boards.config }) } };
}

/** One that is wrong is left as it is: nobody gets further with it than to a message. */
export function urlWithoutSecrets(url: string): string {
  const parts = parseServerUrl(url);
  if (parts === null) return url;
  const { userInfo, query } = parts;
  // What is percent-encoded is one byte of the request.
  const user = userInfo.replace(/%..|[^:]/g, '*');
  const rest = url.slice(0, url.length - query.length).replace(`//${userInfo}@`, () => `//${user}@`);
  return rest + query.slice(0, 1) + query.slice(1).split('&').map(maskedParameter).join('&');
}

function maskedHeader([name, value]: [string, unknown]): [string, unknown] {
  return [name, PUBLIC_HEADERS.includes(name.toLowerCase()) ? value : '*'.repeat(String(value).length)];
}

function maskedParameter(parameter: string): string {
  const at = parameter.indexOf('=') + 1;
  return parameter.slice(0, at) + '*'.repeat(parameter.length - at);
}
