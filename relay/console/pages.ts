/**
 * What the console answers to plain HTTP: the page at `/`, its parts under `/console/`, and the form for the
 * token. Files are read once, when first asked for.
 *
 * The parts hold no data and are for everybody; the page itself only for whom the gate lets in. Nothing of a
 * request is ever repeated in an answer.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { KIT_FOLDER } from 'host/kit';
import { type Answer, isReading, type Pages, pathOf } from '../server/http.ts';
import { type Gate, isSameOrigin, type Verdict } from './gate.ts';

const FOLDER = join(KIT_FOLDER, 'relay', 'console', 'page');
const PARTS_PATH = '/console/';
const SIGN_IN_PATH = '/console/sign-in';
const TYPES: Record<string, string> = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
/** What is no page by itself. */
const PART = /\.(css|js|svg)$/;
/** A token and its name. */
const MAX_FORM_BYTES = 1_024;

/**
 * No script or style but the console's own files, no text that becomes markup or code, no frame around it, no
 * word to other servers.
 */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Instead of the page. */
const REFUSALS: Record<Exclude<Verdict, 'ok'>, { status: number; words: string }> = {
  proxy: { status: 403, words: 'The console is for this computer: by a proxy it is for others too, and needs --console-token.' },
  host: { status: 403, words: 'The console is for this computer: open it at 127.0.0.1 or localhost.' },
  origin: { status: 403, words: 'This came from the page of another server.' },
  none: { status: 401, words: '' },
  wrong: { status: 401, words: 'That is not the token.' },
  often: { status: 429, words: 'Too many attempts. Wait a few seconds.' },
};

/** @param read from the disk */
export function createPages(gate: Gate, read: (path: string) => Promise<Buffer> = readFile): Pages {
  const parts = new Set(readdirSync(FOLDER).filter((name) => PART.test(name)));
  const files = new Map<string, Promise<Buffer>>();
  const file = (name: string): Promise<Buffer> => {
    const known = files.get(name);
    if (known !== undefined) return known;
    const content = read(join(FOLDER, name));
    files.set(name, content);
    // For example no file descriptor left: the next one who asks shall have it.
    content.catch(() => files.delete(name));
    return content;
  };
  const send = async (name: string): Promise<Answer> => ({ status: 200, body: await file(name), headers: headersFor(name) });
  const page = async (verdict: Verdict): Promise<Answer> => {
    if (verdict === 'ok') return send('index.html');
    const { status, words } = REFUSALS[verdict];
    if (status === 403) return { status, body: `${words}\n`, headers: HEADERS };
    const form = String(await file('sign-in.html')).replace('<!-- words -->', words);
    return { status, body: form, headers: headersFor('sign-in.html') };
  };
  const enter = async (request: IncomingMessage, token: string): Promise<Answer> => {
    const verdict = gate.judgeToken(request, token);
    return verdict === 'ok' ? entered(gate.cookie(request)) : page(verdict);
  };
  return (request) => {
    const path = pathOf(request.url);
    if (gate.asks && path === SIGN_IN_PATH && request.method === 'POST')
      return isSameOrigin(request) ? signIn(request, enter) : page('origin');
    if (!isReading(request)) return null;
    if (path === '/') {
      const token = queryToken(request);
      return token === null || !gate.asks ? page(gate.judge(request)) : enter(request, token);
    }
    const part = path.startsWith(PARTS_PATH) ? path.slice(PARTS_PATH.length) : '';
    return parts.has(part) ? send(part) : null;
  };
}

function headersFor(name: string): Record<string, string> {
  return { ...HEADERS, 'Content-Type': `${TYPES[name.slice(name.lastIndexOf('.') + 1)]}; charset=utf-8` };
}

/** To the page's own address, so that the token is not in it. */
function entered(cookie: string): Answer {
  return { status: 303, body: '', headers: { ...HEADERS, Location: '/', 'Set-Cookie': cookie } };
}

function queryToken({ url = '' }: IncomingMessage): string | null {
  const query = url.indexOf('?');
  return query < 0 ? null : new URLSearchParams(url.slice(query)).get('token');
}

async function signIn(request: IncomingMessage, enter: (request: IncomingMessage, token: string) => Promise<Answer>): Promise<Answer> {
  let form = '';
  // Read to its end, as otherwise the answer would not arrive; one that never ends meets the relay's
  // deadline.
  for await (const chunk of request) if (form.length <= MAX_FORM_BYTES) form += chunk;
  if (form.length > MAX_FORM_BYTES) return { status: 413, body: 'expected a token\n', headers: HEADERS };
  return enter(request, new URLSearchParams(form).get('token') ?? '');
}
