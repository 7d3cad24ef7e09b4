/**
 * A relay with a console on a port, and boards at it, for tests with a browser. Whatever is started here ends
 * with the test.
 */
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { type ConsoleParts, createConsole } from '../console/console.ts';
import { NULL_LOG } from '../log.ts';
import { createRelay, type Relay } from '../relay.ts';
import { createRealClock } from '../server/real-clock.ts';
import { listen } from '../server/server.ts';

export async function startRelay(port = 0, parts: Partial<ConsoleParts> = {}, changes: Partial<RelayConfig> = {}) {
  const clock = createRealClock();
  const operations = { kick: (id: string): boolean => relay.kick(id) };
  const config = { ...DEFAULT_CONFIG, closeTimeoutMs: 200, ...changes };
  const console = createConsole({ clock, epochMs: Date.now, config, token: null, operations, ...parts });
  const { observer, pages, upgrades } = console;
  const relay: Relay = createRelay({ clock, epochMs: Date.now, random: Math.random, config, log: NULL_LOG, observer, pages, upgrades });
  const address = await listen(relay.server, '127.0.0.1', port);
  console.start();
  const stop = async () => {
    console.close();
    await relay.close();
  };
  onTestFinished(stop);
  return { relay, console, stop, port: address.port, url: `http://127.0.0.1:${address.port}/` };
}

export async function connectBoard(port: number, id: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${id}`);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  onTestFinished(() => socket.terminate());
  return { socket, heard, closed };
}

export async function waitForText(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor();
}
